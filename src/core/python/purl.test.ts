import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pythonTexts } from '../../../test/builders/python-texts.ts';
import { hasCode } from '../errors.ts';
import { parseProjectName } from './name.ts';
import { formatPurl, parsePurl } from './purl.ts';
import { parseVersion } from './version.ts';

for (const [why, raw, project, version] of [
  ['a release', 'pkg:pypi/demo@1.4', 'demo', '1.4'],
  ['a project', 'pkg:pypi/demo', 'demo', undefined],
  ['any spelling of a name', 'pkg:pypi/Zope.Inter_face@1.0', 'zope-inter-face', '1.0'],
  ['a bare plus', 'pkg:pypi/torch@2.0+cu118', 'torch', '2.0+cu118'],
  ['an encoded plus', 'pkg:pypi/torch@2.0%2Bcu118', 'torch', '2.0+cu118'],
  ['an epoch', 'pkg:pypi/demo@1%212.0', 'demo', '1!2.0'],
  ['any spelling of a version', 'pkg:pypi/demo@v1.0-RC1', 'demo', '1.0rc1'],
  ['two slashes, which readers must ignore', 'pkg://pypi/demo@1.4', 'demo', '1.4'],
] as const) {
  test(`reads ${why}`, () => {
    const purl = parsePurl(raw);
    assert.equal(purl.project, project);
    assert.equal(purl.version?.text, version);
  });
}

test('reads qualifiers', () => {
  const { qualifiers } = parsePurl(
    'pkg:pypi/demo@1.4?file_name=demo-1.4.tar.gz&repository_url=https://example.com/simple',
  );
  assert.deepEqual(qualifiers, { file_name: 'demo-1.4.tar.gz', repository_url: 'https://example.com/simple' });
});

test('keeps a version outside PEP 440 as text', () => {
  assert.deepEqual(parsePurl('pkg:pypi/pytz@2004d'), { project: 'pytz', rawVersion: '2004d', qualifiers: {} });
});

for (const [why, raw] of [
  ['nothing', ''],
  ['a name alone', 'demo'],
  ['another type', 'pkg:npm/demo@1.0'],
  ['another scheme', 'http://pypi/demo'],
  ['no name', 'pkg:pypi/'],
  ['a namespace', 'pkg:pypi/team/demo@1.0'],
  ['a path in the name', 'pkg:pypi/..%2Fdemo@1.0'],
  ['a name that is none', 'pkg:pypi/-demo'],
  ['a version without name', 'pkg:pypi/@1.0'],
  ['two versions', 'pkg:pypi/demo@1.0@2.0'],
  ['an empty version', 'pkg:pypi/demo@'],
  ['a line end, which URLs drop', 'pkg:pypi/de\nmo@1.0'],
  ['a space at the end, which URLs drop', 'pkg:pypi/demo@1.0 '],
  ['a broken escape', 'pkg:pypi/demo@1.0%'],
  ['a password', 'pkg://user:secret@pypi/demo'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => parsePurl(raw), { code: 'PURL_INVALID' }));
}

for (const [why, version, expected] of [
  ['a plus', parseVersion('2.0+cu118'), 'pkg:pypi/demo@2.0%2Bcu118'],
  ['an odd spelling', parseVersion('2.0-RC.1'), 'pkg:pypi/demo@2.0rc1'],
  ['no version', undefined, 'pkg:pypi/demo'],
  ['a text', '2004d', 'pkg:pypi/demo@2004d'],
] as const) {
  test(`writes ${why}`, () => assert.equal(formatPurl(parseProjectName('demo'), version), expected));
}

test('reads what it writes', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const texts = pythonTexts(seed);
      const [project, version] = [parseProjectName(texts.name()), parseVersion(texts.version())];
      const again = parsePurl(formatPurl(project, version));
      assert.deepEqual([again.project, again.rawVersion], [project, version.text]);
    }),
  );
});

test('gives a project or PURL_INVALID for any text', () => {
  const piece = fc.constantFrom('pkg:', 'pypi', '/', '@', '1.0', '%2B', '%', '?', '#', 'demo', '//', ':');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        assert.match(parsePurl(pieces.join('')).project, /^[a-z0-9-]+$/);
      } catch (error) {
        if (!hasCode(error, 'PURL_INVALID')) throw error;
      }
    }),
  );
});
