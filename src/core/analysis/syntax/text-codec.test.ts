import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText, rot13 } from './text-codec.ts';

/** Each row: what Python 3.11 reads, by which name of a codec, in which bytes. */
for (const [codec, hex, expected] of [
  ['utf_8', 'c3a9', 'é'],
  ['U8', '78', 'x'],
  ['UTF-16-LE', '7800', 'x'],
  ['u16', 'fffe7800', 'x'],
  ['utf_32', 'fffe000078000000', 'x'],
  ['latin_1', 'e9', 'é'],
  ['windows-1252', '78', 'x'],
  ['mac_roman', '6f73', 'os'],
  ['hp_roman8', '6f73', 'os'],
  ['646', '6f73', 'os'],
  ['utf7', '2b4147382d73', 'os'],
  ['cp037', '4a4b', '\ufffd.'],
  ['IBM037', '96a24ba2a8a2a3859440', 'os.system '],
  ['EBCDIC-CP-US', 'bac0e0d0bb4f', '[{\\}]|'],
  ['cp500', '4ac0e0d05abb', '[{\\}]|'],
  ['cp1026', '684fac', '[!]'],
  ['ebcdic_cp_be', '96a2', 'os'],
  ['punycode', '6f732d2121', undefined],
  ['punycode', '6d6e6368656e2d337961', 'münchen'],
  ['punycode', '6f732d', 'os'],
  ['unicode_escape', '5c7836665c7537333637', 'o\u7367'],
  ['raw_unicode_escape', '5c75303036665c5c75303037335c783436', 'o\\\\u0073\\x46'],
  ['gbk', 'c4e3', '你'],
  ['no-such-codec', '78', undefined],
] as const) {
  test(`reads ${codec} ${hex}`, () => assert.equal(decodeText(Buffer.from(hex, 'hex'), codec), expected));
}

test('turns letters by thirteen places', () => assert.equal(rot13('Uryyb'), 'Hello'));

test('never throws, whatever bytes and names it is given', () => {
  const names = fc.oneof(
    fc.constantFrom('punycode', 'utf-7', 'raw_unicode_escape', 'cp037', 'utf_32', 'hz'),
    fc.string(),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), names, (input, name) => void decodeText(input, name)));
});
