import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePythonSource } from './source-text.ts';

for (const [why, bytes, expected] of [
  ['UTF-8', Buffer.from('é = 1'), 'é = 1'],
  ['a byte order mark', Buffer.from('\ufeffx'), 'x'],
  ['UTF-16', Buffer.from('\ufeffx = 1', 'utf16le'), 'x = 1'],
  [
    'a coding line',
    Buffer.from('# -*- coding: latin-1 -*-\nx = "\xe9"', 'latin1'),
    '# -*- coding: latin-1 -*-\nx = "é"',
  ],
  ['bytes that are not UTF-8', Buffer.from([0x78, 0xff]), 'xÿ'],
  ['an unknown coding', Buffer.from('# coding: no-such\n\xff', 'latin1'), '# coding: no-such\nÿ'],
  ['UTF-7, which hides code from plain readers', Buffer.from('# coding: utf_7\n+AG8-s'), '# coding: utf_7\nos'],
  ['line ends of old and other systems', Buffer.from('a\rb\r\nc\n'), 'a\nb\nc\n'],
  ['NUL bytes, which CPython refuses', Buffer.from('a\0b'), 'a b'],
] as const) {
  test(`decodes ${why}`, () => assert.equal(decodePythonSource(bytes), expected));
}
