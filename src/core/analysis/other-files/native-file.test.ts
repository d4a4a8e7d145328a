import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { elf, machO, pe } from '../../../../test/builders/native-files.ts';
import { readNativeFile } from './native-file.ts';

for (const [why, file, format, risky] of [
  ['ELF', elf({ imports: ['printf', 'connect', 'execve'] }), 'elf', ['connect', 'execve']],
  [
    'PE',
    pe({ imports: ['CreateProcessW', 'Sleep', 'URLDownloadToFileA'] }),
    'pe',
    ['CreateProcessW', 'URLDownloadToFileA'],
  ],
  ['Mach-O', machO({ imports: ['_system', '_malloc'] }), 'mach-o', ['_system']],
] as const) {
  test(`reads the imports of ${why}`, () => {
    const read = readNativeFile(file);
    assert.deepEqual([read?.format, read?.risky, read?.packed], [format, risky, undefined]);
  });
}

test('tells addresses and shells with their offsets', () => {
  const file = elf({ text: 'x\0https://x.invalid/a.bin\0/bin/sh\0' });
  const at = (text: string) => file.indexOf(text, 0, 'latin1');
  assert.deepEqual(readNativeFile(file)?.texts, [
    `https://x.invalid/a.bin (offset ${at('https:')})`,
    `/bin/sh (offset ${at('/bin/sh')})`,
  ]);
});

const random = Buffer.concat(
  Array.from({ length: 2_048 }, (_, index) => createHash('sha256').update(`${index}`).digest()),
);
for (const [why, file, packed] of [
  ['a section of UPX', pe({ section: 'UPX0' }), 'section UPX0'],
  [
    'the mark of UPX without sections',
    Buffer.concat([
      Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
      Buffer.alloc(60),
      Buffer.from('UPX!'),
      Buffer.alloc(200),
    ]),
    'UPX',
  ],
  ['code that is random', elf({ code: random }), 'section .text is random'],
  ['data that is random', elf({ code: random, codeName: '.model' }), undefined],
  ['ordinary code', elf({ code: Buffer.alloc(65_536, 'mov eax, 1; call 2; ret ') }), undefined],
] as const) {
  test(`${packed === undefined ? 'takes for readable' : 'takes for packed'} ${why}`, () =>
    assert.equal(readNativeFile(file)?.packed, packed));
}

test('reads damaged tables without failing', () => {
  const whole = [elf({ imports: ['connect'] }), pe({ imports: ['WinExec'] }), machO({ imports: ['_system'] })];
  fc.assert(
    fc.property(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(8_000), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
      fc.nat(8_000),
      (file, changes, cutAt) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) if (at >= 64 && at < bytes.length) bytes[at] = value;
        readNativeFile(bytes.subarray(0, Math.max(128, cutAt)));
      },
    ),
  );
});

test('is no reader of Java classes and texts', () => {
  assert.equal(readNativeFile(Buffer.from('cafebabe00000034', 'hex')), undefined);
  assert.equal(
    readNativeFile(Buffer.from('MZ is how this sentence starts, and it is no program.'.repeat(3))),
    undefined,
  );
});
