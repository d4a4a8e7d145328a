import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProjectName } from '../python/name.ts';
import { readJsonPage } from './read-json.ts';

const demo = parseProjectName('demo');
const PAGE_URL = 'https://index.example.org/simple/demo/';

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

function readFixture(name: string) {
  return readJsonPage(fixture(name), PAGE_URL, demo);
}

/** A page with one entry, to which `file` adds. */
function readEntry(file: object) {
  const entry = { filename: 'demo-1.0.tar.gz', url: 'demo-1.0.tar.gz', hashes: {}, ...file };
  return readJsonPage(JSON.stringify({ meta: { 'api-version': '1.4' }, name: 'demo', files: [entry] }), PAGE_URL, demo);
}

test('reads every field of a 1.4 page', () => {
  assert.deepEqual(readFixture('json-full-1.4.json'), {
    project: 'demo',
    status: 'archived',
    statusReason: 'see demo2',
    files: [
      {
        filename: 'demo-1.0.tar.gz',
        url: 'https://index.example.org/files/demo-1.0.tar.gz',
        sha256: 'a'.repeat(64),
        size: 10,
        uploadTime: new Date('2026-01-02T03:04:05.678Z'),
        requiresPython: '>=3.9',
        yanked: 'broken on Windows',
      },
      {
        filename: 'demo-1.1-py3-none-any.whl',
        url: 'https://files.example.org/demo-1.1-py3-none-any.whl',
        sha256: 'b'.repeat(64),
        size: 20,
        uploadTime: new Date('2026-02-03T04:05:06Z'),
        coreMetadata: 'c'.repeat(64),
        provenance: 'https://index.example.org/integrity/demo/1.1/demo-1.1-py3-none-any.whl/provenance',
      },
    ],
    problems: [],
  });
});

test('finds a status where the example of the specification puts it', () => {
  const { status, statusReason } = readFixture('json-status-inside-meta.json');
  assert.deepEqual({ status, statusReason }, { status: 'quarantined', statusReason: 'malware' });
});

for (const [why, status, expected] of [
  ['none is active', undefined, 'active'],
  ['null is active', null, 'active'],
  ['a text, as early drafts had it', 'deprecated', 'deprecated'],
  ['an unknown marker is not active', { status: 'frozen' }, 'unknown'],
  ['a number is not active', { status: 7 }, 'unknown'],
  ['a list is not active', ['active'], 'unknown'],
] as const) {
  test(`reads a project status: ${why}`, () => {
    const page = { meta: { 'api-version': '1.4' }, name: 'demo', files: [], 'project-status': status };
    assert.equal(readJsonPage(JSON.stringify(page), PAGE_URL, demo).status, expected);
  });
}

test('knows every key that says "core metadata", the new one first', () => {
  const { files, problems } = readFixture('json-metadata-keys.json');
  assert.deepEqual(
    files.map(({ coreMetadata }) => coreMetadata),
    [true, 'c'.repeat(64), true, undefined, undefined],
  );
  assert.deepEqual(problems, []);
});

test('leaves out what no client could install for certain, and says so', () => {
  const { files, problems } = readFixture('json-bad-entries.json');
  assert.deepEqual(
    files.map(({ url }) => url),
    ['https://index.example.org/simple/demo/a/demo-1.7.tar.gz'],
  );
  assert.deepEqual(problems, [
    'left out: "demo-1.0.tar.gz", its sha256 is not 64 hex digits',
    'left out: "../demo-1.1.tar.gz" is not a file name',
    'left out: "other-1.2-py3-none-any.whl" is not a file of demo',
    'left out: "demo-1.3.tar.gz", without file name or URL',
    'left out: "demo-1.4.tar.gz", its URL is not one to fetch from',
    'left out: "demo-1.5.tar.gz", its URL is not one to fetch from',
    'left out: an entry, without file name or URL',
    'left out: "demo-1.7.tar.gz", the name was listed before',
    'left out: "demo-1.8.tar.gz", its URL is not one to fetch from',
  ]);
});

test('a field of the wrong shape is unknown, never good, and reported', () => {
  const { files, problems } = readFixture('json-bad-fields.json');
  assert.deepEqual(files, [
    { filename: 'demo-1.0-py3-none-any.whl', url: 'https://files.example.org/demo-1.0-py3-none-any.whl', yanked: '' },
  ]);
  const keys = ['hashes', 'size', 'upload-time', 'requires-python', 'provenance', 'core-metadata', 'yanked'];
  assert.deepEqual(
    problems,
    keys.map((key) => `ignored: ${key} of "demo-1.0-py3-none-any.whl"`),
  );
});

for (const [why, url, expected] of [
  ['absolute', 'https://files.example.org/a/demo-1.0.tar.gz', 'https://files.example.org/a/demo-1.0.tar.gz'],
  [
    'with dots in the path',
    'https://files.example.org/a/../demo-1.0.tar.gz',
    'https://files.example.org/demo-1.0.tar.gz',
  ],
  ['with a port', 'http://127.0.0.1:80/demo-1.0.tar.gz', 'http://127.0.0.1/demo-1.0.tar.gz'],
  ['with upper-case host', 'https://FILES.example.org/demo-1.0.tar.gz', 'https://files.example.org/demo-1.0.tar.gz'],
  ['relative to the page', 'demo-1.0.tar.gz', `${PAGE_URL}demo-1.0.tar.gz`],
  ['relative to the host', '/f/demo-1.0.tar.gz', 'https://index.example.org/f/demo-1.0.tar.gz'],
  ['with a query', 'demo-1.0.tar.gz?sig=1', `${PAGE_URL}demo-1.0.tar.gz?sig=1`],
] as const) {
  test(`resolves a URL ${why}`, () => assert.equal(readEntry({ url }).files[0]?.url, expected));
}

test('a page on disk may link to disk', () => {
  const page = {
    meta: { 'api-version': '1.0' },
    name: 'demo',
    files: [{ filename: 'demo-1.tar.gz', url: '../../f/demo-1.tar.gz' }],
  };
  const { files } = readJsonPage(JSON.stringify(page), 'file:///srv/simple/demo/index.json', demo);
  assert.equal(files[0]?.url, 'file:///srv/f/demo-1.tar.gz');
});

test('keeps what no client installs, for it may be asked for', () => {
  for (const filename of ['demo-1.0.win32.exe', 'demo-1.0-py2.7.egg', 'demo-1.0.rpm']) {
    assert.equal(readEntry({ filename }).files.length, 1, filename);
  }
});

test('counts problems beyond the first hundred', () => {
  const page = { meta: { 'api-version': '1.4' }, name: 'demo', files: Array.from({ length: 150 }, () => 0) };
  const { problems } = readJsonPage(JSON.stringify(page), PAGE_URL, demo);
  assert.equal(problems.length, 101);
  assert.equal(problems.at(-1), 'and 50 more');
});

for (const [why, text] of [
  ['not JSON', '<html>'],
  ['an empty body', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['no meta', '{"name":"demo","files":[]}'],
  ['no version', '{"meta":{},"name":"demo","files":[]}'],
  ['a number as version', '{"meta":{"api-version":1.0},"name":"demo","files":[]}'],
  ['an unknown major version', '{"meta":{"api-version":"2.0"},"name":"demo","files":[]}'],
  ['major version 10', '{"meta":{"api-version":"10.0"},"name":"demo","files":[]}'],
  ['another project', '{"meta":{"api-version":"1.0"},"name":"demo2","files":[]}'],
  ['no name', '{"meta":{"api-version":"1.0"},"files":[]}'],
  ['a name that is none', '{"meta":{"api-version":"1.0"},"name":"../demo","files":[]}'],
  ['no files', '{"meta":{"api-version":"1.0"},"name":"demo"}'],
  ['files that are no list', '{"meta":{"api-version":"1.0"},"name":"demo","files":{}}'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => readJsonPage(text, PAGE_URL, demo), { code: 'PAGE_INVALID' }));
}

test('reads an unknown minor version', () => {
  const text = '{"meta":{"api-version":"1.99"},"name":"DEMO","files":[]}';
  assert.deepEqual(readJsonPage(text, PAGE_URL, demo).files, []);
});
