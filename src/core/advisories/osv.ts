import { z } from 'zod';
import { quoted } from '../python/quoted.ts';
import type { Advisory } from './advisory.ts';
import {
  hint,
  invalidRecord,
  isAboutPypi,
  parseAffected,
  readAs,
  severityClaim,
  severityList,
} from './osv-affected.ts';
import { summaryLine } from './summary-line.ts';

// Ids reach URLs, reasons and logs.
const ID = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/;

/** Stands for a date that no record gives; every other copy of the record supersedes it. */
const UNDATED = '1970-01-01T00:00:00.000Z';

const timestamp = z
  .string()
  .refine((text) => TIMESTAMP.test(text) && !Number.isNaN(Date.parse(text)), 'is no RFC 3339 time')
  .transform((text) => new Date(text).toISOString());
const id = z.string().regex(ID, 'is no id');

const recordSchema = z.object({
  id,
  schema_version: z.string().nullish(),
  modified: hint(timestamp),
  published: hint(timestamp),
  // No hint: a retraction that cannot be read must not release anything.
  withdrawn: timestamp.nullish(),
  aliases: hint(z.array(hint(id))),
  summary: hint(z.string()),
  details: hint(z.string()),
  severity: severityList,
  affected: z.array(z.unknown()).nullish(),
  database_specific: hint(
    z.object({
      severity: hint(z.string()),
      // What `renderOsvRecord` keeps of a record that says it in another way.
      x_wheelgate: hint(z.object({ kind: hint(z.string()), origins: hint(z.int().nonnegative()) })),
      'malicious-packages-origins': hint(z.array(hint(z.object({ source: z.string() })))),
    }),
  ),
});

/**
 * Reads one OSV record (OSV schema 1.x): unknown fields are ignored, unreadable hints dropped, and what decides a match
 * must be right. Gives undefined for a record that says nothing about PyPI and for the placeholders `MAL-0000-*`.
 * @param raw the parsed JSON
 * @throws {WheelgateError} ADVISORY_INVALID, naming the record and the reason
 */
export function parseOsvRecord(raw: unknown): Advisory | undefined {
  const name = osvRecordId(raw) ?? 'without a usable id';
  if (name.startsWith('MAL-0000-')) return undefined;
  const record = readAs(recordSchema, raw, name, '');
  if (!/^1(?:\.|$)/.test(record.schema_version ?? '1')) {
    throw invalidRecord(name, `schema_version ${quoted(record.schema_version ?? '')} is not supported`);
  }
  const withdrawn = record.withdrawn ?? undefined;
  const entries = record.affected ?? [];
  const aboutPypi = entries
    .map((entry, at) => ({ entry, path: `affected[${at}]` }))
    .filter(({ entry, path }) => isAboutPypi(entry, name, path));
  // A withdrawn record may have lost its entries with its validity; it still retracts what it said before.
  if (aboutPypi.length === 0 && (withdrawn === undefined || entries.length > 0)) return undefined;
  const affected = aboutPypi.flatMap(({ entry, path }) => {
    try {
      return [parseAffected(entry, name, path)];
    } catch (error) {
      if (withdrawn === undefined) throw error;
      return []; // the retraction counts, whatever else is wrong
    }
  });

  const origins = record.database_specific?.['malicious-packages-origins'];
  const severity = severityClaim(record.severity, record.database_specific?.severity);
  const own = record.database_specific?.x_wheelgate;
  const originCount = origins ? new Set(origins.flatMap((origin) => origin?.source ?? [])).size : own?.origins;
  const isMalware = record.id.startsWith('MAL-') || origins !== undefined || own?.kind === 'malware';
  const summary = summaryLine(record.summary ?? '') ?? summaryLine(record.details ?? '');
  return {
    id: record.id,
    kind: isMalware ? 'malware' : 'vulnerability',
    aliases: [...new Set(record.aliases?.flatMap((alias) => alias ?? []))].filter((alias) => alias !== record.id),
    ...(summary !== undefined && { summary }),
    ...(severity !== undefined && { severity }),
    ...(record.published !== undefined && { published: record.published }),
    modified: record.modified ?? withdrawn ?? record.published ?? UNDATED,
    ...(withdrawn !== undefined && { withdrawn }),
    ...(originCount !== undefined && { origins: originCount }),
    affected,
  };
}

/** The id of a record that may be broken otherwise; undefined when it has none that we accept. */
export function osvRecordId(raw: unknown): string | undefined {
  const result = z.object({ id }).safeParse(raw);
  return result.success ? result.data.id : undefined;
}
