import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { feedExportSchema, feedImportSchema, feedStatusSchema } from '../../src/api/feed.ts';
import { aZip } from '../builders/a-zip.ts';
import { anOsvEntry, anOsvRecord } from '../builders/an-advisory.ts';
import { runWheelgate } from './start-gate.ts';

// From a gate with a network to one without, as two operators would do it.

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-export-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const run = (data: string, ...args: readonly string[]) =>
  runWheelgate(args, { WHEELGATE_DATA: join(folder, data), WHEELGATE_UPSTREAM: folder });

async function importFeed(data: string, path: string, ...flags: readonly string[]) {
  const { code, out, err } = await run(data, 'feeds', 'import', path, '--format', 'json', ...flags);
  assert.notEqual(out, '', err);
  return { code, imports: feedImportSchema.parse(JSON.parse(out)).imports };
}

async function sourcesOf(data: string) {
  const { out } = await run(data, 'feeds', 'status', '--format', 'json');
  return feedStatusSchema.parse(JSON.parse(out)).sources.map(({ importedAt: _, ...source }) => source);
}

test('what one gate exports another imports: the same sources, dates and findings', async () => {
  const record = anOsvRecord({
    id: 'PYSEC-2026-1',
    affected: [anOsvEntry({ package: { ecosystem: 'PyPI', name: 'six' } })],
  });
  const feed = join(folder, 'all.zip');
  await writeFile(feed, aZip([{ name: 'PYSEC-2026-1.json', data: JSON.stringify(record) }]));
  assert.equal((await importFeed('near', feed)).code, 0);

  const file = join(folder, 'export.zip');
  const exported = await run('near', 'feeds', 'export', file, '--format', 'json');
  assert.equal(exported.code, 0, exported.err);
  const said = feedExportSchema.parse(JSON.parse(exported.out));
  assert.ok(said.records > 10_000);

  const { code, imports } = await importFeed('far', file);
  assert.equal(code, 0);
  assert.deepEqual(
    imports.map(({ location, outcome }) => [location, outcome]),
    [
      [feed, 'imported'],
      ['snapshot', 'not-modified'],
    ],
  );
  assert.deepEqual(await sourcesOf('far'), await sourcesOf('near'));
  assert.deepEqual(await sourcesOf('far'), said.sources);

  const pins = join(folder, 'requirements.txt');
  await writeFile(pins, 'six==1.16.0\nflask==2.2.2\nclick==8.1.7\n');
  const near = await run('near', 'audit', pins, '--format', 'json');
  const far = await run('far', 'audit', pins, '--format', 'json');
  assert.equal(far.code, 1);
  assert.match(far.out, /PYSEC-2026-1/);
  assert.equal(far.out, near.out);

  const there = await run('near', 'feeds', 'export', file);
  assert.equal(there.code, 3, 'what is there is not overwritten');
  assert.match(there.err, /is there already/);

  const before = await sourcesOf('far');
  const broken = join(folder, 'broken.zip');
  await writeFile(broken, (await readFile(file)).subarray(0, -100));
  const refused = await importFeed('far', broken, '--force');
  assert.equal(refused.code, 4);
  assert.deepEqual(
    refused.imports.map(({ outcome }) => outcome),
    ['failed'],
  );
  assert.deepEqual(await sourcesOf('far'), before);
});
