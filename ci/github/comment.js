// Writes the audit's Markdown as one comment on the pull request: edited from run to run, never repeated.
import { readFileSync } from 'node:fs';

const MARK = '<!-- wheelgate-audit -->';
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH, GITHUB_TOKEN } = process.env;
const { INPUT_COMMENT = 'auto', INPUT_EXIT_CODE = '', INPUT_FILE = '' } = process.env;
/** Exit codes of an audit that found nothing and could read everything. */
const QUIET = ['0', '5'];
/** Pages of 100 comments that are searched for ours. */
const MAX_PAGES = 30;

async function ask(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GITHUB_TOKEN}`,
      'user-agent': 'wheelgate',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

/** A person may write the mark too, and nobody's comment is edited but that of a program. */
async function findOwn(number) {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const comments = await ask('GET', `/issues/${number}/comments?per_page=100&page=${page}`);
    const own = comments.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(MARK));
    if (own !== undefined || comments.length < 100) return own;
  }
  return undefined;
}

async function comment() {
  const number = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')).pull_request?.number;
  if (!Number.isSafeInteger(number) || INPUT_FILE === '') return;
  const body = readFileSync(INPUT_FILE, 'utf8');
  const own = await findOwn(number);
  if (own !== undefined) await ask('PATCH', `/issues/comments/${own.id}`, { body });
  else if (INPUT_COMMENT === 'always' || !QUIET.includes(INPUT_EXIT_CODE))
    await ask('POST', `/issues/${number}/comments`, { body });
}

try {
  await comment();
} catch (error) {
  // A pull request from a fork has a token that only reads: the summary and the annotations are there all the same.
  const said = String(error instanceof Error ? error.message : error).replace(/[^\w .:/?=&-]/g, ' ');
  console.log(`::notice title=Wheelgate::No comment was written (${said}).`);
}
