import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSha256 } from '../../../src/core/sha256.ts';
import { openSqliteStore } from '../../../src/io/store/sqlite-store.ts';
import { startFakeIndex } from '../../fakes/fake-index.ts';
import type { StartedGate } from '../start-gate.ts';
import { addWheel, aFolder, aGate, aProjectName, ask, assertBlobs, assertSound, eventually } from './lab.ts';

const PROJECTS = 40;
const CLIENTS = 8;
const KILLS = 4;

/** Installs everything in an order of its own and notes what it got whole, until the gate is gone. */
async function install(gate: StartedGate, paths: ReadonlyMap<string, string>, got: Map<string, string>): Promise<void> {
  const order = [...paths].sort(() => randomInt(3) - 1);
  for (const [project, path] of order) {
    try {
      for (const part of [`/simple/${project}/`, `${path}.metadata`]) await ask(gate, part);
      const { status, body } = await ask(gate, path);
      // In the middle of a start a file may still be on its way: that is no loss.
      if (status === 200) got.set(path, createHash('sha256').update(body).digest('hex'));
      else assert.equal(status, 503);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
  }
}

// DESIGN section 11, row "kill -9 at any byte".
test('kill -9 at random moments of parallel installs: nothing half-written is seen, and nothing that was served is lost', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const paths = new Map<string, string>();
  for (let n = 0; n < PROJECTS; n++) {
    const project = aProjectName(n);
    const files = { [`${project}/data.bin`]: randomBytes(randomInt(1_000, 300_000)) };
    paths.set(project, addWheel(upstream, { project, version: '1.0', files }));
  }
  // Bytes come in pieces, so that most moments are in the middle of something.
  upstream.slowMs = 4;
  upstream.fail('/packages/', 'slow');
  const { data, env } = await aFolder(context);
  const options = { upstream: upstream.simpleUrl, data, env };
  const got = new Map<string, string>();

  for (let round = 0; round < KILLS; round++) {
    const gate = await aGate(context, options);
    const installs = Array.from({ length: CLIENTS }, () => install(gate, paths, got));
    // Sometimes before anything was served, sometimes while others are being served.
    const before = got.size;
    if (round % 2 === 1) await eventually(async () => got.size > before, 'a file is served');
    const moment = randomInt(50, 900);
    await sleep(moment);
    await gate.kill();
    await Promise.all(installs);
    context.diagnostic(`killed after ${moment} ms: ${got.size} files served so far, ${await assertBlobs(data)} stored`);
  }

  const store = await openSqliteStore(join(data, 'wheelgate.db'));
  assert.equal((await store.audit.verify()).ok, true);
  const recorded = new Set(
    (await store.audit.read({ limit: 100_000 })).map(({ type, detail }) => `${type} ${detail.sha256}`),
  );
  for (const [path, sha256] of got) {
    const verdict = await store.verdicts.find('default', parseSha256(sha256));
    assert.equal(verdict?.verdict.kind, 'allow', `${path} was served and has no verdict`);
    assert.ok(recorded.has(`verdict.recorded ${sha256}`), `${path} was served and its verdict is not in the log`);
  }
  await store.close();
  assert.ok(got.size > 0);

  // Without the upstream: what was served once is served again, byte by byte.
  upstream.fail('/', 'refuse');
  const offline = await aGate(context, options);
  for (const [path, sha256] of got) {
    const { status, body, said } = await ask(offline, path);
    assert.equal(status, 200, `${path} was lost: ${said}`);
    assert.equal(createHash('sha256').update(body).digest('hex'), sha256);
  }
  upstream.heal();
  const all = new Map<string, string>();
  await install(offline, paths, all);
  assert.equal(all.size, PROJECTS, 'not everything can be installed after the crashes');
  assert.equal(await offline.stop(), 0);
  await assertSound(data, upstream.simpleUrl);
  assert.equal(await assertBlobs(data), PROJECTS);
});
