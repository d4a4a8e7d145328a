import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { aGate, type TestGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { aFact, anInspection, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import type { UpstreamFileOver } from '../../test/fakes/fake-upstream.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';

const demo = parseProjectName('demo');
const BASE = 'http://gate.test';

function addWheel({ upstream }: Pick<TestGate, 'upstream'>, version: string, over: UpstreamFileOver = {}) {
  return upstream.addFile('demo', aWheelName({ version }), aWheel({ version }), over);
}

const peek = ({ listProject, index }: TestGate, base = BASE) => listProject.peek(index, demo, 'json', base);

test('a withheld file is listed as yanked, with the reason and the link that terminals show', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  addWheel(gate, '2.0', { uploadTime: daysAgo(1) });
  const { files } = JSON.parse(await gate.page('demo'));
  assert.deepEqual(
    files.map(({ yanked }: { yanked: unknown }) => yanked),
    [undefined, 'held by Wheelgate: uploaded 24 hours ago, cooldown ends 2026-11-29; http://gate.test/r/demo/2.0'],
  );
  assert.match(
    await gate.page('demo', 'html'),
    /data-yanked="held by Wheelgate: uploaded 24 hours ago[^"]*\/r\/demo\/2\.0"/,
  );
});

test('a policy that hides leaves withheld files out', async () => {
  const gate = await aGate({ policy: 'listing = "hide"' });
  addWheel(gate, '1.0');
  addWheel(gate, '2.0', { uploadTime: daysAgo(1) });
  assert.equal(JSON.parse(await gate.page('demo')).files.length, 1);
});

test('links to files lead to this index, never to the upstream', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0', { provenance: 'https://upstream.test/p' });
  for (const format of ['json', 'html'] as const) {
    const page = await gate.page('demo', format);
    assert.doesNotMatch(page, /files\.test|upstream\.test/);
    assert.match(page, /\.\.\/\.\.\/packages\//);
  }
});

test('the digest of the metadata is that of the bytes once they were read', async () => {
  const gate = await aGate();
  const sha256 = parseSha256('b'.repeat(64));
  const file = addWheel(gate, '1.0', { coreMetadata: parseSha256('c'.repeat(64)) });
  gate.inspector.set(file.filename, anInspection({ metadata: { base64: '', sha256 } }));
  await gate.serve(file);
  assert.deepEqual(JSON.parse(await gate.page('demo')).files[0]['core-metadata'], { sha256 });
});

test('rendered pages are ready without a promise, per format and per address', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  assert.equal(peek(gate), undefined);
  const page = await gate.listProject.list(gate.index, demo, 'json', BASE);
  assert.ok(typeof page !== 'string');
  assert.equal(peek(gate)?.body, page.body);
  assert.match(page.etag, /^"[\w-]{32}"$/);
  assert.equal(peek(gate, 'http://other.test'), undefined, 'it would show links to another host');
  assert.equal(gate.listProject.peek(gate.index, demo, 'html', BASE), undefined);
});

for (const [why, change] of [
  ['the upstream has to be asked again', (gate) => gate.time.set(300_001)],
  ['the policy changed', (gate) => gate.setPolicy('preset = "strict"')],
  [
    'facts changed',
    async (gate) => {
      await gate.store.facts.append([aFact()], []);
      await gate.refresh();
    },
  ],
  ['an inspection was made', (gate) => gate.decide.forget('default', demo)],
] as const satisfies readonly (readonly [string, (gate: TestGate) => unknown])[]) {
  test(`a rendered page is not shown any more when ${why}`, async () => {
    const gate = await aGate();
    addWheel(gate, '1.0');
    await gate.page('demo');
    assert.ok(peek(gate));
    await change(gate);
    assert.equal(peek(gate), undefined);
  });
}

test('a rendered page is not shown any more when a cooldown on it ends', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0', { uploadTime: new Date(daysAgo(7).getTime() + 60_000) });
  await gate.page('demo');
  gate.time.set(59_000);
  assert.ok(peek(gate));
  gate.time.set(60_000);
  assert.equal(peek(gate), undefined);
});

test('a page that was decided before a revocation is not shown after it, however they met', async () => {
  const before = await aGate();
  const file = addWheel(before, '1.0');
  const slow = addWheel(before, '2.0');
  await before.serve(file);
  await before.serve(slow);
  // After a restart the second file's inspection is read from the store, when the first file is decided already.
  let [isAsked, release] = [false, () => {}];
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { find, put } = before.store.inspections;
  const inspections: typeof before.store.inspections = {
    put,
    async find(sha256, engine) {
      if (sha256 === slow.sha256) {
        isAsked = true;
        await until;
      }
      return find(sha256, engine);
    },
  };
  const upstreams = [{ upstream: before.upstream, isPrivate: false }];
  const gate = await aGate({ store: { ...before.store, inspections }, blobs: before.blobs, upstreams });
  const listing = gate.page('demo');
  while (!isAsked) await nextTurn();
  await gate.store.facts.append([aFact({ kind: 'revocation', sha256: file.sha256! })], []);
  await gate.refresh();
  release();
  await listing;
  assert.doesNotMatch(peek(gate)?.body.toString() ?? '', /demo-1\.0-/);
  assert.doesNotMatch(await gate.page('demo'), /demo-1\.0-/);
});

test('a page that did not change keeps its bytes and its ETag', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  const before = await gate.listProject.list(gate.index, demo, 'json', BASE);
  gate.time.set(300_001);
  const after = await gate.listProject.list(gate.index, demo, 'json', BASE);
  assert.ok(typeof before !== 'string' && typeof after !== 'string');
  assert.equal(after.etag, before.etag);
});

test('a large page gets a compressed form of the same bytes, with an ETag of its own', async () => {
  const gate = await aGate();
  for (let n = 0; n < 50; n++) addWheel(gate, `1.${n}`);
  await gate.page('demo');
  while (!peek(gate)?.gzip) await nextTurn();
  const { body, etag, gzip } = peek(gate)!;
  assert.deepEqual(gunzipSync(gzip!.body), body);
  assert.notEqual(gzip!.etag, etag);
});

test('a stale page is made anew with every request, so that a new one counts at once', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  await gate.page('demo');
  gate.upstream.fail();
  gate.time.now = new Date(NOW.getTime() + 600_000);
  assert.match(await gate.page('demo'), /demo-1\.0-/);
  assert.equal(peek(gate), undefined);
});

test('absent and reserved names', async () => {
  const gate = await aGate({ policy: '[rules.reserved-names]\nnames = ["acme"]' });
  assert.equal(await gate.page('nowhere'), 'absent');
  const { files, 'project-status': status } = JSON.parse(await gate.page('acme'));
  assert.deepEqual([files, status.status], [[], 'quarantined']);
});
