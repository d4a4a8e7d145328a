import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { renderHtmlPage } from './render-html.ts';
import { renderJsonPage } from './render-json.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

const demo = parseProjectName('demo');
const digest = parseSha256('a'.repeat(64));
const folder = `packages/aa/bb/${'c'.repeat(60)}`;

function aPage(file: Partial<ServedFile>, over: Partial<ServedPage> = {}): ServedPage {
  const filename = file.filename ?? 'demo-1.0-py3-none-any.whl';
  const files = [{ filename, path: `${folder}/${filename}`, ...file }];
  return { project: demo, status: 'active', versions: ['1.0'], files, ...over };
}

test('writes JSON with the keys of 1.4', () => {
  const page = aPage({
    sha256: digest,
    size: 7,
    uploadTime: new Date('2026-01-02T03:04:05.678Z'),
    requiresPython: '>=3.9',
    yanked: 'why',
    coreMetadata: digest,
    provenance: 'https://gate/p',
  });
  assert.deepEqual(JSON.parse(renderJsonPage(page, '../../')), {
    meta: { 'api-version': '1.4' },
    name: 'demo',
    'project-status': { status: 'active' },
    versions: ['1.0'],
    files: [
      {
        filename: 'demo-1.0-py3-none-any.whl',
        url: `../../${folder}/demo-1.0-py3-none-any.whl`,
        hashes: { sha256: digest },
        size: 7,
        'upload-time': '2026-01-02T03:04:05.678000Z',
        'requires-python': '>=3.9',
        yanked: 'why',
        'core-metadata': { sha256: digest },
        provenance: 'https://gate/p',
      },
    ],
  });
});

test('what is unknown is not written, and a page without sizes claims 1.0', () => {
  const json = JSON.parse(renderJsonPage(aPage({}), '../../'));
  assert.deepEqual(json.meta, { 'api-version': '1.0' });
  assert.deepEqual(json.files[0], {
    filename: 'demo-1.0-py3-none-any.whl',
    url: `../../${folder}/demo-1.0-py3-none-any.whl`,
    hashes: {},
  });
});

test('an empty page claims 1.4', () => {
  assert.equal(JSON.parse(renderJsonPage(aPage({}, { files: [] }), '')).meta['api-version'], '1.4');
});

test('a yank without a reason is true in JSON and an empty attribute in HTML', () => {
  const page = aPage({ yanked: '' });
  assert.equal(JSON.parse(renderJsonPage(page, '')).files[0].yanked, true);
  assert.match(renderHtmlPage(page, ''), / data-yanked=""/);
});

test('metadata: one key in JSON, both attributes in HTML', () => {
  const page = aPage({ coreMetadata: true });
  const [file] = JSON.parse(renderJsonPage(page, '')).files;
  assert.equal(file['core-metadata'], true);
  assert.ok(!Object.keys(file).some((key) => key.includes('dist-info')));
  assert.match(renderHtmlPage(page, ''), / data-core-metadata="true" data-dist-info-metadata="true"/);
});

test('writes HTML as PEP 503, 629 and 792 want it', () => {
  const page = aPage({ sha256: digest }, { status: 'archived', statusReason: 'moved' });
  assert.equal(
    renderHtmlPage(page, '../../'),
    [
      '<!DOCTYPE html>',
      '<html><head><meta charset="utf-8"><meta name="pypi:repository-version" content="1.4">' +
        '<meta name="pypi:project-status" content="archived"><meta name="pypi:project-status-reason" content="moved">' +
        '<title>Links for demo</title></head><body><h1>Links for demo</h1>',
      `<a href="../../${folder}/demo-1.0-py3-none-any.whl#sha256=${digest}">demo-1.0-py3-none-any.whl</a><br/>`,
      '</body></html>',
      '',
    ].join('\n'),
  );
});

test('a status that we do not know is not handed on', () => {
  const page = aPage({}, { status: 'unknown', statusReason: 'x' });
  assert.equal(JSON.parse(renderJsonPage(page, ''))['project-status'], undefined);
  assert.doesNotMatch(renderHtmlPage(page, ''), /project-status/);
});

test('foreign text cannot leave its attribute', () => {
  const hostile = `"><script>alert('1')</script>&`;
  const html = renderHtmlPage(
    aPage({ yanked: hostile, requiresPython: hostile, provenance: hostile }, { statusReason: hostile }),
    '',
  );
  assert.doesNotMatch(html, /<script|'1'|""/);
});
