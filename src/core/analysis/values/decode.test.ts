import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openFernet } from './cipher.ts';
import { DECODERS, isMedia, isProgram, looksLikeText } from './decode.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1');

for (const [why, name, input, expected] of [
  ['base64', 'base64', ascii('aGVsbG8='), 'hello'],
  ['base64 with line ends', 'base64', ascii('aGVs\nbG8='), 'hello'],
  ['base32', 'base32', ascii('NBSWY3DP'), 'hello'],
  ['base16', 'base16', ascii('68656c6C6f'), 'hello'],
  ['base85', 'base85', ascii('Xk~0{Zv'), 'hello'],
  ['Ascii85', 'ascii85', ascii('<~BOu!rDZ~>'), 'hello'],
  ['uuencoded lines', 'uu', ascii('%:&5L;&\\\n'), 'hello'],
  ['zlib', 'zlib', deflateSync('hello'), 'hello'],
  ['raw deflate', 'deflate', deflateRawSync('hello'), 'hello'],
  ['gzip', 'gzip', gzipSync('hello'), 'hello'],
] as const) {
  test(`decodes ${why}`, () => assert.equal(Buffer.from(DECODERS[name](input) ?? []).toString(), expected));
}

for (const [why, name, input] of [
  ['an odd number of hex digits', 'base16', ascii('abc')],
  ['letters that are not hex', 'base16', ascii('zz')],
  ['zlib without its header', 'zlib', ascii('nothing')],
  ['base32 beyond its alphabet', 'base32', ascii('1!')],
] as const) {
  test(`gives nothing for ${why}`, () => assert.equal(DECODERS[name](input), undefined));
}

test('says when the output would be too long', () =>
  assert.equal(DECODERS.zlib(deflateSync(Buffer.alloc(50_000_000))), 'limit'));

test('no decoder throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      for (const decode of Object.values(DECODERS)) decode(input);
      looksLikeText(input);
    }),
  );
});

test('opens a Fernet token with its key, and nothing with another one', () => {
  const key = Buffer.alloc(32, 7);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), Buffer.alloc(16, 1));
  const body = Buffer.concat([
    Buffer.from([0x80]),
    Buffer.alloc(8),
    Buffer.alloc(16, 1),
    cipher.update('print(1)'),
    cipher.final(),
  ]);
  const token = Buffer.concat([body, createHmac('sha256', key.subarray(0, 16)).update(body).digest()]).toString(
    'base64url',
  );
  assert.equal(Buffer.from(openFernet(key.toString('base64'), token) ?? []).toString(), 'print(1)');
  assert.notEqual(Buffer.from(openFernet(Buffer.alloc(32, 8).toString('base64'), token) ?? []).toString(), 'print(1)');
  assert.equal(openFernet('short', token), undefined);
});

test('tells media, programs and text by their bytes', () => {
  assert.equal(isMedia(ascii('\x89PNG\r\n')), true);
  assert.equal(isProgram(ascii('MZ\x90\0')), true);
  assert.equal(isProgram(ascii('\x7fELF')), true);
  assert.equal(looksLikeText(ascii('import os\n')), true);
  assert.equal(looksLikeText(Buffer.from([0, 1, 2, 3, 4])), false);
});
