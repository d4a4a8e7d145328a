import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseSha256, type Sha256 } from '../sha256.ts';
import type { Advisory } from './advisory.ts';
import type { ExploitationContent } from './exploitation-store.ts';
import type { Holdings } from './holdings.ts';

/** Everything that one gate knows, on its way to one without a network. */
export type AdvisoryExport = {
  readonly exportedAt: Date;
  /** Over the records: `exportDigest`. */
  readonly sha256: Sha256;
  readonly sources: readonly ExportedSource[];
  /** EPSS and KEV, as far as they are held. */
  readonly exploitation: readonly ExportedExploitation[];
};

/** `asOf` is when it was published, ISO 8601. */
export type ExportedExploitation = {
  readonly source: string;
  readonly asOf: string;
  readonly content: ExploitationContent;
};

/** One source with every record that it brought, superseded and withdrawn ones included. */
export type ExportedSource = Holdings & { readonly source: string; readonly advisories: readonly Advisory[] };

/** Not `.json`: readers of OSV zips take every such member for a record. */
export const EXPORT_MANIFEST_PATH = 'wheelgate-advisories.manifest';
/** Where EPSS and KEV stand in the zip, as their publishers write them. */
export const EXPLOITATION_PATHS = { epss: 'wheelgate-epss.csv', kev: 'wheelgate-kev.txt' } as const;

const holding = z.object({ records: z.int().nonnegative(), asOf: z.iso.datetime() });
const source = z.object({
  // Reaches terminals and the audit log.
  source: z.string().regex(/^[^\p{C}]{1,2000}$/u),
  /** Of its records in the zip. */
  folder: z.string().regex(/^[a-z0-9-]{1,40}$/),
  malware: holding.nullable(),
  vulnerabilities: holding.nullable(),
});

const exploitation = z.object({
  feed: z.enum(['epss', 'kev']),
  source: source.shape.source,
  /** CVEs. */
  records: z.int().positive(),
  asOf: z.iso.datetime(),
  /** Of the member. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The member of an export that says what the others are. `records` counts them all; `sha256` is `exportDigest`. */
export const exportManifestSchema = z.object({
  schema: z.literal('wheelgate.advisories-export/1'),
  exportedAt: z.iso.datetime(),
  records: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sources: z
    .array(source)
    .min(1)
    .refine((all) => new Set(all.map((one) => one.source)).size === all.length, 'names a source twice')
    .refine((all) => new Set(all.map(({ folder }) => folder)).size === all.length, 'names a folder twice'),
  exploitation: z
    .array(exploitation)
    .refine((all) => new Set(all.map(({ feed }) => feed)).size === all.length, 'names a feed twice')
    .default([]),
});

export type ExportManifest = z.output<typeof exportManifestSchema>;

/** Where a record stands in the zip. Ids may hold characters that paths may not. */
export function exportedPath(folder: string, id: string): string {
  return `${folder}/${encodeURIComponent(id)}.json`;
}

/**
 * The digest of an export: sha256 over a line `<sha256 of the member>  <path>` for each record, sorted by path as bytes,
 * which is what sha256sum prints. It proves that nothing was lost or damaged, not who wrote it.
 */
export function exportDigest(members: readonly { readonly path: string; readonly sha256: string }[]): Sha256 {
  const lines = [...members]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  return parseSha256(createHash('sha256').update(lines.join('')).digest('hex'));
}
