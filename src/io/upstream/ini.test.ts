import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../core/errors.ts';
import { parseIni } from './ini.ts';

function plain(text: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...parseIni(text, 'pip.conf')].map(([section, entries]) => [section, Object.fromEntries(entries)]),
  );
}

for (const [why, text, expected] of [
  ['both delimiters', '[global]\na = 1\nb: 2\n', { global: { a: '1', b: '2' } }],
  [
    'the first delimiter only',
    '[global]\nurl = https://h/?a=b\nother: c=d\n',
    { global: { url: 'https://h/?a=b', other: 'c=d' } },
  ],
  ['keys in any case', '[Global]\nIndex-URL = X\n', { Global: { 'index-url': 'X' } }],
  [
    'continued lines',
    '[global]\nextra-index-url =\n  https://a\n  https://b\n',
    { global: { 'extra-index-url': '\nhttps://a\nhttps://b' } },
  ],
  ['comments, also between continued lines', '# x\n[global]\n; y\na =\n  1\n# z\n  2\n', { global: { a: '\n1\n2' } }],
  ['no comment behind a value', '[global]\na = 1 # one\n', { global: { a: '1 # one' } }],
  ['an empty line within a value', '[global]\na = 1\n\n  2\nb = 3\n', { global: { a: '1\n\n2', b: '3' } }],
  ['an empty value', '[global]\na =\n', { global: { a: '' } }],
  ['defaults of every section', '[DEFAULT]\na = 1\nb = 2\n[install]\nb = 3\n', { install: { a: '1', b: '3' } }],
  ['Windows line ends', '[global]\r\na = 1\r\n', { global: { a: '1' } }],
  ['nothing', '', {}],
] as const) {
  test(`reads ${why}`, () => assert.deepEqual(plain(text), expected));
}

for (const [why, text, line] of [
  ['a value before any section', 'a = 1\n', 1],
  ['a line without delimiter', '[global]\nhello\n', 2],
  ['a line without key', '[global]\n= 1\n', 2],
  ['a key twice', '[global]\na = 1\nA = 2\n', 3],
  ['a section twice', '[global]\n[install]\n[global]\n', 3],
] as const) {
  test(`refuses ${why}, naming the line`, () => {
    assert.throws(
      () => parseIni(text, 'pip.conf'),
      (error) => {
        assert.ok(hasCode(error, 'CONFIG_INVALID'));
        assert.ok(error.message.startsWith(`pip.conf, line ${line}: `), error.message);
        return true;
      },
    );
  });
}

const PYTHON = `
import configparser, json, sys
answers = []
for text in json.load(sys.stdin):
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        answers.append({name: dict(parser.items(name)) for name in parser.sections()})
    except configparser.Error:
        answers.append(None)
json.dump(answers, sys.stdout)
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

test('reads what Python reads and refuses what Python refuses', { skip: hasPython ? false : 'needs python3' }, () => {
  const line = fc.constantFrom(
    '[a]',
    '[b]',
    '[DEFAULT]',
    'k = 1',
    'l: 2',
    'K=3',
    '  more',
    '\tmore = x',
    ' ',
    '',
    '# c',
    '  ; d',
    '=',
    'word',
    '[',
    'm =',
    '  k2 = [a]',
  );
  const texts = fc.sample(
    fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n')),
    { numRuns: 2_000, seed: 7 },
  );
  const run = spawnSync('python3', ['-c', PYTHON], { input: JSON.stringify(texts), encoding: 'utf8' });
  const answers = JSON.parse(run.stdout) as unknown[];
  for (const [index, text] of texts.entries()) {
    let own: unknown = null;
    try {
      own = plain(text);
    } catch (error) {
      if (!hasCode(error, 'CONFIG_INVALID')) throw error;
    }
    assert.deepEqual(own, answers[index], JSON.stringify(text));
  }
});
