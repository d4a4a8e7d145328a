import { z } from 'zod';
import { WheelgateError } from '../errors.ts';
import { tryParseProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import type { AdvisoryRange, AffectedProject, RangeEvent, SeverityClaim } from './advisory.ts';
import { worstVector } from './cvss.ts';

// In the order in which the schema lets them take effect at one version.
const EVENT_TYPES = ['introduced', 'last_affected', 'fixed', 'limit'] as const;

/** Nothing depends on these fields being right: what cannot be read counts as not said. */
export const hint = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const severityList = hint(z.array(hint(z.object({ score: z.string() }))));

/** `package` is absent in entries that are about a source repository only. */
const packageSchema = z.object({ package: z.object({ ecosystem: z.string() }).nullish() });

const affectedSchema = z.object({
  package: z.object({ name: z.string() }),
  versions: z.array(z.string()).nullish(),
  ranges: z.array(z.object({ type: z.string(), events: z.array(z.record(z.string(), z.unknown())) })).nullish(),
  severity: severityList,
  database_specific: hint(
    z.object({
      severity: hint(z.string()),
      last_known_affected_version_range: hint(z.string().max(200)),
      indicators: hint(
        z.object({
          package_integrity: hint(z.array(hint(z.object({ hashes: hint(z.object({ sha256: hint(z.string()) })) })))),
        }),
      ),
    }),
  ),
});

/** True for an `affected` entry of the ecosystem PyPI, with or without a suffix. Case counts, as in the schema. */
export function isAboutPypi(entry: unknown, record: string, path: string): boolean {
  const ecosystem = readAs(packageSchema, entry, record, path).package?.ecosystem;
  return ecosystem?.split(':', 1)[0] === 'PyPI';
}

/**
 * Reads one `affected` entry about PyPI.
 * @param path where the entry is in its record, for the error
 * @throws {WheelgateError} ADVISORY_INVALID, also when nothing in the entry could ever match a release
 */
export function parseAffected(raw: unknown, record: string, path: string): AffectedProject {
  const entry = readAs(affectedSchema, raw, record, path);
  const project = tryParseProjectName(entry.package.name);
  if (project === undefined)
    throw invalidRecord(record, `${path}: ${quoted(entry.package.name)} is not a project name`);
  const ranges = (entry.ranges ?? [])
    .filter(({ type }) => type === 'ECOSYSTEM' || type === 'SEMVER')
    .map(({ events }, at) => parseRange(events, record, `${path}.ranges[${at}]`));
  const versions = [...new Set(entry.versions?.map((version) => version.trim()))];
  const specific = entry.database_specific;
  const sha256 = digests(specific?.indicators?.package_integrity?.map((file) => file?.hashes?.sha256) ?? []);
  if (versions.length + ranges.length + sha256.length === 0) {
    throw invalidRecord(record, `${path} names ${project}, but no version, range or digest of it`);
  }
  const severity = severityClaim(entry.severity, specific?.severity);
  const lastKnown = specific?.last_known_affected_version_range;
  return {
    project,
    versions,
    ranges,
    sha256,
    ...(severity !== undefined && { severity }),
    ...(lastKnown !== undefined && { lastKnown }),
  };
}

/** The claim in a `severity` list and its `database_specific` companion; undefined when neither says anything. */
export function severityClaim(list: z.infer<typeof severityList>, word: string | undefined): SeverityClaim | undefined {
  const vectors = list?.flatMap((item) => item?.score ?? []) ?? [];
  if (vectors.length === 0 && word === undefined) return undefined;
  const worst = worstVector(vectors);
  return { vectors, ...(word !== undefined && { word }), ...(worst !== undefined && { worst }) };
}

/** `schema.parse` that says where and why, in one line. @throws {WheelgateError} ADVISORY_INVALID */
export function readAs<T extends z.ZodType>(schema: T, raw: unknown, record: string, path: string): z.output<T> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const at = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  throw invalidRecord(record, `${`${path}${at}`.replace(/^\./, '') || 'the record'}: ${issue.message}`, result.error);
}

export function invalidRecord(record: string, reason: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'ADVISORY_INVALID',
    `Advisory ${record}: ${reason}`,
    'Report it to the database that published it; until it is repaired, its last good revision stays in force.',
    cause,
  );
}

/** Events in the record's order; an object with several events, which old records have, is read as several. */
function parseRange(events: readonly Record<string, unknown>[], record: string, path: string): AdvisoryRange {
  const range = events.flatMap((event, at) =>
    EVENT_TYPES.flatMap((type): RangeEvent[] => {
      const version = event[type];
      if (version === undefined || version === null) return [];
      if (typeof version === 'string') return [{ type, version: version.trim() }];
      throw invalidRecord(record, `${path}.events[${at}].${type} is not a string`);
    }),
  );
  // Without one the range would hold nothing, which reads like "not affected".
  if (!range.some(({ type }) => type === 'introduced')) throw invalidRecord(record, `${path} introduces nothing`);
  return range;
}

/** Digests only add to what versions and ranges say: one that cannot be read is left out. */
function digests(raw: readonly (string | undefined)[]): Sha256[] {
  return raw.filter((text) => text !== undefined && /^[0-9a-f]{64}$/i.test(text)).map((text) => parseSha256(text!));
}
