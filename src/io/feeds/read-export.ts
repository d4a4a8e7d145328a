import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Advisory } from '../../core/advisories/advisory.ts';
import {
  type AdvisoryExport,
  EXPLOITATION_PATHS,
  EXPORT_MANIFEST_PATH,
  type ExportManifest,
  exportDigest,
  exportedPath,
  exportManifestSchema,
} from '../../core/advisories/advisory-export.ts';
import { readFeedEntry } from '../../core/advisories/feed.ts';
import { holdingsOf } from '../../core/advisories/holdings.ts';
import { EXPLOITATION_NAMES, readExploitation } from '../../core/advisories/read-exploitation.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseSha256 } from '../../core/sha256.ts';
import type { FeedLimits } from './limits.ts';
import { readZipMembers, type ZipMember } from './zip-members.ts';

const RECORDS_PER_TURN = 50;
/** EPSS had 11 MB in 2026. */
const MAX_FEED_BYTES = 256 * 2 ** 20;
const FEED_PATHS: ReadonlySet<string> = new Set(Object.values(EXPLOITATION_PATHS));

/**
 * Reads what `packExport` wrote, and believes nothing of it: every record is read, and count, digest and dates of the
 * manifest must be those of the records.
 * @returns undefined for a zip without a manifest, which is an OSV zip of somebody else
 * @throws {WheelgateError} FEED_INVALID when anything is missing, damaged or more than it should be
 */
export async function readExport(bytes: Uint8Array, limits: FeedLimits): Promise<AdvisoryExport | undefined> {
  const manifest = await readManifest(bytes, limits);
  if (manifest === undefined) return undefined;
  const { records, digest } = await readRecords(bytes, manifest, limits);
  const count = [...records.values()].reduce((sum, { length }) => sum + length, 0);
  if (count !== manifest.records) throw damagedExport(`it has ${count} of ${manifest.records} records`);
  if (digest !== manifest.sha256) throw damagedExport('its records are not those that were exported (sha256)');
  const exportedAt = new Date(manifest.exportedAt);
  const sources = manifest.sources.map(({ source, folder, malware, vulnerabilities }) => {
    const advisories = records.get(folder) ?? [];
    const held = holdingsOf(advisories, exportedAt);
    const isTrue = (['malware', 'vulnerabilities'] as const).every((kind) => {
      const said = { malware, vulnerabilities }[kind];
      return said?.records === held[kind]?.records && said?.asOf === held[kind]?.asOf;
    });
    if (!isTrue) throw damagedExport(`the records of ${source} are not as many or not as new as it says`);
    return { source, ...held, advisories };
  });
  return { exportedAt, sha256: parseSha256(digest), sources, exploitation: await readFeeds(bytes, manifest, limits) };
}

async function readManifest(bytes: Uint8Array, limits: FeedLimits): Promise<ExportManifest | undefined> {
  for await (const member of readZipMembers(bytes, limits)) {
    if (member.path !== EXPORT_MANIFEST_PATH) continue;
    let raw: unknown;
    try {
      raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readWithin(member, limits)));
    } catch (error) {
      throw error instanceof WheelgateError ? error : damagedExport('its manifest is not JSON', error);
    }
    const manifest = exportManifestSchema.safeParse(raw);
    if (manifest.success) return manifest.data;
    throw damagedExport('its manifest is not one of wheelgate.advisories-export/1', manifest.error);
  }
  return undefined;
}

async function readFeeds(
  bytes: Uint8Array,
  manifest: ExportManifest,
  limits: FeedLimits,
): Promise<AdvisoryExport['exploitation']> {
  if (manifest.exploitation.length === 0) return [];
  const texts = new Map<string, Uint8Array>();
  for await (const member of readZipMembers(bytes, limits)) {
    if (FEED_PATHS.has(member.path))
      texts.set(member.path, await readWithin(member, { maxRecordBytes: MAX_FEED_BYTES }));
  }
  return manifest.exploitation.map(({ feed, source, records, asOf, sha256 }) => {
    const content = texts.get(EXPLOITATION_PATHS[feed]);
    const name = EXPLOITATION_NAMES[feed];
    if (content === undefined) throw damagedExport(`it lacks ${name}`);
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw damagedExport(`its ${name} is not what was exported (sha256)`);
    const read = readExploitation(feed, new TextDecoder().decode(content));
    if (read.content.entries.size !== records || read.asOf !== asOf || read.rejected > 0)
      throw damagedExport(`its ${name} has not as many CVEs or not the date that it says`);
    return { source, asOf, content: read.content };
  });
}

async function readRecords(bytes: Uint8Array, { sources }: ExportManifest, limits: FeedLimits) {
  const records = new Map(sources.map(({ folder }) => [folder, [] as Advisory[]]));
  const members: { path: string; sha256: string }[] = [];
  for await (const member of readZipMembers(bytes, limits)) {
    const { path } = member;
    if (path === EXPORT_MANIFEST_PATH || FEED_PATHS.has(path)) continue;
    if (members.length % RECORDS_PER_TURN === 0) await nextTurn();
    const folder = path.slice(0, Math.max(0, path.indexOf('/')));
    const there = records.get(folder);
    if (there === undefined) throw damagedExport('it holds a file that belongs to no source');
    const content = await readWithin(member, limits);
    const entry = readFeedEntry(content, path);
    if (entry.kind === 'rejected') throw damagedExport(entry.error.message, entry.error);
    if (entry.kind === 'ignored' || exportedPath(folder, entry.advisory.id) !== path) {
      throw damagedExport('a record is not the one that its name says');
    }
    there.push(entry.advisory);
    members.push({ path, sha256: createHash('sha256').update(content).digest('hex') });
  }
  return { records, digest: exportDigest(members) };
}

async function readWithin(
  member: ZipMember,
  { maxRecordBytes }: Pick<FeedLimits, 'maxRecordBytes'>,
): Promise<Uint8Array> {
  if (member.size > maxRecordBytes) throw damagedExport(`a file in it has ${member.size} bytes`);
  return member.read();
}

function damagedExport(reason: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The export is damaged or incomplete: ${reason}.`,
    'Copy it again, or export it again. Nothing of it was used; the advisories known before stay in force.',
    cause,
  );
}
