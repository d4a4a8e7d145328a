import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linuxPlatforms, macosPlatforms } from './platform-tags.ts';

test('glibc takes everything built for an older one, each old name after the number that it stands for', () => {
  assert.deepEqual(linuxPlatforms('x86_64', { name: 'glibc', version: [2, 18] }).slice(0, 4), [
    'manylinux_2_18_x86_64',
    'manylinux_2_17_x86_64',
    'manylinux2014_x86_64',
    'manylinux_2_16_x86_64',
  ]);
  assert.deepEqual(linuxPlatforms('x86_64', { name: 'glibc', version: [2, 5] }), [
    'manylinux_2_5_x86_64',
    'manylinux1_x86_64',
    'linux_x86_64',
  ]);
});

test('other machines start at glibc 2.17', () => {
  assert.deepEqual(linuxPlatforms('aarch64', { name: 'glibc', version: [2, 17] }), [
    'manylinux_2_17_aarch64',
    'manylinux2014_aarch64',
    'linux_aarch64',
  ]);
});

test('musl takes no manylinux', () => {
  assert.deepEqual(linuxPlatforms('x86_64', { name: 'musl', version: [1, 1] }), [
    'musllinux_1_1_x86_64',
    'musllinux_1_0_x86_64',
    'linux_x86_64',
  ]);
});

test('an absurd version costs no more than a high one', () => {
  assert.ok(linuxPlatforms('x86_64', { name: 'glibc', version: [2, 1e9] }).length < 200);
  assert.ok(linuxPlatforms('x86_64', { name: 'musl', version: [1, 1e9] }).length < 200);
  assert.ok(macosPlatforms('arm64', 1e9).length < 300);
});

test('an unknown C library takes only what was built on such a machine', () => {
  assert.deepEqual(linuxPlatforms('riscv64'), ['linux_riscv64']);
});

test('a Mac with Apple silicon takes its own and universal wheels, the latter from Intel times too', () => {
  const tags = macosPlatforms('arm64', 12);
  assert.deepEqual(tags.slice(0, 2), ['macosx_12_0_arm64', 'macosx_12_0_universal2']);
  assert.ok(tags.includes('macosx_10_9_universal2'));
  assert.ok(!tags.includes('macosx_10_9_arm64'));
});

test('a Mac with Intel takes Intel wheels back to 10.4', () => {
  const tags = macosPlatforms('x86_64', 11);
  assert.equal(tags[0], 'macosx_11_0_x86_64');
  assert.equal(tags.at(-1), 'macosx_10_4_universal');
});
