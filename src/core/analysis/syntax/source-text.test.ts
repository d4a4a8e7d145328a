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
  [
    'escapes, which hide code from plain readers',
    Buffer.from('# coding: unicode_escape\n\\x6fs'),
    '# coding: unicode_escape\nos',
  ],
  ['a line end in a comment', Buffer.from('# coding: utf-7\n#+AAo-os'), '# coding: utf-7\n#\nos'],
  ['escapes of four digits', Buffer.from('# coding: raw_unicode_escape\n\\u006fs'), '# coding: raw_unicode_escape\nos'],
  ['ROT13, as Python 2 did', Buffer.from('# -*- coding: rot13 -*-\nbf'), '# -*- pbqvat: ebg13 -*-\nos'],
  [
    'a coding behind 1,000 letters',
    Buffer.from(`#${'x'.repeat(1000)}coding: utf-7\n+AG8-s`),
    `#${'x'.repeat(1000)}coding: utf-7\nos`,
  ],
  [
    'a coding line below a comment or nothing',
    Buffer.from(' \f\n# vim: fileencoding=utf-7\n+AG8-s'),
    ' \f\n# vim: fileencoding=utf-7\nos',
  ],
  ['no coding line below code', Buffer.from('x = 1\n# coding: utf-7\n+AG8-s'), 'x = 1\n# coding: utf-7\n+AG8-s'],
  ['no coding in the third line', Buffer.from('\n\n# coding: utf-7\n+AG8-s'), '\n\n# coding: utf-7\n+AG8-s'],
  [
    'texts of Japan, which hide quotes',
    Buffer.from("# coding: iso2022_jp\n'\x1b$B\"#\x1b(B'", 'latin1'),
    "# coding: iso2022_jp\n'\u25a0'",
  ],
  ['a code page that code cannot be in', Buffer.from('# coding: cp037\nx'), '# coding: cp037\nx'],
  ['UTF-7, which hides code from plain readers', Buffer.from('# coding: utf_7\n+AG8-s'), '# coding: utf_7\nos'],
  ['line ends of old and other systems', Buffer.from('a\rb\r\nc\n'), 'a\nb\nc\n'],
  ['NUL bytes, which CPython refuses', Buffer.from('a\0b'), 'a b'],
] as const) {
  test(`decodes ${why}`, () => assert.equal(decodePythonSource(bytes), expected));
}
