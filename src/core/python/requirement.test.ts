import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MARKER_ENVIRONMENTS, pythonTexts } from '../../../test/builders/python-texts.ts';
import { formatRequirement, parseRequirement, requirementApplies } from './requirement.ts';

for (const [why, raw, expected] of [
  ['a bare name', 'Demo_Project', 'demo-project'],
  ['a specifier', 'demo >= 1.4, <2', 'demo>=1.4,<2'],
  ['the older form in parentheses', 'demo (>=1.4)', 'demo>=1.4'],
  ['empty parentheses', 'demo ()', 'demo'],
  ['extras, sorted, normalised, once', 'demo[ Z_z , a,z-z ]', 'demo[a,z-z]'],
  ['no extras', 'demo[]', 'demo'],
  ['a marker', 'demo;os_name=="nt"', 'demo; os_name == "nt"'],
  ['all of it', ' demo[a]~=1.4 ; extra == "x" ', 'demo[a]~=1.4; extra == "x"'],
  ['a URL', 'demo@https://example.com/a;b', 'demo @ https://example.com/a;b'],
  [
    'a URL and a marker, parted by a space',
    'demo @ https://example.com/a ; os_name == "nt"',
    'demo @ https://example.com/a ; os_name == "nt"',
  ],
  ['a trailing comma', 'demo>=1.4,', 'demo>=1.4'],
] as const) {
  test(`reads ${why}`, () => {
    const requirement = parseRequirement(raw);
    assert.equal(formatRequirement(requirement), expected);
    assert.equal(requirement.raw, raw);
  });
}

test('gives the parts', () => {
  const { project, extras, specifiers, url, marker } = parseRequirement('A.b[x]==1.0; python_version < "3.9"');
  assert.deepEqual({ project, extras, url }, { project: 'a-b', extras: ['x'], url: undefined });
  assert.equal(specifiers.specifiers[0]?.operator, '==');
  assert.equal(marker?.kind, 'comparison');
});

for (const [why, raw, column] of [
  ['nothing', '', 1],
  ['a name that is none', '-demo', 1],
  ['a name that ends in a separator', 'demo_ >=1', 1],
  ['a path', './demo', 1],
  ['a URL alone', 'https://example.com/demo', 6],
  ['no operator', 'demo 1.0', 6],
  ['a wrong specifier', 'demo>=1.0.*', 5],
  ['an open bracket', 'demo[a', 7],
  ['extras without comma', 'demo[a b]', 8],
  ['a comma without extra', 'demo[a,]', 8],
  ['an open parenthesis', 'demo (>=1', 10],
  ['no URL after the sign', 'demo @ ', 8],
  ['words after the URL', 'demo @ https://example.com x', 28],
  ['a wrong marker', 'demo; os == "nt"', 7],
  ['words after the marker', 'demo; os_name == "nt" x', 23],
  ['an option of a requirements file', 'demo==1 --hash=sha256:00', 5],
  ['a comment', 'demo # why', 6],
  ['a line end', 'demo\n', 5],
  ['a line end after a specifier', 'demo>=1\n', 8],
] as const) {
  test(`refuses ${why} and says where`, () => {
    assert.throws(() => parseRequirement(raw), {
      code: 'REQUIREMENT_INVALID',
      message: new RegExp(`^Column ${column} of `),
    });
  });
}

const linux = MARKER_ENVIRONMENTS[0]!;
for (const [why, raw, extras, expected] of [
  ['no marker', 'demo', [], true],
  ['a marker that holds', 'demo; os_name == "posix"', [], true],
  ['a marker that does not', 'demo; os_name == "nt"', ['tls'], false],
  ['an extra that was asked for', 'demo; extra == "TLS"', ['docs', 'tls'], true],
  ['an extra that was not', 'demo; extra == "tls"', [], false],
  ['the absence of an extra', 'demo; extra != "tls"', ['tls'], false],
] as const) {
  test(`applies by ${why}`, () => {
    assert.equal(requirementApplies(parseRequirement(raw), linux, extras), expected);
  });
}

test('writes what it reads back as the same requirement', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const text = formatRequirement(parseRequirement(pythonTexts(seed).requirement()));
      assert.equal(formatRequirement(parseRequirement(text)), text);
    }),
  );
});
