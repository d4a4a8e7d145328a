import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pythonTexts } from '../../../test/builders/python-texts.ts';
import {
  compareVersions,
  formatVersion,
  isPrerelease,
  parseVersion,
  publicVersion,
  tryParseVersion,
  type Version,
  versionKey,
} from './version.ts';

/** Random valid versions, many of them neighbours. */
const versions = fc
  .integer()
  .map((seed) => pythonTexts(seed))
  .map(({ together, many, version }) => together(() => many(3, version)).map(parseVersion));

for (const [why, raw, expected] of [
  ['a plain release', '1.20.3', '1.20.3'],
  ['trailing zeros, which stay', '1.0.0', '1.0.0'],
  ['leading zeros', '01.002', '1.2'],
  ['date versions beyond 2^53', '2024123123456789012345', '2024123123456789012345'],
  ['a leading v', 'v1.0', '1.0'],
  ['case', '1.0RC1', '1.0rc1'],
  ['surrounding white space', ' \t1.0\r\n', '1.0'],
  ['the long words', '1.0-alpha.1', '1.0a1'],
  ['beta', '1.0_beta2', '1.0b2'],
  ['c', '1.0c3', '1.0rc3'],
  ['preview', '1.0.preview4', '1.0rc4'],
  ['a pre-release without number', '1.0a', '1.0a0'],
  ['rev', '1.0-rev5', '1.0.post5'],
  ['the implied post-release', '1.0-5', '1.0.post5'],
  ['a post-release without number', '1.0.post', '1.0.post0'],
  ['a development release', '1.0-DEV_7', '1.0.dev7'],
  ['all parts at once', '1!2.0rc1.post2.dev3+Local-1_x', '1!2.0rc1.post2.dev3+local.1.x'],
  ['epoch zero', '0!1.0', '1.0'],
  ['zeros in a local number', '1.0+007', '1.0+7'],
  ['zeros in a local word, which stay', '1.0+00a', '1.0+00a'],
] as const) {
  test(`normalises ${why}`, () => {
    const version = parseVersion(raw);
    assert.equal(version.text, expected);
    assert.equal(formatVersion(version), expected);
    assert.equal(version.raw, raw);
  });
}

for (const [why, raw] of [
  ['the empty text', ''],
  ['white space only', ' '],
  ['words', 'latest'],
  ['a wildcard', '1.*'],
  ['an empty number', '1..2'],
  ['a trailing dot', '1.'],
  ['an unknown word', '1.0x1'],
  ['a second pre-release', '1.0a1b1'],
  ['parts in the wrong order', '1.0.dev1.post1'],
  ['an empty local part', '1.0+'],
  ['two local parts', '1.0+a+b'],
  ['an inner line end', '1.0\n1'],
  ['a no-break space', '1.0\u00a0'],
  ['digits outside ASCII', '\u0661.0'],
  ['a long s', '1.0.po\u017Ft1'],
  ['the Kelvin sign', '1.0+\u212A'],
  ['a negative number', '-1'],
  ['what nobody would write', `1${'.0'.repeat(500)}`],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(() => parseVersion(raw), { code: 'VERSION_INVALID' });
    assert.equal(tryParseVersion(raw), undefined);
  });
}

test('reads the parts', () => {
  assert.deepEqual(parseVersion('1!2.0b3.post4.dev5+ab.6'), {
    epoch: '1',
    release: ['2', '0'],
    pre: { phase: 'b', number: '3' },
    post: '4',
    dev: '5',
    local: ['ab', '6'],
    raw: '1!2.0b3.post4.dev5+ab.6',
    text: '1!2.0b3.post4.dev5+ab.6',
  });
});

// PEP 440, "Summary of permitted suffixes and relative ordering", and its local versions.
const ASCENDING = [
  '0',
  '1.dev0',
  '1.0.dev456',
  '1.0a1.dev1',
  '1.0a1',
  '1.0a2.dev456',
  '1.0a12.dev456',
  '1.0a12',
  '1.0b1.dev456',
  '1.0b2',
  '1.0b2.post345.dev456',
  '1.0b2.post345',
  '1.0rc1.dev456',
  '1.0rc1',
  '1.0',
  '1.0+abc.5',
  '1.0+abc.7',
  '1.0+abc.7.1',
  '1.0+abcd',
  '1.0+5',
  '1.0+10',
  '1.0.post456.dev34',
  '1.0.post456',
  '1.0.1.dev1',
  '1.0.1',
  '1.0.10',
  '1.1.dev1',
  '9.9',
  '10',
  '2024123123456789012345',
  '2024123123456789012346',
  '1!0.1',
  '10!0',
].map(parseVersion);

test('orders as PEP 440 does', () => {
  for (const [i, left] of ASCENDING.entries()) {
    for (const [j, right] of ASCENDING.entries()) {
      assert.equal(Math.sign(compareVersions(left, right)), Math.sign(i - j), `${left.text} and ${right.text}`);
    }
  }
});

for (const [why, a, b] of [
  ['trailing zeros', '1.0.0', '1'],
  ['spellings', '1.0-ALPHA', '1.0a0'],
  ['zero', '0.0', '0'],
  ['local separators', '1+a-b', '1+a.b'],
] as const) {
  test(`takes ${why} for equal`, () => {
    assert.equal(compareVersions(parseVersion(a), parseVersion(b)), 0);
    assert.equal(versionKey(parseVersion(a)), versionKey(parseVersion(b)));
  });
}

test('is a total order', () => {
  fc.assert(
    fc.property(versions, ([a, b, c]) => {
      assert.ok(a && b && c);
      assert.equal(compareVersions(a, b) + compareVersions(b, a), 0);
      const [low, middle, high] = [a, b, c].sort(compareVersions) as [Version, Version, Version];
      assert.ok(compareVersions(low, middle) <= 0 && compareVersions(middle, high) <= 0);
      assert.ok(compareVersions(low, high) <= 0);
    }),
  );
});

test('writes what it reads back as the same version', () => {
  fc.assert(
    fc.property(versions, (some) => {
      for (const version of some) {
        const { raw, ...parts } = version;
        const { raw: text, ...again } = parseVersion(version.text);
        assert.deepEqual(again, parts);
        assert.equal(text, version.text);
        assert.equal(compareVersions(version, JSON.parse(JSON.stringify(version))), 0);
        assert.ok(raw.length > 0);
      }
    }),
  );
});

test('never crashes on foreign text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => tryParseVersion(raw)?.text !== ''));
});

test('tells pre-releases from finals', () => {
  for (const [raw, expected] of [
    ['1.0', false],
    ['1.0.post1', false],
    ['1.0+a1', false],
    ['1.0rc1', true],
    ['1.0.dev1', true],
    ['1.0.post1.dev2', true],
  ] as const) {
    assert.equal(isPrerelease(parseVersion(raw)), expected, raw);
  }
});

test('leaves the local part out of the public version', () => {
  assert.equal(publicVersion(parseVersion('1!1.0a1.post2+cu118')), '1!1.0a1.post2');
});
