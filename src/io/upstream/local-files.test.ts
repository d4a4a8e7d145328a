import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseProjectName } from '../../core/python/name.ts';
import type { Upstream } from '../../gate/ports.ts';
import { DirectoryIndex } from './directory-index.ts';
import { Folder } from './folder.ts';
import { folderAround } from './local-files.ts';

const demo = parseProjectName('demo');
const never = new AbortController().signal;
const top = mkdtempSync(join(tmpdir(), 'wheelgate-local-'));
after(() => rmSync(top, { recursive: true, force: true }));
let count = 0;

/** `outside/secret-1.0.tar.gz` lies beside the folder of the upstream. */
function aPlace() {
  const place = join(top, String(++count));
  for (const folder of ['index/simple/demo', 'index/files', 'outside'])
    mkdirSync(join(place, folder), { recursive: true });
  writeFileSync(join(place, 'outside', 'demo-6.6.tar.gz'), 'secret');
  writeFileSync(join(place, 'index', 'files', 'demo-1.0.tar.gz'), 'content');
  return {
    path: (...parts: string[]) => join(place, ...parts),
    writePage: (html: string) => writeFileSync(join(place, 'index', 'simple', 'demo', 'index.html'), html),
  };
}

async function pageOf(upstream: Upstream) {
  const answer = await upstream.readPage(demo);
  assert.ok(answer.kind === 'page');
  return answer.page;
}

async function readText(upstream: Upstream, url: string): Promise<string> {
  const { body } = await upstream.openFile({ filename: 'demo-1.0.tar.gz', url }, never);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a page in a folder has sizes from the disk, and says what is not there', async () => {
  const { path, writePage } = aPlace();
  writePage('<a href="../../files/demo-1.0.tar.gz">x</a><a href="../../files/demo-2.0.tar.gz">gone</a>');
  const { files, problems } = await pageOf(new DirectoryIndex(path('index', 'simple'), {}));
  assert.deepEqual(files, [
    { filename: 'demo-1.0.tar.gz', url: pathToFileURL(path('index', 'files', 'demo-1.0.tar.gz')).href, size: 7 },
  ]);
  assert.deepEqual(problems, ['left out: "demo-2.0.tar.gz", the file is not there']);
});

for (const [why, prepare] of [
  ['by its path', ({ writePage }) => writePage('<a href="../../../outside/demo-6.6.tar.gz">x</a>')],
  [
    'by a link to a file',
    ({ path, writePage }) => {
      symlinkSync(path('outside', 'demo-6.6.tar.gz'), path('index', 'files', 'demo-6.6.tar.gz'));
      writePage('<a href="../../files/demo-6.6.tar.gz">x</a>');
    },
  ],
  [
    'by a link to a folder',
    ({ path, writePage }) => {
      symlinkSync(path('outside'), path('index', 'more'));
      writePage('<a href="../../more/demo-6.6.tar.gz">x</a>');
    },
  ],
  ['over the network', ({ writePage }) => writePage('<a href="https://files.example.org/demo-6.6.tar.gz">x</a>')],
  [
    'to a folder',
    ({ path, writePage }) => {
      mkdirSync(path('index', 'files', 'demo-6.6.tar.gz'));
      writePage('<a href="../../files/demo-6.6.tar.gz">x</a>');
    },
  ],
] as const satisfies readonly (readonly [string, (place: ReturnType<typeof aPlace>) => void])[]) {
  test(`a page that leads outside ${why} does not get there`, async () => {
    const place = aPlace();
    prepare(place);
    const upstream = new DirectoryIndex(place.path('index', 'simple'), {});
    const { files, problems } = await pageOf(upstream);
    assert.deepEqual(files, []);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^left out: "demo-6\.6\.tar\.gz", /);
  });
}

test('a project page that is a link to outside is refused', async () => {
  const { path } = aPlace();
  writeFileSync(path('outside', 'index.html'), '');
  symlinkSync(path('outside', 'index.html'), path('index', 'simple', 'demo', 'index.html'));
  await assert.rejects(new DirectoryIndex(path('index', 'simple'), {}).readPage(demo), { code: 'UPSTREAM_REFUSED' });
});

test('folders named by the operator may be led into, also when reached by a link', async () => {
  const { path, writePage } = aPlace();
  symlinkSync(path('outside'), path('link'));
  writePage('<a href="../../../outside/demo-6.6.tar.gz">x</a>');
  const upstream = new DirectoryIndex(path('index', 'simple'), { fileRoots: [path('link')] });
  const { files, problems } = await pageOf(upstream);
  assert.deepEqual(problems, []);
  assert.equal(await readText(upstream, files[0]!.url), 'secret');
});

test('an index whose root is itself a link works', async () => {
  const { path, writePage } = aPlace();
  writePage('<a href="../../files/demo-1.0.tar.gz">x</a>');
  symlinkSync(path('index'), path('link'));
  const upstream = new DirectoryIndex(path('link', 'simple'), {});
  assert.equal(await readText(upstream, (await pageOf(upstream)).files[0]!.url), 'content');
});

test('in a folder of files, other files, folders and links to outside are left out', async () => {
  const { path } = aPlace();
  const folder = path('index', 'files');
  writeFileSync(join(folder, 'README.txt'), '');
  writeFileSync(join(folder, 'demo-1.0.win32.exe'), '');
  writeFileSync(join(folder, 'demo-extra-1.0.tar.gz'), '');
  symlinkSync(path('outside', 'demo-6.6.tar.gz'), join(folder, 'demo-6.6.tar.gz'));
  const upstream = new Folder(folder, {});
  const { files, problems } = await pageOf(upstream);
  assert.deepEqual(
    files.map(({ filename }) => filename),
    ['demo-1.0.tar.gz'],
  );
  assert.equal(problems.length, 1);
  assert.deepEqual(await upstream.listProjects(), ['demo', 'demo-extra']);
});

test('a file in a folder is hashed again when it changed', async () => {
  const { path } = aPlace();
  const file = path('index', 'files', 'demo-1.0.tar.gz');
  const upstream = new Folder(path('index', 'files'), {});
  const before = (await pageOf(upstream)).files[0]?.sha256;
  assert.equal((await pageOf(upstream)).files[0]?.sha256, before);
  writeFileSync(file, 'CONTENT');
  utimesSync(file, new Date(), new Date('2026-01-01T00:00:00Z'));
  assert.notEqual((await pageOf(upstream)).files[0]?.sha256, before);
  const url = pathToFileURL(file).href;
  const at = await upstream.lastModified({ filename: 'demo-1.0.tar.gz', url });
  assert.deepEqual(at, new Date('2026-01-01T00:00:00Z'));
});

test('beside a folder at the top of the disk lies the whole disk', () => {
  assert.equal(folderAround('/srv/index/simple'), '/srv/index');
  assert.equal(folderAround('/simple'), '/simple');
});
