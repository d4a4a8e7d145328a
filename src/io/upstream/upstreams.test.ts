import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testUpstream } from '../../../test/contract/upstream.ts';
import { startFakeIndex } from '../../../test/fakes/fake-index.ts';
import { DirectoryIndex } from './directory-index.ts';
import { FindLinksPage } from './find-links-page.ts';
import { Folder } from './folder.ts';
import { HttpIndex } from './http-index.ts';
import { LocalPage } from './local-page.ts';

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'wheelgate-upstream-'));
  return { path, breakDown: async () => rmSync(path, { recursive: true, force: true }) };
}

function links(
  folder: string,
  prefix: string,
  matches: (name: string) => boolean,
  bytesOf: (name: string) => Uint8Array,
): string {
  return readdirSync(folder)
    .filter(matches)
    .map(
      (name) =>
        `<a href="${prefix}${name}#sha256=${createHash('sha256').update(bytesOf(name)).digest('hex')}">${name}</a>`,
    )
    .join('\n');
}

for (const mode of ['json', 'html'] as const) {
  testUpstream(`index over HTTP in ${mode}`, async () => {
    const fake = await startFakeIndex({ mode });
    return {
      upstream: new HttpIndex(fake.simpleUrl, {}),
      addFile: (project, filename, bytes) => void fake.addFile(project, filename, bytes),
      breakDown: () => fake.stop(),
    };
  });
}

testUpstream('index in folders', async () => {
  const { path, breakDown } = temporaryFolder();
  const all = new Map<string, Uint8Array>();
  mkdirSync(join(path, 'files'));
  return {
    upstream: new DirectoryIndex(join(path, 'simple'), {}),
    breakDown,
    addFile(project, filename, bytes) {
      all.set(filename, bytes);
      mkdirSync(join(path, 'simple', project), { recursive: true });
      writeFileSync(join(path, 'files', filename), bytes);
      const html = links(
        join(path, 'files'),
        '../../files/',
        (name) => name.startsWith(`${project}-`),
        (name) => all.get(name)!,
      );
      writeFileSync(join(path, 'simple', project, 'index.html'), html);
    },
  };
});

testUpstream('folder of files', async () => {
  const { path, breakDown } = temporaryFolder();
  return {
    upstream: new Folder(path, {}),
    breakDown,
    addFile: (_project, filename, bytes) => writeFileSync(join(path, filename), bytes),
  };
});

testUpstream('find-links page on disk', async () => {
  const { path, breakDown } = temporaryFolder();
  const all = new Map<string, Uint8Array>();
  return {
    upstream: new LocalPage(join(path, 'links.html'), {}),
    breakDown,
    addFile(_project, filename, bytes) {
      all.set(filename, bytes);
      writeFileSync(join(path, filename), bytes);
      writeFileSync(
        join(path, 'links.html'),
        links(
          path,
          '',
          (name) => name.endsWith('.whl'),
          (name) => all.get(name)!,
        ),
      );
    },
  };
});

testUpstream('find-links page over HTTP', async () => {
  const fake = await startFakeIndex();
  const lines: string[] = [];
  return {
    upstream: new FindLinksPage(`${fake.origin}/links.html`, {}),
    breakDown: () => fake.stop(),
    addFile(project, filename, bytes) {
      const { path, sha256 } = fake.addFile(project, filename, bytes);
      lines.push(`<a href="${path}#sha256=${sha256}">${filename}</a>`);
      fake.answerWith('/links.html', { headers: { 'content-type': 'text/html' }, body: lines.join('\n') });
    },
  };
});
