import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MARKER_ENVIRONMENTS, pythonTexts } from '../../../test/builders/python-texts.ts';
import { evaluateMarker } from './evaluate-marker.ts';
import { formatMarker, parseMarker } from './marker.ts';

const linux = MARKER_ENVIRONMENTS[0]!;

for (const [why, raw, expected] of [
  ['versions as versions', 'python_version >= "3.9"', true],
  ['3.11 above 3.9', '"3.9" < python_version', true],
  ['a prefix', 'python_version == "3.11.*"', true],
  ['a compatible release', 'python_version ~= "3.10"', true],
  ['a version in a list, as text', 'python_version in "2.7, 3.11"', true],
  ['a version not in a list', 'python_version not in "2.7, 3.1"', true],
  ['texts as texts', "sys_platform == 'linux'", true],
  ['texts without an order', 'os_name < "zzz"', false],
  ['equal texts with <=', 'os_name <= "posix"', true],
  ['a release that is no version', 'platform_release >= "5"', false],
  ['"and" before "or"', 'os_name == "posix" or os_name == "nt" and os_name == "x"', true],
  ['parentheses first', '(os_name == "posix" or os_name == "nt") and os_name == "x"', false],
  ['two variables', 'python_full_version >= python_version', true],
  ['the old dotted names', 'os.name == "posix" and python_implementation == "CPython"', true],
  ['extras in any spelling', 'extra == "TLS.extra"', true],
  ['an extra by the other side', '"tls_extra" == extra', true],
  ['identity by text', 'python_version === "3.11"', true],
  ['identity by text only', 'python_version === "3.11.0"', false],
] as const) {
  test(`compares ${why}`, () => assert.equal(evaluateMarker(parseMarker(raw), linux), expected));
}

test('asks sets with "in"', () => {
  const environment = { ...linux, extras: ['Fast_Path'], dependency_groups: [] };
  assert.equal(evaluateMarker(parseMarker('"fast-path" in extras'), environment), true);
  assert.equal(evaluateMarker(parseMarker('"dev" not in dependency_groups'), environment), true);
  assert.equal(evaluateMarker(parseMarker('"fast-path" in extras'), linux), false);
});

test('an extra is empty unless asked for', () => {
  const { extra: _, ...environment } = linux;
  assert.equal(evaluateMarker(parseMarker('extra == ""'), environment), true);
});

test('reads the version of a CPython from a working copy', () => {
  const environment = { ...linux, python_full_version: '3.13.0+' };
  assert.equal(evaluateMarker(parseMarker('python_full_version >= "3.13"'), environment), true);
});

for (const [why, raw] of [
  ['texts have no compatible release', 'os_name ~= "posix"'],
  ['a comparison without meaning counts wherever it stands', 'os_name == "posix" or sys_platform === "linux"'],
] as const) {
  test(`refuses to answer: ${why}`, () => {
    assert.throws(() => evaluateMarker(parseMarker(raw), linux), { code: 'MARKER_INVALID' });
  });
}

for (const [why, raw, column] of [
  ['nothing', '', 1],
  ['an unknown variable', 'python == "3"', 1],
  ['no operator', 'python_version "3"', 16],
  ['an unknown operator', 'python_version => "3"', 16],
  ['no value', 'python_version >=', 18],
  ['an open quote', 'python_version >= "3', 19],
  ['two values', '"3" == "3"', 11],
  ['a missing parenthesis', '(python_version > "3"', 22],
  ['a parenthesis too many', 'python_version > "3")', 21],
  ['a word that only starts like "and"', 'os_name == "a" andos_name == "b"', 16],
  ['"not" without "in"', 'os_name not "a"', 9],
  ['a line end', 'os_name == "a"\n', 15],
  ['an escape, on whose meaning nobody agrees', 'os_name == "a\\n"', 12],
  ['a set on the left', 'extras in "a"', 14],
  ['a set with an order', '"a" >= extras', 14],
  ['nesting without end', `${'('.repeat(60)}os_name == "a"${')'.repeat(60)}`, 52],
] as const) {
  test(`refuses ${why} and says where`, () => {
    assert.throws(() => parseMarker(raw), { code: 'MARKER_INVALID', message: new RegExp(`^Column ${column} of `) });
  });
}

test('writes what it reads back as the same marker', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const marker = parseMarker(pythonTexts(seed).marker());
      assert.deepEqual(parseMarker(formatMarker(marker)), marker);
    }),
  );
});

test('keeps a value that holds a quote', () => {
  const marker = parseMarker(`os_name == 'say "hi"'`);
  assert.equal(formatMarker(marker), `os_name == 'say "hi"'`);
});
