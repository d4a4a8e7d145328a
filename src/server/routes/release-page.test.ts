import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { aReview, aReviewedFile } from '../../../test/builders/a-review.ts';
import type { AdvisoryMatch } from '../../core/advisories/match.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parsePolicy } from '../../core/policy/policy.ts';
import type { Reason, Verdict } from '../../core/policy/verdict.ts';
import { parseProjectName } from '../../core/python/name.ts';
import type { Review } from '../../core/review/review.ts';
import type { ReleaseExplanation } from '../../gate/explain-release.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { createReleasePage, type ReleasePageNeeds } from './release-page.ts';

const policy = parsePolicy('');
const index: ServedIndex = { name: 'default', upstreams: [], policy: () => policy };
const EVIL = '<img src=x onerror=alert(1)>\u202e';

type Page = { readonly status: number; readonly text: string; readonly headers: Headers };

/** What a browser gets for `/r/alpha/1.0`. */
async function pageOf(
  explainRelease: ReleasePageNeeds['explainRelease'],
  on: ServedIndex = index,
  review?: Review,
): Promise<Page> {
  const findReview = async () => review;
  const dataDates = async () => ({ malware: new Date('2026-06-14'), vulnerabilities: new Date('2024-10-10') });
  const page = createReleasePage({ explainRelease, findReview, dataDates, indexes: [on], publicUrl: undefined });
  const server = createServer((request, response) => {
    page.release(on, 'alpha', '1.0', 200, request, response).catch(() => response.writeHead(500).end('thrown'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/r/alpha/1.0`);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  } finally {
    server.close();
  }
}

function explanation(verdict: Verdict, advisories: readonly AdvisoryMatch[] = []): ReleaseExplanation {
  return {
    project: parseProjectName('alpha'),
    version: '1.0',
    upstream: 'http://upstream/simple/',
    policyRevision: policy.revision,
    files: [
      {
        filename: 'alpha-1.0-py3-none-any.whl',
        path: 'packages/x',
        verdict,
        advisories,
        inspected: false,
        hasProvenance: false,
      },
    ],
    offered: [],
  };
}

const of = (...reasons: Reason[]): Verdict => ({
  kind: reasons.some(({ effect }) => effect === 'block') ? 'block' : 'hold',
  reasons,
});
const young: Reason = { rule: 'cooldown', effect: 'hold', message: 'uploaded 2 days ago' };
const unseen: Reason = { rule: 'evidence', effect: 'hold', message: 'not inspected yet', pending: true };
const malware: Reason = { rule: 'known-malicious', effect: 'block', message: 'reported as malware: MAL-1' };

for (const [why, verdict, shown, approvable] of [
  ['a held file can be approved', of(young), 'class="hold"', true],
  ['a file that nobody asked for is offered, so it is not called held', of(unseen), 'not seen yet', false],
  ['unseen and young is young', of(young, unseen), 'class="hold"', true],
  [
    'a denied file can be approved again',
    of({ rule: 'denial', effect: 'block', message: 'denied here' }),
    'class="block"',
    true,
  ],
  ['an approval that would change nothing is not proposed', of(malware), 'class="block"', false],
] as const) {
  test(why, async () => {
    const { status, text } = await pageOf(async () => explanation(verdict));
    assert.equal(status, 200);
    assert.ok(text.includes(shown), text);
    assert.equal(text.includes('wheelgate approve "pkg:pypi/alpha@1.0"'), approvable);
  });
}

test('says of when malware and vulnerability data are, each by itself', async () => {
  const { text } = await pageOf(async () => explanation({ kind: 'allow', reasons: [] } as unknown as Verdict));
  assert.match(text, /Advisory data: malware of 2026-06-14, vulnerabilities of 2024-10-10\./);
});

test('names the index in the commands of another index than the default one', async () => {
  const { text } = await pageOf(async () => explanation(of(young)), { ...index, name: 'ml' });
  assert.ok(text.includes('"pkg:pypi/alpha@1.0" --index ml'), text);
});

test('shows text from advisories and file names as text', async () => {
  const match: AdvisoryMatch = {
    id: 'PYSEC-1',
    aliases: [EVIL],
    kind: 'vulnerability',
    summary: EVIL,
    matchedBy: 'listed',
    confidence: 'high',
    fixed: [],
    open: true,
  };
  const { files, ...rest } = explanation(of(young), [match]);
  const { text, headers } = await pageOf(async () => ({
    ...rest,
    files: files.map((file) => ({ ...file, filename: `alpha-1.0-${EVIL}.whl` })),
  }));
  assert.ok(!text.includes('<img') && !text.includes('\u202e'), text);
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
});

for (const [why, explain, status, says] of [
  ['an unknown project', async () => 'absent' as const, 404, 'no upstream of this index has alpha'],
  ['a reserved name', async () => 'reserved' as const, 404, 'alpha is a reserved name'],
  [
    'an upstream that is down',
    async () => {
      throw new WheelgateError('UPSTREAM_FAILED', 'upstream is down', 'Try again.');
    },
    503,
    'upstream is down',
  ],
] as const) {
  test(`answers ${why} with a page for people`, async () => {
    const page = await pageOf(explain);
    assert.equal(page.status, status);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.ok(page.text.includes(`<h1>${says}</h1>`), page.text);
  });
}

test('leaves an error of our own to the server', async () => {
  const { status, text } = await pageOf(async () => {
    throw new TypeError('bug');
  });
  assert.deepEqual([status, text], [500, 'thrown']);
});

test('a review shows where it stands and what it takes, but not who asked', async () => {
  const files = [aReviewedFile({ causes: ['native-code'] })];
  const page = await pageOf(async () => explanation(of(young)), index, aReview({ files }));
  assert.match(page.text, /Review r1: open/);
  assert.match(page.text, /1 requester wants this release.*Two people who have not asked for it/);
  assert.match(page.text, /review approve r1 --reason/);
  assert.doesNotMatch(page.text, /user:ana/);
});
