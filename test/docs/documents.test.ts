import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { scanReportSchema } from '../../src/api/scan.ts';
import { ROOT, readDocument } from './markdown.ts';

const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'data/README.md',
];

/** Links of a document, without code blocks. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

for (const document of documents) {
  test(`${document}: every link within the repository leads somewhere`, () => {
    for (const target of linksOf(readDocument(document))) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : normalize(join(dirname(document), path));
      assert.ok(existsSync(join(ROOT, file)), `${target}: there is no ${file}`);
      if (anchor !== undefined)
        assert.ok(anchorsOf(readDocument(file)).has(anchor), `${target}: there is no ${anchor}`);
    }
  });

  test(`${document}: every path in the code exists`, () => {
    const paths =
      readDocument(document).match(/(?<![\w./-])(?:src|test|scripts|bin|data|docs|bench)\/[\w./-]*\w\/?/g) ?? [];
    for (const path of new Set(paths)) {
      assert.ok(existsSync(join(ROOT, path)), `there is no ${path}`);
    }
  });
}

test('the README opens with the two commands that do everything', () => {
  const opening = readDocument('README.md').split('\n').slice(0, 10).join('\n');
  assert.match(opening, /^npm ci && npm start\b/m);
  assert.match(opening, /^npm ci && npm test\b/m);
});

test('every decision has a number of its own and the same sections', () => {
  const decisions = readdirSync(join(ROOT, 'docs/adr')).sort();
  const numbers = decisions.map((name) => name.slice(0, 4));
  assert.deepEqual(numbers, [...new Set(numbers)]);
  for (const name of decisions) {
    assert.match(name, /^\d{4}-[a-z0-9-]+\.md$/);
    const text = readDocument(`docs/adr/${name}`);
    assert.match(text, new RegExp(`^# ${name.slice(0, 4)}[.:] `), name);
    for (const section of ['## Context', '## Decision', '## Consequences'])
      assert.ok(text.includes(`\n${section}\n`), `${name}: ${section}`);
  }
});

test('docs/cli.md shows a scan report as the schema has it', () => {
  const [, json = ''] = /```json\n([^`]*)```/.exec(readDocument('docs/cli.md')) ?? [];
  assert.doesNotThrow(() => scanReportSchema.parse(JSON.parse(json)));
});

test('what the Dockerfile copies is there and not ignored', () => {
  const sources = [...readDocument('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) =>
    list!.split(' '),
  );
  assert.ok(sources.length > 5);
  const allowed = readDocument('.dockerignore').split('\n');
  for (const source of sources) {
    assert.ok(existsSync(join(ROOT, source)), source);
    assert.ok(allowed.includes(`!${source}`), `.dockerignore leaves ${source} out`);
  }
});

test('no document names what only exists on one machine', () => {
  const tracked = spawnSync('git', ['ls-files', '*.md', '*.yaml', 'Dockerfile'], { cwd: ROOT, encoding: 'utf8' });
  const files = tracked.status === 0 ? tracked.stdout.split('\n').filter(Boolean) : documents;
  for (const file of files) assert.doesNotMatch(readDocument(file), /\/(?:work|root)\//, file);
});
