import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FakeIndex } from '../../fakes/fake-index.ts';
import { type StartedGate, startGate } from '../start-gate.ts';
import { POLICY, startScriptedUpstream, YOUNG_REASON } from './scripted-upstream.ts';

// What single clients rely on, asked for by hand, so that it is checked where the clients themselves are not.

let upstream: FakeIndex;
let gate: StartedGate;
before(async () => {
  upstream = await startScriptedUpstream();
  const policy = join(await mkdtemp(join(tmpdir(), 'wheelgate-policy-')), 'policy.toml');
  await writeFile(policy, POLICY);
  gate = await startGate({ upstream: upstream.simpleUrl, env: { WHEELGATE_POLICY: policy } });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, gate.url), { headers, redirect: 'manual' });

type Listed = { readonly filename: string; readonly url: string; readonly 'core-metadata'?: { sha256: string } };

async function listed(project: string): Promise<readonly Listed[]> {
  const page = await get(`/simple/${project}/`, { accept: 'application/vnd.pypi.simple.v1+json' });
  const { files } = (await page.json()) as { files: Listed[] };
  return files.map((file) => ({ ...file, url: new URL(file.url, `${gate.indexUrl}${project}/`).href }));
}

test('metadata is offered with a digest or not at all: PDM takes a refusal for metadata that has none', async () => {
  assert.match((await listed('wants-any'))[0]!['core-metadata']!.sha256, /^[0-9a-f]{64}$/);
  const [plain] = await listed('plain-listing');
  assert.equal(plain!['core-metadata'], undefined);
  assert.equal((await get(plain!.url)).status, 200);
  assert.match((await listed('plain-listing'))[0]!['core-metadata']!.sha256, /^[0-9a-f]{64}$/);
});

test('a release has a document once its metadata is known: PDM takes a missing list for "needs nothing"', async () => {
  assert.equal((await get('/pypi/wants-young/1.0/json')).status, 404);
  const [file] = await listed('wants-young');
  assert.equal((await get(file!.url)).status, 200);
  const document = (await (await get('/pypi/wants-young/1.0/json')).json()) as { info: { requires_dist: string[] } };
  assert.deepEqual(document.info.requires_dist, ['falls-back==2.0']);
  const held = await get('/pypi/falls-back/2.0/json');
  assert.equal(held.status, 403);
  assert.equal(held.statusText, `held by Wheelgate: ${YOUNG_REASON}; ${gate.url}/r/falls-back/2.0`);
});

test('the document of a project is where every pip-tools looks for digests', async () => {
  const expected = await (await get('/pypi/falls-back/json')).text();
  for (const path of ['/falls-back/json', '/simple/pypi/falls-back/json']) {
    const document = await get(path);
    assert.equal(document.status, 200, path);
    assert.equal(await document.text(), expected, path);
  }
});

test('PDM, which shows no phrase and no body, is sent to a URL that tells the reason', async () => {
  const held = (await listed('falls-back')).find(({ filename }) => filename.includes('-2.0-'))!;
  const pdm = { 'user-agent': 'pdm/2.29.3 CPython/3.11.7 Linux' };
  const redirect = await get(held.url, pdm);
  const location = redirect.headers.get('location')!;
  assert.equal(redirect.status, 302);
  assert.ok(
    location.startsWith(`${gate.url}/r/falls-back/2.0?refused=held-by-Wheelgate-uploaded-2-days-ago-`),
    location,
  );
  assert.equal((await get(location, pdm)).status, 403);
  assert.equal((await get('/r/falls-back/2.0')).status, 200);
  assert.equal((await get(`${held.url}.metadata`, pdm)).status, 403);
  assert.equal((await get(held.url)).status, 403);
});

test('a page that is unchanged keeps the form in which the client has it: pip and Poetry take over what a 304 says', async () => {
  const page = (headers: Record<string, string> = {}) =>
    get('/simple/falls-back/', { accept: 'application/vnd.pypi.simple.v1+json', ...headers });
  // Every inspection changes the page: it comes first.
  for (const { url } of await listed('falls-back')) await get(url);
  const plain = (await page({ 'accept-encoding': 'identity' })).headers.get('etag')!;
  let packed = await page({ 'accept-encoding': 'gzip' });
  for (let i = 0; i < 100 && packed.headers.get('content-encoding') !== 'gzip'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    packed = await page({ 'accept-encoding': 'gzip' });
  }
  assert.equal(packed.headers.get('content-encoding'), 'gzip', 'the page is too small to be sent compressed');
  for (const etag of [plain, packed.headers.get('etag')!]) {
    const unchanged = await page({ 'accept-encoding': 'gzip', 'if-none-match': etag });
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.headers.get('etag'), etag);
    assert.equal(unchanged.headers.get('content-encoding'), null);
  }
});
