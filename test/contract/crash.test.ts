import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import { openDiskBlobs } from '../../src/io/blobs/disk-blobs.ts';
import { openDataFolder } from '../../src/io/store/data-folder.ts';
import { openSqliteStore } from '../../src/io/store/sqlite-store.ts';

const demo = parseProjectName('demo');
const at = new Date(0);
/** Per appending process. */
const EVENTS = 60;

async function openAll(folder: string) {
  const { databasePath, blobsRoot } = await openDataFolder(folder);
  return { store: await openSqliteStore(databasePath), blobs: await openDiskBlobs(blobsRoot) };
}

/** Writes until it is killed and says on standard output what was acknowledged: this file, started as a program. */
async function writeForever(folder: string): Promise<never> {
  const { store, blobs } = await openAll(folder);
  for (let n = 0; ; n++) {
    const bytes = randomBytes(randomInt(1, 300_000));
    async function* body() {
      for (let start = 0; start < bytes.length; start += 30_000) yield bytes.subarray(start, start + 30_000);
    }
    const { sha256 } = await blobs.receive(body(), { maxBytes: bytes.length });
    const filename = `demo-${n}.tar.gz`;
    await Promise.all([
      store.verdicts.record(
        {
          index: 'default',
          sha256,
          project: demo,
          filename,
          verdict: { kind: 'allow', reasons: [] },
          policyRevision: '',
          at,
        },
        { at, type: 'verdict.recorded', actor: 'gate', subject: sha256, detail: {} },
      ),
      store.facts.append(
        [{ id: sha256, kind: 'approval', project: demo, sha256, reason: '', actor: 'cli:ann', at, policyRevision: '' }],
        [{ at, type: 'fact.approval', actor: 'cli:ann', subject: sha256, detail: {} }],
      ),
    ]);
    process.stdout.write(`${sha256}\n`);
  }
}

/** Appends events one by one, in step with others that do the same. */
async function appendEvents(folder: string, count: number): Promise<void> {
  const { store } = await openAll(folder);
  for (let n = 0; n < count; n++) {
    await store.audit.append([{ at, type: 'file.served', actor: `${process.pid}`, subject: `${n}`, detail: {} }]);
  }
  await store.close();
}

function start(role: string, folder: string) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url)], {
    env: { ...env, WHEELGATE_CRASH_ROLE: role, WHEELGATE_CRASH_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, exit: new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))) };
}

/** Lets a writer run, kills it somewhere in its work and gives what it acknowledged before. */
async function runAndKill(folder: string): Promise<string[]> {
  const { child, exit } = start('writer', folder);
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const closed = new Promise((resolve) => lines.once('close', resolve));
  const started = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  lines.on('line', (line) => acknowledged.push(line));
  await Promise.race([started, exit]);
  await sleep(randomInt(0, 150));
  child.kill('SIGKILL');
  await Promise.all([exit, closed]);
  return acknowledged;
}

function defineTests() {
  test('kill -9 at any moment: what was acknowledged is there, what is there is whole', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'wheelgate-crash-'));
    context.after(() => rm(folder, { recursive: true, force: true }));
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const lines = await runAndKill(folder);
      assert.ok(lines.length > 0, 'the writer wrote nothing');
      acknowledged.push(...lines);
      const { store, blobs } = await openAll(folder);
      assert.deepEqual(await readdir(join(folder, 'partial')), []);
      const { checked, damaged, strangers } = await blobs.verifyAll();
      assert.deepEqual({ damaged, strangers }, { damaged: [], strangers: [] });
      assert.ok(checked >= acknowledged.length);
      assert.deepEqual(store.findDamage(), []);
      assert.equal((await store.audit.verify()).ok, true);
      const facts = new Set((await store.facts.all()).map(({ id }) => id));
      const events = await store.audit.read({ limit: 100_000 });
      const told = (type: string) =>
        new Set(events.filter((event) => event.type === type).map(({ subject }) => subject));
      const verdicts = new Set(
        (await store.verdicts.findByProject('default', demo)).map(({ sha256 }) => sha256 as string),
      );
      assert.deepEqual(verdicts, told('verdict.recorded'));
      assert.deepEqual(facts, told('fact.approval'));
      for (const sha256 of acknowledged) {
        assert.ok(verdicts.has(sha256) && facts.has(sha256), `${sha256} was acknowledged and is lost`);
        assert.notEqual(await blobs.size(parseSha256(sha256)), undefined);
      }
      await store.close();
    }
  });

  test('several processes create one store at once and write one chain', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'wheelgate-processes-'));
    context.after(() => rm(folder, { recursive: true, force: true }));
    const exits = await Promise.all(Array.from({ length: 3 }, () => start('appender', folder).exit));
    assert.deepEqual(exits, [0, 0, 0]);
    const { store } = await openAll(folder);
    const check = await store.audit.verify();
    assert.deepEqual({ ok: check.ok, seq: check.ok && check.head.seq }, { ok: true, seq: 3 * EVENTS });
    const events = await store.audit.read({ limit: 1_000 });
    for (const actor of new Set(events.map((event) => event.actor))) {
      const subjects = events.filter((event) => event.actor === actor).map(({ subject }) => Number(subject));
      assert.deepEqual(
        subjects,
        Array.from({ length: EVENTS }, (_, n) => n),
      );
    }
    await store.close();
  });
}

const { WHEELGATE_CRASH_ROLE: role, WHEELGATE_CRASH_FOLDER: folder = '' } = process.env;
if (role === 'writer') await writeForever(folder);
else if (role === 'appender') await appendEvents(folder, EVENTS);
else defineTests();
