import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProjectName } from '../python/name.ts';
import { readFlatHtmlPage, readHtmlPage } from './read-html.ts';

const demo = parseProjectName('demo');
const PAGE_URL = 'https://index.example.org/simple/demo/';

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

function readFixture(name: string) {
  return readHtmlPage(fixture(name), PAGE_URL, demo);
}

test('reads a page as PyPI writes it, without what is commented out', () => {
  assert.deepEqual(readFixture('html-pypi-shaped.html'), {
    project: 'demo',
    status: 'deprecated',
    statusReason: 'use demo2 & be happy',
    files: [
      {
        filename: 'demo-1.0.tar.gz',
        url: `https://files.example.org/packages/aa/bb/${'c'.repeat(60)}/demo-1.0.tar.gz`,
        sha256: 'a'.repeat(64),
        requiresPython: '>=3.9,<4',
        yanked: 'bad "setup"',
      },
      {
        filename: 'demo-1.1-py3-none-any.whl',
        url: 'https://files.example.org/demo-1.1-py3-none-any.whl',
        sha256: 'b'.repeat(64),
        coreMetadata: 'c'.repeat(64),
        provenance: 'https://index.example.org/p',
      },
    ],
    problems: [],
  });
});

test('every value of data-yanked is a reason, the word "false" too', () => {
  const reasons = readFixture('html-yank-reasons.html').files.map(({ yanked }) => yanked);
  assert.deepEqual(reasons, ['', '', 'false', undefined]);
});

test('takes the first base, names from the path, and reports links that lead to no file', () => {
  const { files, problems } = readFixture('html-base-and-odd-links.html');
  assert.deepEqual(files, [
    {
      filename: 'demo-1.0+local-py3-none-any.whl',
      url: 'https://index.example.org/simple/files/demo-1.0%2Blocal-py3-none-any.whl',
      sha256: 'a'.repeat(64),
    },
    { filename: 'demo-1.1.zip', url: 'https://index.example.org/simple/files/demo-1.1.zip?token=a%2Fb' },
    { filename: 'demo-1.2.tar.gz', url: 'https://index.example.org/simple/files/demo-1.2.tar.gz', coreMetadata: true },
    { filename: 'demo-1.3.tar.gz', url: 'https://index.example.org/simple/files/demo-1.3.tar.gz' },
    { filename: 'demo-1.4.tar.gz', url: 'https://files.example.org/demo-1.4.tar.gz' },
  ]);
  assert.deepEqual(problems, [
    'left out: a link that leads to no file, "/simple/"',
    'left out: a link that leads to no file, "/simple/files/"',
    'left out: a link that leads to no file, "/simple/files/demo-%ff.tar.gz"',
  ]);
});

test('a page on the network does not reach the disk, not even through its base', () => {
  const html = '<base href="file:///srv/"><a href="demo-1.0.tar.gz"></a><a href="file:///etc/demo-1.1.tar.gz"></a>';
  const { files, problems } = readHtmlPage(html, PAGE_URL, demo);
  assert.deepEqual(files, []);
  assert.equal(problems.length, 2);
});

test('a file of another project is left out', () => {
  const html = '<a href="other-1.0-py3-none-any.whl"></a><a href="demo-1.0-py3-none-any.whl"></a>';
  const { files, problems } = readHtmlPage(html, PAGE_URL, demo);
  assert.deepEqual(
    files.map(({ filename }) => filename),
    ['demo-1.0-py3-none-any.whl'],
  );
  assert.deepEqual(problems, ['left out: "other-1.0-py3-none-any.whl" is not a file of demo']);
});

test('an empty page is a project without files', () => {
  assert.deepEqual(readFixture('html-nothing.html'), { project: 'demo', status: 'active', files: [], problems: [] });
});

test('refuses an unknown major version', () => {
  assert.throws(() => readFixture('html-api-2.html'), { code: 'PAGE_INVALID' });
});

test('a flat page has files of every project', () => {
  const { files } = readFlatHtmlPage(fixture('html-flat.html'), 'https://links.example.org/all.html');
  assert.deepEqual(
    files.map(({ url }) => url),
    ['demo-1.0-py3-none-any.whl', 'other_thing-2.0.tar.gz', 'demo-extra-1.0.tar.gz', 'readme.txt'].map(
      (name) => `https://links.example.org/${name}`,
    ),
  );
});
