import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { anOsvEntry, anOsvRecord } from '../../builders/an-advisory.ts';
import { startFakeIndex } from '../../fakes/fake-index.ts';
import { runWheelgate } from '../start-gate.ts';
import { addWheel, aFolder, aGate, ask, assertSound, eventually } from './lab.ts';

// DESIGN section 11, rows "advisory feed older than its limit" and "analysis worker crash, timeout, out of memory".

test('old advisory data: a note in one index, a hold in a strict one, and nothing any more once a feed was read', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const path = addWheel(upstream, { project: 'alpha', version: '1.0' });
  const approved = addWheel(upstream, { project: 'beta', version: '1.0' });
  const { data, env } = await aFolder(context, '[indexes.strict]\npolicy = "strict.toml"\n');
  const folder = join(data, '..');
  // The advisories that ship with the program are older than this wherever the test runs.
  await writeFile(join(folder, 'strict.toml'), '[rules.feed-age]\neffect = "hold"\nmax_age = "1d"\n');
  const config = join(folder, 'wheelgate.toml');
  await writeFile(
    config,
    `page_ttl = "1s"\n[indexes.strict]\npolicy = ${JSON.stringify(join(folder, 'strict.toml'))}\n`,
  );
  const common = { ...env, WHEELGATE_DATA: data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
  const gate = await aGate(context, { upstream: upstream.simpleUrl, data, env });

  assert.equal((await ask(gate, path)).status, 200);
  assert.match((await ask(gate, '/r/alpha/1.0')).body.toString(), /feed-age: advisory data is \d+ days old/);
  const held = await ask(gate, `/strict${path}`);
  assert.equal(held.status, 403);
  assert.match(held.said, /held by Wheelgate: advisory data is \d+ days old/);

  // What a person approved is served although the data is old.
  const decision = ['approve', 'pkg:pypi/beta@1.0', '--index', 'strict', '--reason', 'read it'];
  const { code, err } = await runWheelgate(decision, common);
  assert.equal(code, 0, err);
  await eventually(async () => (await ask(gate, `/strict${approved}`)).status === 200, 'the approval');

  // A feed counts for a kind when it holds a tenth of the known records.
  const status = JSON.parse((await runWheelgate(['feeds', 'status', '--format', 'json'], common)).out);
  const feed = join(folder, 'feed');
  await mkdir(feed);
  for (const [prefix, kind] of Object.entries({ MAL: 'malware', PYSEC: 'vulnerabilities' })) {
    for (let n = 0; n < status.sources[0][kind].records / 8; n++) {
      const entry = anOsvEntry({ package: { ecosystem: 'PyPI', name: 'somebody-else' } });
      const record = anOsvRecord({ id: `${prefix}-2099-${n}`, modified: new Date().toISOString(), affected: [entry] });
      await writeFile(join(feed, `${record.id}.json`), JSON.stringify(record));
    }
  }
  const imported = await runWheelgate(['feeds', 'import', feed], common);
  assert.equal(imported.code, 0, imported.err);
  await eventually(async () => (await ask(gate, `/strict${path}`)).status === 200, 'the new data');
  assert.equal(await gate.stop(), 0);
});

test('an inspection that takes too long or too much holds the file; what was inspected before is served', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const known = addWheel(upstream, { project: 'alpha', version: '1.0' });
  const unseen = addWheel(upstream, { project: 'beta', version: '1.0' });
  // More names than fit into the smallest memory that a worker gets.
  const files = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`gamma/${'a'.repeat(100)}${n}.py`, '']));
  const greedy = addWheel(upstream, { project: 'gamma', version: '1.0', files });
  const { data, env } = await aFolder(context);
  const limits = (text: string) => writeFile(env.WHEELGATE_CONFIG!, `page_ttl = "1s"\n[limits]\n${text}\n`);

  await limits('inspection_memory = "1MB"');
  const small = await aGate(context, { upstream: upstream.simpleUrl, data, env });
  assert.equal((await ask(small, known)).status, 200);
  const refused = await ask(small, greedy);
  assert.equal(refused.status, 403, refused.said);
  assert.match(refused.said, /held by Wheelgate: the inspection (needed more memory than it may|failed)/);
  assert.equal(small.process.exitCode, null);
  assert.equal(await small.stop(), 0);

  await limits('inspection_time = "0"');
  const hasty = await aGate(context, { upstream: upstream.simpleUrl, data, env });
  const held = await ask(hasty, unseen);
  assert.equal(held.status, 403, held.said);
  assert.match(held.said, /held by Wheelgate: the inspection took longer than/);
  for (const path of [known, `${known}.metadata`, '/simple/alpha/']) assert.equal((await ask(hasty, path)).status, 200);
  const metrics = (await ask(hasty, '/metrics')).body.toString();
  assert.match(metrics, /wheelgate_verdicts_total\{verdict="hold",rule="archive"\} 1/);
  assert.equal(await hasty.stop(), 0);

  // With room again it is inspected anew: a failure is no property of the file.
  await limits('');
  const last = await aGate(context, { upstream: upstream.simpleUrl, data, env });
  assert.equal((await ask(last, unseen)).status, 200);
  assert.equal(await last.stop(), 0);
  await assertSound(data, upstream.simpleUrl);
});
