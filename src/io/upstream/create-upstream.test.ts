import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createUpstream, type UpstreamOptions } from './create-upstream.ts';
import { PYPI } from './pypi-address.ts';

const top = mkdtempSync(join(tmpdir(), 'wheelgate-create-'));
after(() => rmSync(top, { recursive: true, force: true }));
mkdirSync(join(top, 'index', 'simple', 'demo'), { recursive: true });
writeFileSync(join(top, 'index', 'simple', 'demo', 'index.html'), '');
mkdirSync(join(top, 'wheels', 'simple'), { recursive: true });
writeFileSync(join(top, 'wheels', 'links.html'), '');
writeFileSync(join(top, 'ca.pem'), 'x');

for (const [why, location, options, kind, name] of [
  ['an index', 'https://h.example.org/simple/', {}, 'HttpIndex', 'https://h.example.org/simple/'],
  ['an index without a slash', 'https://h.example.org/root/pypi', {}, 'HttpIndex', 'https://h.example.org/root/pypi/'],
  ['an index without a path', 'https://h.example.org', {}, 'HttpIndex', 'https://h.example.org/simple/'],
  ['PyPI itself', new URL(PYPI.indexUrl).origin, {}, 'HttpIndex', PYPI.indexUrl],
  ['an index with credentials', 'https://u:p@h.example.org/simple', {}, 'HttpIndex', 'https://h.example.org/simple/'],
  [
    'an index with company certificates',
    'https://h.example.org/simple',
    { caFile: join(top, 'ca.pem') },
    'HttpIndex',
    'https://h.example.org/simple/',
  ],
  [
    'a find-links page',
    'https://h.example.org/a/links.html',
    {},
    'FindLinksPage',
    'https://h.example.org/a/links.html',
  ],
  [
    'a find-links page by word',
    'https://h.example.org/a/',
    { kind: 'find-links' },
    'FindLinksPage',
    'https://h.example.org/a/',
  ],
  [
    'an index that ends like a page by word',
    'https://h.example.org/x.html',
    { kind: 'index' },
    'HttpIndex',
    'https://h.example.org/x.html/',
  ],
  [
    'an index in folders',
    join(top, 'index', 'simple'),
    {},
    'DirectoryIndex',
    pathToFileURL(join(top, 'index', 'simple/')).href,
  ],
  [
    'its URL',
    pathToFileURL(join(top, 'index', 'simple')).href,
    {},
    'DirectoryIndex',
    pathToFileURL(join(top, 'index', 'simple/')).href,
  ],
  [
    'the folder around it',
    join(top, 'index/'),
    {},
    'DirectoryIndex',
    pathToFileURL(join(top, 'index', 'simple/')).href,
  ],
  ['a folder of files', join(top, 'wheels'), {}, 'Folder', pathToFileURL(join(top, 'wheels/')).href],
  [
    'a folder of files by word',
    join(top, 'index', 'simple'),
    { kind: 'find-links' },
    'Folder',
    pathToFileURL(join(top, 'index', 'simple/')).href,
  ],
  [
    'an empty index by word',
    join(top, 'wheels'),
    { kind: 'index' },
    'DirectoryIndex',
    pathToFileURL(join(top, 'wheels/')).href,
  ],
  [
    'a find-links page on disk',
    join(top, 'wheels', 'links.html'),
    {},
    'LocalPage',
    pathToFileURL(join(top, 'wheels', 'links.html')).href,
  ],
] as const satisfies readonly (readonly [string, string, UpstreamOptions, string, string])[]) {
  test(`makes ${why}`, () => {
    const upstream = createUpstream(location, options);
    assert.deepEqual([upstream.constructor.name, upstream.name], [kind, name]);
  });
}

for (const [why, location, options] of [
  ['another scheme', 'ftp://u:secret@h.example.org/', {}],
  ['a relative path', 'wheels', {}],
  ['nothing', '', {}],
  ['no URL', 'https://[', {}],
  ['a folder that is not there', join(top, 'absent'), {}],
  ['a file of another machine', 'file://server/share', {}],
  ['a file that is no page', join(top, 'ca.pem'), {}],
  ['a page as an index', join(top, 'wheels', 'links.html'), { kind: 'index' }],
  ['certificates that are not there', 'https://h.example.org/', { caFile: join(top, 'absent.pem') }],
] as const satisfies readonly (readonly [string, string, UpstreamOptions])[]) {
  test(`refuses ${why}, without showing credentials`, () => {
    assert.throws(
      () => createUpstream(location, options),
      (error) => {
        assert.equal((error as { code?: string }).code, 'CONFIG_INVALID');
        assert.doesNotMatch(String(error), /secret/);
        return true;
      },
    );
  });
}
