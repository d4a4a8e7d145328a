import assert from 'node:assert/strict';
import test from 'node:test';
import { summaryLine } from './summary-line.ts';

for (const [why, prose, expected] of [
  ['keeps a plain line', 'Code execution in demo', 'Code execution in demo'],
  ['joins wrapped lines', 'Code\nexecution  in\r\n\tdemo\n', 'Code execution in demo'],
  ['drops Markdown headings', '### Impact\n\nCode execution\n## Patches', 'Code execution'],
  ['removes terminal escapes', 'a\u001b[31mred\u0007', 'a [31mred'],
  ['removes bidirectional overrides and zero-width characters', 'a\u202eb\u200bc', 'a b c'],
  ['keeps letters beyond ASCII', 'Schwäche in 演示', 'Schwäche in 演示'],
  ['has nothing to say about nothing', ' \n ', undefined],
  ['has nothing to say about headings alone', '# Summary\n', undefined],
] as const) {
  test(why, () => assert.equal(summaryLine(prose), expected));
}

test('cuts at a word within 200 characters', () => {
  const line = summaryLine('word '.repeat(100))!;
  assert.ok(line.length <= 200 && line.endsWith('word…'), line);
});

test('cuts one long word, and no character in two', () => {
  const line = summaryLine('\u{1f40d}'.repeat(300))!;
  assert.ok(line.length <= 200 && line.endsWith('…'));
  assert.doesNotMatch(line, /\p{Cs}/u, 'half a surrogate pair is left');
});
