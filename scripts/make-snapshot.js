// Makes the data that ships with the package (data/README.md). Needs the TypeScript sources, so run it as
//   node --import tsx scripts/make-snapshot.js <OSV zip or folder> <list of popular projects>
// Equal input gives equal bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { parseProjectName } from '../src/core/python/name.ts';
import { openFeed } from '../src/io/feeds/open-feed.ts';
import { packSnapshot } from '../src/io/feeds/snapshot.ts';

/** Whose records may be in the snapshot, by the start of their ids. Any other record stops the script. */
const SOURCES = [
  {
    idPrefix: 'PYSEC-',
    name: 'PyPI Advisory Database',
    kind: 'vulnerability',
    url: 'https://github.com/pypa/advisory-database',
    licence: 'CC-BY-4.0',
  },
  {
    idPrefix: 'MAL-0001-',
    name: 'pypi_malregistry (names and versions only)',
    kind: 'malware',
    url: 'https://github.com/lxyeternal/pypi_malregistry',
    licence: 'none stated; facts only',
  },
];

const [feedPath, topPath] = process.argv.slice(2);
if (!feedPath || !topPath) throw new Error('usage: make-snapshot.js <OSV zip or folder> <list of popular projects>');

const { feed } = await openFeed(feedPath);
const advisories = [];
for await (const entry of feed.entries) {
  if (entry.kind === 'rejected') throw entry.error;
  if (entry.kind === 'advisory') advisories.push(entry.advisory);
}
const sources = SOURCES.map(({ idPrefix, ...source }) => {
  const own = advisories.filter(({ id }) => id.startsWith(idPrefix));
  const asOf = own
    .map(({ modified }) => modified)
    .sort()
    .at(-1);
  return { ...source, asOf, records: own.length };
});
const credited = sources.reduce((sum, { records }) => sum + records, 0);
if (credited !== advisories.length) throw new Error('a record comes from a source that is not credited in SOURCES');

const names = readFileSync(topPath, 'utf8')
  .split('\n')
  .filter((line) => line !== '');
const topProjects = [...new Set(names.map(parseProjectName))];

const files = {
  'advisories.jsonl.br': packSnapshot(sources, advisories),
  'top-projects.txt.br': brotliCompressSync(`${topProjects.join('\n')}\n`),
};
for (const [name, bytes] of Object.entries(files)) {
  writeFileSync(new URL(`../data/${name}`, import.meta.url), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}
console.log(sources, `${topProjects.length} project names`);
