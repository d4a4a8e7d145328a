import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, readChunks } from './byte-source.ts';
import { bunzip2 } from './bzip2.ts';

/** `print("hi")` and a line end, compressed by Python. */
const HELLO = 'QlpoOTFBWSZTWWBANDMAAATRgAAQEGAAYVQAIAAiAaHqEAMKVibBaHi7kinChIMCAaGY';

async function expand(bytes: Uint8Array, streams: 'one' | 'many' = 'one'): Promise<{ text: string; used: number }> {
  const parts: Uint8Array[] = [];
  let used = 0;
  const source = bytesSource(bytes);
  const chunks = bunzip2(readChunks(source, 0, source.size), streams, (count) => {
    used = count;
  });
  for await (const chunk of chunks) parts.push(chunk);
  return { text: Buffer.concat(parts).toString(), used };
}

const hello = Buffer.from(HELLO, 'base64');

test('one stream is expanded and what follows it is left alone', async () => {
  assert.deepEqual(await expand(Buffer.concat([hello, hello])), { text: 'print("hi")\n', used: hello.length });
});

test('streams in a row are one text, and what is no stream ends it', async () => {
  const bytes = Buffer.concat([hello, hello, Buffer.from('tail')]);
  assert.deepEqual(await expand(bytes, 'many'), { text: 'print("hi")\n'.repeat(2), used: 2 * hello.length });
});

/** A block over one letter that is a single run of `digits` bits of ones: 2^(digits+1) - 2 letters. */
function aRun(digits: number): Buffer {
  const bits = [
    (0x314159265359).toString(2).padStart(48, '0'),
    '0'.repeat(32), // sum
    '0',
    '0'.repeat(24), // start
    `1${'0'.repeat(15)}`,
    `1${'0'.repeat(15)}`,
    '010', // two codes
    '1'.padStart(15, '0'), // one selector
    '0',
    '0000101000'.repeat(2), // each: lengths 1, 2, 2
    '10'.repeat(digits), // the second digit of a run
    '11',
  ].join('');
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.concat([Buffer.from('BZh1'), Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))]);
}

for (const [why, bytes] of [
  ['a run longer than its block', aRun(20)],
  ['a run whose length leaves 32 bits', aRun(31)],
  ['a run whose length leaves 53 bits', aRun(48)],
  ['a block whose sum is wrong', aRun(3)],
  ['no bzip2 at all', Buffer.from('hello')],
  ['half a stream', hello.subarray(0, 30)],
  ['a changed sum of the stream', Buffer.from([...hello.subarray(0, -2), 0, 0])],
] as const) {
  test(`refuses ${why}`, () => assert.rejects(expand(bytes), { code: 'ARCHIVE_UNREADABLE' }));
}
