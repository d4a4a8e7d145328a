import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPolicyFile } from './policy-file.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-policy-'));
after(() => rm(root, { recursive: true, force: true }));

async function aPolicy(text: string) {
  const folder = await mkdtemp(join(root, 'case-'));
  const path = join(folder, 'policy.toml');
  const lastGood = join(folder, 'last-good.toml');
  await writeFile(path, text);
  return { folder, path, lastGood };
}

/** A change counts when the file was the same twice. */
async function reloadTwice(file: { reload(): Promise<string> }): Promise<string[]> {
  return [await file.reload(), await file.reload()];
}

test('without a file the preset is balanced', async () => {
  const file = await openPolicyFile(undefined);
  assert.deepEqual([file.current().preset, file.problem(), await file.reload()], ['balanced', undefined, 'same']);
});

test('a change is read once it is settled, a broken file leaves the last good revision, a repaired one counts', async () => {
  const { path, lastGood } = await aPolicy('preset = "strict"');
  const file = await openPolicyFile(path, lastGood);
  assert.deepEqual([file.current().preset, await file.reload()], ['strict', 'same']);
  await writeFile(path, 'preset = "none of these"');
  assert.deepEqual(await reloadTwice(file), ['same', 'refused']);
  assert.deepEqual([file.current().preset, file.problem()?.code], ['strict', 'POLICY_INVALID']);
  assert.equal(await file.reload(), 'same');
  await writeFile(path, 'preset = "monitor"');
  assert.deepEqual(await reloadTwice(file), ['same', 'loaded']);
  assert.deepEqual([file.current().preset, file.problem()], ['monitor', undefined]);
});

test('a file that is just being saved is not read: half of it may be a laxer policy', async () => {
  const { path, lastGood } = await aPolicy('preset = "strict"');
  const file = await openPolicyFile(path, lastGood);
  await writeFile(path, '');
  assert.equal(await file.reload(), 'same');
  await writeFile(path, 'preset = "strict"\nlisting = "hide"');
  assert.equal(await file.reload(), 'same');
  assert.equal(file.current().preset, 'strict');
  assert.equal(await file.reload(), 'loaded');
  assert.deepEqual([file.current().preset, file.current().listing], ['strict', 'hide']);
});

test('a file that is taken away is a broken one', async () => {
  const { path, lastGood } = await aPolicy('preset = "strict"');
  const file = await openPolicyFile(path, lastGood);
  await rm(path);
  assert.deepEqual(await reloadTwice(file), ['same', 'refused']);
  assert.deepEqual([file.current().preset, file.problem()?.code], ['strict', 'POLICY_INVALID']);
});

test('a file that broke while nobody looked leaves the last good one in force, and says so', async () => {
  const { path, lastGood } = await aPolicy('preset = "strict"');
  await openPolicyFile(path, lastGood);
  await writeFile(path, 'preset = ');
  const file = await openPolicyFile(path, lastGood);
  assert.deepEqual([file.current().preset, file.problem()?.code], ['strict', 'POLICY_INVALID']);
  assert.equal(await readFile(lastGood, 'utf8'), 'preset = "strict"');
});

test('a broken file without a last good one is refused', async () => {
  const { path, lastGood } = await aPolicy('preset = ');
  await assert.rejects(openPolicyFile(path, lastGood), { code: 'POLICY_INVALID' });
  await assert.rejects(openPolicyFile(path), { code: 'POLICY_INVALID' });
});

test('a policy is in force although no copy of it can be written', async () => {
  const { path, folder } = await aPolicy('preset = "strict"');
  const lastGood = join(folder, 'in-the-way');
  await mkdir(`${lastGood}.partial`);
  const file = await openPolicyFile(path, lastGood);
  await writeFile(path, 'preset = "monitor"');
  assert.deepEqual(await reloadTwice(file), ['same', 'loaded']);
  assert.equal(file.current().preset, 'monitor');
});

test('a deny list is part of the policy: a change of it counts, a mistake in it leaves the last good one, also after a restart', async () => {
  const { folder, path, lastGood } = await aPolicy('deny_list = "lists/deny.txt"');
  const list = join(folder, 'lists', 'deny.txt');
  await mkdir(join(folder, 'lists'));
  await writeFile(list, 'evil');
  const file = await openPolicyFile(path, lastGood);
  const denies = (project: string, { current } = file) => current().denyList.find({ project }) !== undefined;
  assert.deepEqual([denies('evil'), denies('worse')], [true, false]);
  await writeFile(list, 'evil\nworse');
  assert.deepEqual(await reloadTwice(file), ['same', 'loaded']);
  assert.deepEqual([denies('evil'), denies('worse')], [true, true]);
  await writeFile(list, 'evil =>1');
  assert.deepEqual(await reloadTwice(file), ['same', 'refused']);
  assert.match(file.problem()?.message ?? '', /deny\.txt: line 1, column 6/);
  assert.equal(denies('worse'), true);
  const again = await openPolicyFile(path, lastGood);
  assert.deepEqual([denies('worse', again), again.problem()?.code], [true, 'POLICY_INVALID']);
  await rm(list);
  assert.deepEqual(
    [denies('worse', await openPolicyFile(path, lastGood))],
    [true],
    'a list that is gone opens nothing',
  );
  await writeFile(path, 'preset = "strict"');
  const without = await openPolicyFile(path, lastGood);
  assert.equal(denies('evil', without), false);
  await rm(path);
  assert.equal(denies('evil', await openPolicyFile(path, lastGood)), false);
});
