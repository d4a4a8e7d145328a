import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pythonTexts } from '../../../test/builders/python-texts.ts';
import { formatSpecifiers, parseSpecifiers, selectVersions, specifiersAllow } from './specifier.ts';
import { compareVersions, parseVersion } from './version.ts';

/** Each row: a set, versions that it allows, versions that it refuses. */
const TABLE: readonly (readonly [set: string, allowed: string, refused: string])[] = [
  ['', '0 1.0 2.0a1', ''],
  ['==1.0', '1.0 1 1.0.0 1.0+local', '1.0.1 1.0a1 1.0.post1'],
  ['==1.0+local', '1.0+local 1.0+LOCAL', '1.0 1.0+other'],
  ['!=1.0', '1.1 1.0a1', '1.0 1.0+local'],
  ['==1.4.*', '1.4 1.4.0 1.4.9 1.4a1 1.4.post1 1.4.2+x', '1.40 1.5 1 1!1.4'],
  ['==1.0.0.*', '1 1.0 1.0.0.5', '1.0.1'],
  ['!=1.4.*', '1.5 1.3', '1.4 1.4.1rc1'],
  ['==1!1.*', '1!1.5', '1.5'],
  ['~=2.2', '2.2 2.3 2.99.post1', '2.1 3.0 2.2a1 3.dev1'],
  ['~=2.2.0', '2.2 2.2.5', '2.3'],
  ['~=2.2.post3', '2.2.post3 2.9', '2.2 2.2.post2 3'],
  ['~=2.2a1', '2.2a1 2.2 2.5', '2.1 2.2.dev1 3'],
  ['<=1.0', '1.0 1.0+local 0.9 1.0rc1', '1.0.post1 1.1'],
  ['>=1.0', '1.0 1.0+local 1.0.post1 1.1.dev1', '1.0rc1 0.9'],
  ['<1.0', '0.9 0.9.post1 0.9rc1', '1.0 1.0a1 1.0.dev0 1.0+local'],
  ['<1.0rc1', '1.0a1 1.0.dev1', '1.0rc1 1.0'],
  ['<1.0.post1', '1.0 1.0a1 1.0+local', '1.0.post1 1.0.post1.dev1'],
  ['>1.0', '1.0.1 1.1.dev1', '1.0 1.0.post1 1.0+local 1.0.0.post2.dev1'],
  ['>1.0.post1', '1.0.post2 1.1', '1.0.post1 1.0.post1+local'],
  ['>1.0a1', '1.0a2 1.0 1.0.post1', '1.0a1 1.0a1.post1 1.0a1+local'],
  ['>1.0.dev1', '1.0.dev2 1.0 1.0.post1', '1.0.dev1'],
  ['===1.0', '1.0', '1.0.0 1.0+local'],
  ['===1.0A1', '1.0a1', '1.0'],
  ['>=1.0,!=1.5.*,<2', '1.0 1.4 1.6', '0.9 1.5.2 2.0 2.0rc1'],
  ['>=2024123123456789012345', '2024123123456789012346', '2024123123456789012344'],
];
for (const [set, allowed, refused] of TABLE) {
  test(`"${set}" allows what it should`, () => {
    const parsed = parseSpecifiers(set);
    for (const text of allowed.split(' ')) assert.ok(specifiersAllow(parsed, parseVersion(text)), `${text} is refused`);
    for (const text of refused.split(' ').filter(Boolean)) {
      assert.ok(!specifiersAllow(parsed, parseVersion(text)), `${text} is allowed`);
    }
  });
}

for (const [why, raw, expected] of [
  ['spaces', ' >= 1.0 , < 2 ', '>=1.0,<2'],
  ['spellings', '==v1.0-ALPHA', '==1.0a0'],
  ['stray commas', '>=1.0,,<2,', '>=1.0,<2'],
  ['text after ===, which stays', '=== Foo_1', '===Foo_1'],
  ['a prefix', '!= 01.2.*', '!=1.2.*'],
] as const) {
  test(`normalises ${why}`, () => assert.equal(formatSpecifiers(parseSpecifiers(raw)), expected));
}

for (const [why, raw] of [
  ['a bare version', '1.0'],
  ['an operator alone', '>='],
  ['an identity with nothing', '==='],
  ['an unknown operator', '=>1.0'],
  ['a version that is none', '>=latest'],
  ['a prefix with an order', '>=1.0.*'],
  ['a prefix with ~=', '~=1.0.*'],
  ['a prefix after a pre-release', '==1.0a1.*'],
  ['a prefix after a local version', '==1.0+x.*'],
  ['a local version with an order', '<=1.0+local'],
  ['~= with one number', '~=1'],
  ['two versions', '==1.0 2.0'],
  ['a semicolon', '===1;0'],
  ['a no-break space', '>=\u00a01.0'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => parseSpecifiers(raw), { code: 'SPECIFIER_INVALID' }));
}

for (const [why, set, prereleases, expected] of [
  ['leaves out pre-releases', '>=1', undefined, '1.0 1.1'],
  ['takes them when a clause names one', '>=1.0rc1', undefined, '1.0 1.1 1.2rc1'],
  ['is not moved by one that a clause excludes', '>=1,!=2.0rc1', undefined, '1.0 1.1'],
  ['takes them when nothing else is left', '>1.1', undefined, '1.2rc1'],
  ['takes them on request', '>=1', true, '1.0 1.1 1.2rc1'],
  ['never takes them when told so', '>1.1', false, ''],
  ['finds the one named by its text', '===1.2rc1', undefined, '1.2rc1'],
] as const) {
  test(`selecting ${why}`, () => {
    const versions = ['0.9', '1.0', '1.1', '1.2rc1'].map(parseVersion);
    const selected = selectVersions(parseSpecifiers(set), versions, prereleases === undefined ? {} : { prereleases });
    assert.equal(selected.map(({ text }) => text).join(' '), expected);
  });
}

test('a lone pre-release is refused only on request', () => {
  const set = parseSpecifiers('>=1');
  assert.ok(specifiersAllow(set, parseVersion('2.0rc1')));
  assert.ok(!specifiersAllow(set, parseVersion('2.0rc1'), { prereleases: false }));
});

test('>= and <= agree with the order, and sets with their clauses', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { together, version, specifiers } = pythonTexts(seed);
      together(() => {
        const [a, b] = [parseVersion(version()), parseVersion(version().replace(/\+.*/, ''))] as const;
        const publicOrder = compareVersions(parseVersion(a.text.replace(/\+.*/, '')), b);
        assert.equal(specifiersAllow(parseSpecifiers(`>=${b.raw}`), a), publicOrder >= 0);
        assert.equal(specifiersAllow(parseSpecifiers(`<=${b.raw}`), a), publicOrder <= 0);
        const set = parseSpecifiers(specifiers());
        const each = set.specifiers.map((specifier) => specifiersAllow({ raw: '', specifiers: [specifier] }, a));
        assert.equal(specifiersAllow(set, a), each.every(Boolean));
        assert.equal(formatSpecifiers(parseSpecifiers(formatSpecifiers(set))), formatSpecifiers(set));
      });
    }),
  );
});
