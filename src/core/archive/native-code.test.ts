import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeFormat } from './native-code.ts';

/** 128 zeroes with bytes written over them: offset → hex. */
function head(parts: Readonly<Record<number, string>>): Uint8Array {
  const bytes = Buffer.alloc(128);
  for (const [at, hex] of Object.entries(parts)) bytes.write(hex, Number(at), 'hex');
  return bytes;
}

for (const [why, bytes, expected] of [
  ['ELF', head({ 0: '7f454c46' }), 'elf'],
  ['Mach-O of 64 bits', head({ 0: 'cffaedfe' }), 'mach-o'],
  ['Mach-O for two processors', head({ 0: 'cafebabe00000002' }), 'mach-o'],
  ['a Java class, which starts like it', head({ 0: 'cafebabe00000034' }), undefined],
  ['PE', head({ 0: '4d5a', 60: '40000000', 64: '50450000' }), 'pe'],
  ['a text that starts with MZ', head({ 0: '4d5a' }), undefined],
  ['PE whose header lies far behind', head({ 0: '4d5a', 60: 'ffffff7f' }), undefined],
  ['a script', Buffer.from('#!/bin/sh\n'.padEnd(128)), undefined],
  ['four bytes of ELF and nothing else', Buffer.from('7f454c46', 'hex'), undefined],
] as const) {
  test(`takes ${why} for ${expected ?? 'no compiled code'}`, () => assert.equal(nativeFormat(bytes), expected));
}
