import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMetadata } from '../python/metadata.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { findVersion, newestVersion, renderLegacy } from './render-legacy.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

const demo = parseProjectName('demo');
const sha256 = parseSha256('a'.repeat(64));
const ROOT = 'https://gate.example.org/';

function aFile(filename: string, over: Partial<ServedFile> = {}): ServedFile {
  return { filename, path: `packages/aa/bb/${'c'.repeat(60)}/${filename}`, ...over };
}

function aPage(files: readonly ServedFile[], versions: readonly string[]): ServedPage {
  return { project: demo, status: 'active', files, versions };
}

for (const [why, files, versions, expected] of [
  ['the newest', ['demo-2.0.tar.gz', 'demo-10.0.tar.gz'], ['2.0', '10.0'], '10.0'],
  ['a final release before a later candidate', ['demo-2.0.tar.gz', 'demo-3.0rc1.tar.gz'], ['2.0', '3.0rc1'], '2.0'],
  ['a candidate when there is nothing else', ['demo-3.0rc1.tar.gz'], ['3.0rc1'], '3.0rc1'],
  ['nothing of an empty page', [], [], undefined],
] as const) {
  test(`the document of a project is about ${why}`, () => {
    const page = aPage(
      files.map((name) => aFile(name)),
      versions,
    );
    assert.equal(newestVersion(page), expected);
  });
}

test('a withheld release is not the latest, but better than none', () => {
  const yanked = { yanked: 'held' };
  assert.equal(
    newestVersion(aPage([aFile('demo-1.0.tar.gz'), aFile('demo-2.0.tar.gz', yanked)], ['1.0', '2.0'])),
    '1.0',
  );
  assert.equal(newestVersion(aPage([aFile('demo-2.0.tar.gz', yanked)], ['2.0'])), '2.0');
});

for (const [why, raw, expected] of [
  ['as written', '1.0', '1.0'],
  ['in another spelling', '1.0.0', '1.0'],
  ['what is not there', '1.1', undefined],
  ['what is no version', '../1.0', undefined],
] as const) {
  test(`finds a version ${why}`, () =>
    assert.equal(findVersion(aPage([aFile('demo-1.0.tar.gz')], ['1.0']), raw), expected));
}

test('writes the document of a project with its releases', () => {
  const page = aPage(
    [
      aFile('demo-1.0.tar.gz', {
        sha256,
        size: 7,
        uploadTime: new Date('2026-01-02T03:04:05.678Z'),
        requiresPython: '>=3.9',
      }),
      aFile('demo-2.0-py2.py3-none-any.whl', { yanked: 'held: why' }),
      aFile('demo-2.0-py3.8.egg'),
    ],
    ['1.0', '2.0'],
  );
  const metadata = readMetadata(
    Buffer.from(
      'Metadata-Version: 2.1\nName: Demo\nVersion: 1.0\nRequires-Dist: other>=1\nProject-URL: Home, https://x\n\nHello\n',
    ),
  ).fields;
  const advisory = {
    id: 'PYSEC-2026-1',
    aliases: ['CVE-2026-1'],
    kind: 'vulnerability' as const,
    summary: 'bad',
    matchedBy: 'range' as const,
    confidence: 'high' as const,
    fixed: ['1.1'],
    open: false,
  };
  const document = JSON.parse(
    renderLegacy(page, { version: '1.0', metadata, advisories: [advisory] }, ROOT, 'project'),
  );
  assert.deepEqual(Object.keys(document), ['info', 'releases', 'urls', 'vulnerabilities']);
  const sdist = {
    comment_text: '',
    digests: { sha256 },
    downloads: -1,
    filename: 'demo-1.0.tar.gz',
    has_sig: false,
    packagetype: 'sdist',
    python_version: 'source',
    requires_python: '>=3.9',
    size: 7,
    upload_time: '2026-01-02T03:04:05',
    upload_time_iso_8601: '2026-01-02T03:04:05.678Z',
    url: `${ROOT}packages/aa/bb/${'c'.repeat(60)}/demo-1.0.tar.gz`,
    yanked: false,
    yanked_reason: null,
  };
  assert.deepEqual(document.urls, [sdist]);
  assert.deepEqual(document.releases['1.0'], [sdist]);
  const [wheel, egg] = document.releases['2.0'];
  assert.deepEqual(
    [wheel.packagetype, wheel.python_version, wheel.yanked_reason],
    ['bdist_wheel', 'py2.py3', 'held: why'],
  );
  assert.equal(egg.packagetype, 'bdist_egg');
  const { name, version, requires_dist, requires_python, project_urls, description, package_url, yanked } =
    document.info;
  assert.deepEqual(
    { name, version, requires_dist, requires_python, project_urls, description, package_url, yanked },
    {
      name: 'Demo',
      version: '1.0',
      requires_dist: ['other>=1'],
      requires_python: '>=3.9',
      project_urls: { Home: 'https://x' },
      description: 'Hello\n',
      package_url: `${ROOT}simple/demo/`,
      yanked: false,
    },
  );
  assert.deepEqual(document.vulnerabilities, [
    {
      id: 'PYSEC-2026-1',
      aliases: ['CVE-2026-1'],
      summary: 'bad',
      details: 'bad',
      fixed_in: ['1.1'],
      link: 'https://osv.dev/vulnerability/PYSEC-2026-1',
      source: 'osv',
      withdrawn: null,
    },
  ]);
});

test('the document of a release has no releases, and unknown needs are null, not empty', () => {
  const page = aPage([aFile('demo-2.0.tar.gz', { yanked: 'held' })], ['2.0']);
  const document = JSON.parse(renderLegacy(page, { version: '2.0', advisories: [] }, ROOT, 'release'));
  assert.equal(document.releases, undefined);
  assert.deepEqual(
    [document.info.requires_dist, document.info.yanked, document.info.yanked_reason, document.info.name],
    [null, true, 'held', 'demo'],
  );
});
