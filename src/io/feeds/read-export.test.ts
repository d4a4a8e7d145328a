import assert from 'node:assert/strict';
import test from 'node:test';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { anAdvisory, anAffected } from '../../../test/builders/an-advisory.ts';
import {
  EXPLOITATION_PATHS,
  EXPORT_MANIFEST_PATH,
  type ExportedExploitation,
  type ExportedSource,
} from '../../core/advisories/advisory-export.ts';
import { holdingsOf } from '../../core/advisories/holdings.ts';
import { hasCode } from '../../core/errors.ts';
import { parseProjectName } from '../../core/python/name.ts';
import { defaultFeedLimits } from './limits.ts';
import { packExport } from './pack-export.ts';
import { readExport } from './read-export.ts';
import { loadSnapshot } from './snapshot.ts';
import { readZipFeed } from './zip-feed.ts';

const NOW = new Date('2026-02-01T00:00:00Z');
const aSource = (source: string, advisories: ExportedSource['advisories']): ExportedSource => ({
  source,
  ...holdingsOf(advisories, NOW),
  advisories,
});
const read = (zip: Uint8Array) => readExport(zip, defaultFeedLimits);

const SOURCES = [
  aSource('https://osv.example/all.zip', [
    anAdvisory({ id: 'GHSA-x:1', withdrawn: '2026-01-20T00:00:00.000Z', affected: [] }),
    // Malware without an id that says so, dated in the future: both must survive.
    anAdvisory({ id: 'SONATYPE-1', kind: 'malware', origins: 2, modified: '2027-01-01T00:00:00.000Z' }),
  ]),
  aSource('team', [
    anAdvisory({ id: 'TEAM-1', affected: [anAffected({ project: parseProjectName('other'), versions: ['odd'] })] }),
    anAdvisory({ id: 'TEAM-2', summary: 'Ünïcode' }),
  ]),
];
const EXPLOITATION: readonly ExportedExploitation[] = [
  {
    source: 'https://epss.example/scores.csv',
    asOf: '2026-01-31T00:00:00.000Z',
    content: { feed: 'epss', entries: new Map([['CVE-2026-0001', { score: 0.00001, percentile: 0.5 }]]) },
  },
  {
    source: '/data/kev.json',
    asOf: '2026-01-30T12:00:00.000Z',
    content: { feed: 'kev', entries: new Map([['CVE-2026-0001', { since: '2026-01-02', ransomware: true }]]) },
  },
];
const { zip, manifest } = packExport(SOURCES, EXPLOITATION, NOW);

test('reading an export gives what was exported, source by source', async () => {
  assert.deepEqual(await read(zip), {
    exportedAt: NOW,
    sha256: manifest.sha256,
    sources: SOURCES,
    exploitation: EXPLOITATION,
  });
});

test('equal input gives equal bytes', () => {
  assert.deepEqual(packExport(SOURCES, EXPLOITATION, NOW).zip, zip);
});

test('other readers of OSV zips find every record, and nothing else', async () => {
  const kinds: string[] = [];
  for await (const entry of readZipFeed(zip, defaultFeedLimits)) kinds.push(entry.kind);
  assert.deepEqual(kinds, ['advisory', 'advisory', 'advisory', 'advisory']);
});

test('a zip without a manifest is no export', async () => {
  assert.equal(await read(zipSync({ 'X-1.json': new Uint8Array() })), undefined);
});

test('the advisories that ship survive the way', async () => {
  const advisories = [];
  for await (const entry of (await loadSnapshot()).entries) {
    if (entry.kind === 'advisory') advisories.push(entry.advisory);
  }
  const exported = await read(packExport([aSource('snapshot', advisories)], [], NOW).zip);
  assert.deepEqual(exported?.sources[0]?.advisories, advisories);
});

/** The same zip with other members; undefined leaves one out. */
function altered(change: (members: Record<string, Uint8Array>) => void): Uint8Array {
  const members = unzipSync(zip);
  change(members);
  return zipSync(members);
}
function withManifest(over: Record<string, unknown>): Uint8Array {
  return altered((members) => {
    const text = JSON.stringify({ ...JSON.parse(strFromU8(members[EXPORT_MANIFEST_PATH]!)), ...over });
    members[EXPORT_MANIFEST_PATH] = Buffer.from(text);
  });
}
const flipped = (at: number) => zip.map((byte, i) => (i === at ? byte ^ 1 : byte));
const TEAM_1 = 'source-2/TEAM-1.json';

for (const [why, bytes, reason] of [
  ['a copy that broke off', zip.subarray(0, zip.length >> 1), /zip file/],
  ['a copy that lacks its last byte', zip.subarray(0, zip.length - 1), /zip file/],
  ['a bit that flipped in a record', flipped(zip.length >> 1), /zip file|damaged/],
  [
    'a record that was changed, with a right sum in the zip',
    altered((members) => {
      members[TEAM_1] = Buffer.from(strFromU8(members[TEAM_1]!).replace('odd', 'even'));
    }),
    /sha256/,
  ],
  ['a record that is missing', altered((members) => delete members[TEAM_1]), /3 of 4 records/],
  [
    'a record under the name of another',
    altered((members) => {
      members[TEAM_1] = members['source-2/TEAM-2.json']!;
    }),
    /its name says/,
  ],
  [
    'a record that is broken',
    altered((members) => {
      members[TEAM_1] = Buffer.from('{');
    }),
    /TEAM-1/,
  ],
  [
    'a file of no source',
    altered((members) => {
      members['source-9/X-1.json'] = members[TEAM_1]!;
    }),
    /no source/,
  ],
  ['a manifest that is no JSON', altered((members) => (members[EXPORT_MANIFEST_PATH] = Buffer.from('{'))), /not JSON/],
  ['a format of later', withManifest({ schema: 'wheelgate.advisories-export/2' }), /not one of/],
  ['a source named twice', withManifest({ sources: [manifest.sources[0], manifest.sources[0]] }), /not one of/],
  [
    'a source that hides in the terminal',
    withManifest({ sources: manifest.sources.map((one, at) => ({ ...one, source: `\u202e${at}` })) }),
    /not one of/,
  ],
  [
    'dates that are not those of the records',
    withManifest({
      sources: manifest.sources.map((one) => ({ ...one, malware: { records: 1, asOf: '2026-01-31T00:00:00.000Z' } })),
    }),
    /not as new/,
  ],
  ['EPSS that is missing', altered((members) => delete members[EXPLOITATION_PATHS.epss]), /lacks EPSS/],
  [
    'KEV that was changed',
    altered((members) => {
      members[EXPLOITATION_PATHS.kev] = Buffer.from(
        strFromU8(members[EXPLOITATION_PATHS.kev]!).replace('0001', '0002'),
      );
    }),
    /its KEV is not what was exported/,
  ],
  [
    'another date of EPSS',
    withManifest({
      exploitation: manifest.exploitation.map((one) => ({ ...one, asOf: '2026-02-01T00:00:00.000Z' })),
    }),
    /its EPSS has not as many/,
  ],
  ['a feed twice', withManifest({ exploitation: [manifest.exploitation[0], manifest.exploitation[0]] }), /not one of/],
  ['another digest', withManifest({ sha256: '0'.repeat(64) }), /sha256/],
] as const) {
  test(`refuses ${why}`, async () => {
    await assert.rejects(read(bytes), (error) => hasCode(error, 'FEED_INVALID') && reason.test(error.message));
  });
}
