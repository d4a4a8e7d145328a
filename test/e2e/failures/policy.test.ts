import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeIndex } from '../../fakes/fake-index.ts';
import { runWheelgate } from '../start-gate.ts';
import { addWheel, aFolder, aGate, ask, daysAgo, eventually } from './lab.ts';

// DESIGN section 11, row "policy file invalid".

test('a policy that breaks leaves the last good revision in force, and /readyz says so; a repaired one counts', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const old = addWheel(upstream, { project: 'alpha', version: '1.0' });
  const young = addWheel(upstream, { project: 'alpha', version: '2.0' }, { uploadTime: daysAgo(1) });
  const { data, env } = await aFolder(context);
  const policy = join(data, '..', 'policy.toml');
  const options = { upstream: upstream.simpleUrl, data, env: { ...env, WHEELGATE_POLICY: policy } };
  await writeFile(policy, '[rules.cooldown]\nnew_project = "30d"\nupdate = "30d"\n');
  const gate = await aGate(context, options);
  const statuses = async (from = gate) => [(await ask(from, old)).status, (await ask(from, young)).status];
  const readiness = async (from = gate) => {
    const { status, body } = await ask(from, '/readyz');
    return { status, said: body.toString() };
  };
  assert.deepEqual(await statuses(), [200, 403]);
  assert.equal((await readiness()).status, 200);

  await writeFile(policy, '[rules.cooldown]\nnew_project = "soon"\n');
  await eventually(async () => (await readiness()).status === 503, 'the broken policy is noticed');
  assert.match(
    (await readiness()).said,
    /policy\.toml: \[rules\.cooldown\] new_project: .*last good revision is in force/,
  );
  assert.match(gate.output(), /policy refused: the last good revision stays in force/);
  assert.deepEqual(await statuses(), [200, 403]);
  assert.equal((await ask(gate, '/healthz')).status, 200);

  await writeFile(policy, '[rules.cooldown]\nnew_project = "0"\nupdate = "0"\n');
  await eventually(async () => (await ask(gate, young)).status === 200, 'the repaired policy counts');
  assert.equal((await readiness()).status, 200);

  // Doctor works beside the running gate.
  const common = { ...options.env, WHEELGATE_DATA: data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
  const { checks } = JSON.parse((await runWheelgate(['doctor', '--format', 'json'], common)).out);
  const said = checks.map(({ level, what }: { level: string; what: string }) => `${level} ${what}`).join('\n');
  assert.match(said, /^ok policy: \S+policy\.toml is valid/m);
  assert.match(said, /^ok files: 2 stored, every one has its digest/m);

  await writeFile(policy, 'preset = ');
  await eventually(async () => (await readiness()).status === 503, 'it is broken once more');
  await gate.kill();
  const again = await aGate(context, options);
  assert.deepEqual(await statuses(again), [200, 200], 'the last good revision lets the young release in');
  assert.match((await readiness(again)).said, /last good revision is in force/);
  assert.equal((await readiness(again)).status, 503);
  assert.equal(await again.stop(), 0);
});

test('a first start with a broken policy says where it is broken and ends', async (context) => {
  const { data, env } = await aFolder(context);
  const policy = join(data, '..', 'policy.toml');
  await writeFile(policy, 'preset = "strict"\n[rules.cooldown]\nnew_projct = "7d"\n');
  const all = {
    ...env,
    WHEELGATE_DATA: data,
    WHEELGATE_POLICY: policy,
    WHEELGATE_UPSTREAM: 'http://127.0.0.1:9/simple/',
  };
  const { code, err } = await runWheelgate(['serve', '--port', '0'], all);
  assert.equal(code, 3, err);
  assert.match(err, /policy\.toml: \[rules\.cooldown\] .*new_projct/);
  assert.doesNotMatch(err, /\n\s+at /, 'a stack is no message');
});
