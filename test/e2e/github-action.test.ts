// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub Actions have this form
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { plainEnvironment } from './start-gate.ts';

// The scripts of the action, started as the runner starts them, with inputs that a pull request could choose.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wheelgate-action-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const hasBash = spawnSync('bash', ['--version']).status === 0;
const skip = !hasBash && 'no bash here';

type Job = { readonly code: number | null; readonly log: string; readonly output: string; readonly summary: string };

let jobs = 0;
function runAudit(env: Readonly<Record<string, string>>, cwd: string): Job {
  const temp = join(folder, `job-${jobs++}`);
  mkdirSync(temp);
  const [output, summary] = [join(temp, 'output'), join(temp, 'summary')];
  for (const path of [output, summary]) writeFileSync(path, '');
  const run = spawnSync('bash', [join(ROOT, 'ci/github/audit.sh')], {
    cwd,
    encoding: 'utf8',
    env: {
      ...plainEnvironment(),
      GITHUB_ACTION_PATH: ROOT,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
    },
  });
  const read = (path: string) => readFileSync(path, 'utf8');
  return { code: run.status, log: run.stdout + run.stderr, output: read(output), summary: read(summary) };
}

/** A program in place of Wheelgate that writes down its arguments and gives a report. */
function recorder(code: number, stderr = ''): { program: string; args(): readonly string[] } {
  const program = join(folder, `recorder-${jobs}`);
  const log = `${program}.json`;
  writeFileSync(
    program,
    `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
writeFileSync(${JSON.stringify(log)}, JSON.stringify(args));
for (const arg of args) if (arg.startsWith('--also=')) writeFileSync(arg.split('=')[2], 'report of ' + arg.split('=')[1] + '\\n');
process.stderr.write(${JSON.stringify(stderr)});
process.exit(${code});
`,
  );
  chmodSync(program, 0o755);
  return { program, args: () => JSON.parse(readFileSync(log, 'utf8')) as string[] };
}

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned #',
  '--help',
  '-rf',
  "a'b",
  'a"b',
  '*',
  ' two  words ',
  '\\',
];

test('inputs reach the program as they are, and are never run', { skip }, () => {
  const cwd = join(folder, 'hostile');
  mkdirSync(cwd);
  for (const hostile of HOSTILE) {
    const { program, args } = recorder(0);
    const inputs = ['FAIL_ON', 'PYTHON', 'PLATFORM', 'MAX_DATA_AGE', 'BASELINE'].map((name) => [
      `INPUT_${name}`,
      hostile,
    ]);
    const { code, log } = runAudit(
      { ...Object.fromEntries(inputs), INPUT_PATHS: `${hostile}\n\nrequirements.txt\n`, WHEELGATE_PROGRAM: program },
      cwd,
    );
    assert.equal(code, 0, log);
    const given = args();
    for (const option of ['--fail-on', '--python', '--platform', '--max-data-age', '--baseline']) {
      assert.ok(given.includes(`${option}=${hostile}`), `${option} ${hostile}`);
    }
    assert.deepEqual(given.slice(given.indexOf('--')), ['--', hostile, 'requirements.txt']);
    assert.equal(existsSync(join(cwd, 'pwned')), false);
  }
});

test('without inputs everything here is audited, and every report is an output', { skip }, () => {
  const { program, args } = recorder(1);
  const { code, output, summary } = runAudit({ WHEELGATE_PROGRAM: program }, folder);
  assert.equal(code, 0, 'a later step fails the job');
  assert.deepEqual(
    args().filter((arg) => !arg.startsWith('--also=')),
    ['audit', '--format=github', '--within=.', '--', '.'],
  );
  assert.deepEqual(
    output.split('\n').map((line) => line.split('=')[0]),
    ['exit-code', 'markdown', 'sarif', 'cyclonedx', 'json', ''],
  );
  assert.match(output, /^exit-code=1$/m);
  assert.equal(summary, 'report of markdown\n');
});

test('what the program says is no command of the runner', { skip }, () => {
  const { program } = recorder(0, 'warning: ::error::x ##[stop-commands]y\n::set-output name=exit-code::9\n');
  const { log } = runAudit({ WHEELGATE_PROGRAM: program }, folder);
  const [, token, said] = /^::stop-commands::([0-9a-f]{32})\n([\s\S]*)::\1::$/m.exec(log) ?? [];
  assert.ok(token, log);
  assert.match(said!, /::set-output name=exit-code::9/);
  assert.doesNotMatch(log.replace(said!, ''), /set-output|##\[/);
});

test('an audit without a report fails by itself', { skip }, () => {
  const program = join(folder, 'broken');
  writeFileSync(program, '#!/bin/sh\nexit 4\n');
  chmodSync(program, 0o755);
  const { code, output } = runAudit({ WHEELGATE_PROGRAM: program }, folder);
  assert.deepEqual([code, output], [4, 'exit-code=4\n']);
});

test('the real program annotates the lines that a pull request added', { skip }, () => {
  const origin = join(folder, 'origin');
  const clone = join(folder, 'clone');
  const git = (cwd: string, ...args: readonly string[]) => {
    const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const run = spawnSync('git', [...settings, ...args], { cwd, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  };
  mkdirSync(origin);
  git(origin, 'init', '-q', '-b', 'main');
  writeFileSync(join(origin, 'requirements.txt'), 'flask==2.2.2\n');
  git(origin, 'add', '.');
  git(origin, 'commit', '-q', '-m', 'x');
  git(folder, 'clone', '-q', origin, clone);
  writeFileSync(join(folder, 'secret.txt'), 'hunter2\n');
  const leaks = '-r ../secret.txt\n-r .git/config\n-r link.txt\n';
  symlinkSync('../secret.txt', join(clone, 'link.txt'));
  writeFileSync(join(clone, 'requirements.txt'), `flask==2.2.2\n::error::x==1\njinja2==2.10\n${leaks}`);
  const { code, log, output, summary } = runAudit(
    { WHEELGATE_PROGRAM: join(ROOT, 'bin/wheelgate.js'), GITHUB_BASE_REF: 'main', INPUT_PATHS: 'requirements.txt' },
    clone,
  );
  assert.equal(code, 0, log);
  assert.match(output, /^exit-code=1$/m);
  assert.match(log, /^::error file=requirements\.txt,line=3,title=jinja2 2\.10::/m);
  assert.doesNotMatch(log, /title=flask|^::error::x/m);
  assert.doesNotMatch(log + summary, /hunter2|repositoryformatversion/, 'files of the runner are not quoted');
  assert.match(log, /^::error file=requirements\.txt,line=4,title=Unreadable::/m);
  assert.match(summary, /^<!-- wheelgate-audit -->\n/);
  assert.match(summary, /\| jinja2 2\.10 \| new \|/);
});

type Call = { readonly method: string; readonly path: string; readonly body: unknown; readonly auth: string };
type Comment = { readonly id: number; readonly body: string; readonly user: { readonly type: string } };

/** The part of GitHub's API that the comment needs. */
async function comment(env: Readonly<Record<string, string>>, there: readonly Comment[], status = 200) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      calls.push({ method, path: url, body: text && JSON.parse(text), auth: headers.authorization ?? '' });
      response.statusCode = status;
      response.end(JSON.stringify(method === 'GET' ? (url.endsWith('page=1') ? there : []) : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const event = join(folder, 'event.json');
  const file = join(folder, 'comment.md');
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
  writeFileSync(file, '<!-- wheelgate-audit -->\nnews\n');
  const child = spawn(process.execPath, [join(ROOT, 'ci/github/comment.js')], {
    env: {
      ...plainEnvironment(),
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_EVENT_PATH: event,
      GITHUB_TOKEN: 'secret',
      INPUT_FILE: file,
      INPUT_EXIT_CODE: '1',
      ...env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  server.close();
  return { code, log, calls, changes: calls.filter(({ method }) => method !== 'GET') };
}

const OURS: Comment = { id: 3, body: '<!-- wheelgate-audit -->\nold', user: { type: 'Bot' } };

test('the comment is written once and edited from then on', async () => {
  const first = await comment({}, []);
  assert.deepEqual(
    first.changes.map(({ method, path, body, auth }) => [method, path, body, auth]),
    [['POST', '/repos/acme/app/issues/7/comments', { body: '<!-- wheelgate-audit -->\nnews\n' }, 'Bearer secret']],
  );
  const someone = { ...OURS, id: 2, user: { type: 'User' } };
  const again = await comment({ INPUT_EXIT_CODE: '0' }, [someone, OURS]);
  assert.deepEqual(
    again.changes.map(({ method, path }) => `${method} ${path}`),
    ['PATCH /repos/acme/app/issues/comments/3'],
    'what a person wrote stays theirs',
  );
  assert.deepEqual((await comment({ INPUT_EXIT_CODE: '0' }, [someone])).changes, [], 'nothing to say');
  assert.equal((await comment({ INPUT_EXIT_CODE: '0', INPUT_COMMENT: 'always' }, [])).changes.length, 1);
});

test('a token that may not write is no failure', async () => {
  const { code, log } = await comment({}, [], 403);
  assert.equal(code, 0);
  assert.match(log, /^::notice title=Wheelgate::No comment was written \(GET .*: 403\)\.\n$/);
  assert.doesNotMatch(log, /secret/);
});

type Step = { readonly run?: string; readonly shell?: string };

test('no script of the action holds an expression', () => {
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    readonly runs: { readonly steps: readonly Step[] };
    readonly inputs: Readonly<Record<string, { readonly description: string }>>;
  };
  const scripts = action.runs.steps.filter(({ run }) => run !== undefined);
  assert.ok(scripts.length >= 3);
  for (const { run, shell } of scripts) {
    assert.doesNotMatch(run!, /\$\{\{/);
    assert.equal(shell, 'bash');
  }
  for (const [name, { description }] of Object.entries(action.inputs)) assert.ok(description, name);
});

test('the template of GitLab and the hook of pre-commit are what they claim', () => {
  const gitlab = parse(readFileSync(join(ROOT, 'ci/gitlab/wheelgate-audit.yml'), 'utf8'));
  const job = gitlab['wheelgate-audit'];
  assert.deepEqual(Object.keys(job.artifacts.reports), ['junit', 'cyclonedx']);
  const script = String(job.script[0]);
  // Every variable stands in quotes: what it holds is one argument.
  assert.doesNotMatch(script.replace(/"[^"]*"/g, ''), /\$[A-Z{]/);
  const [hook] = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
  const files = new RegExp(hook.files.replace('(?x)', '').replace(/\s/g, ''));
  for (const [path, wanted] of [
    ['requirements.txt', true],
    ['a/requirements-dev.txt', true],
    ['a/uv.lock', true],
    ['pylock.toml', true],
    ['pylock.dev.toml', true],
    ['src/main.py', false],
    ['notes.txt', false],
  ] as const) {
    assert.equal(files.test(path), wanted, path);
  }
});
