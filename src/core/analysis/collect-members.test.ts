import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemberCollector } from './collect-members.ts';

const bytes = (text: string) => Buffer.from(text);

test('keeps code, metadata and small data files', () => {
  const members = createMemberCollector();
  for (const path of ['demo/__init__.py', 'demo.pth', 'demo/data.bin', 'demo/deep/METADATA'])
    members.add(path, bytes('x'));
  members.add('demo/large.bin', new Uint8Array(300_000));
  members.add('demo-1.0.dist-info/METADATA', bytes('Name: demo\nVersion: 1.0\n'));
  const { files, metadata, limits } = members.collected();
  assert.deepEqual(
    files.map(({ path }) => path),
    ['demo/__init__.py', 'demo.pth', 'demo/data.bin', 'demo/deep/METADATA'],
  );
  assert.equal(metadata?.name, 'demo');
  assert.deepEqual(limits, []);
});

test('code that could not be kept is a limit, data that could not is none', () => {
  const members = createMemberCollector();
  members.add('demo/huge.bin', undefined);
  assert.deepEqual(members.collected().limits, []);
  members.add('demo/huge.py', undefined);
  assert.deepEqual(members.collected().limits, ['file size']);
});

test('data files beyond their bounds are left out, and that is no limit', () => {
  const members = createMemberCollector();
  for (let i = 0; i <= 1000; i++) members.add(`demo/d${i}.bin`, new Uint8Array(1));
  assert.equal(members.collected().files.length, 1000);
  assert.equal(members.wants('demo/more.bin', 1), false);
  assert.equal(members.wants('demo/more.py', 1), true);
  assert.deepEqual(members.collected().limits, []);
});

test('files and bytes are bounded', () => {
  const many = createMemberCollector();
  for (let i = 0; i <= 20_000; i++) many.add(`demo/m${i}.py`, new Uint8Array());
  assert.equal(many.collected().files.length, 20_000);
  assert.deepEqual(many.collected().limits, ['number of files']);
  const large = createMemberCollector();
  const block = new Uint8Array(2 ** 20);
  for (let i = 0; i < 130; i++) large.add(`demo/m${i}.py`, block);
  assert.equal(large.collected().files.length, 128);
  assert.deepEqual(large.collected().limits, ['total size']);
});
