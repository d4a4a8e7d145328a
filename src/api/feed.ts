import { z } from 'zod';

const holding = z.object({ records: z.int(), asOf: z.iso.datetime() }).nullable();

/** What one source of advisories holds: `wheelgate feeds status --format json`. */
export const feedStatusSchema = z.object({
  schema: z.literal('wheelgate.feeds/1'),
  sources: z.array(
    z.object({ source: z.string(), malware: holding, vulnerabilities: holding, importedAt: z.iso.datetime() }),
  ),
  /** EPSS and KEV, where they are held. */
  exploitation: z
    .array(
      z.object({
        feed: z.enum(['epss', 'kev']),
        source: z.string(),
        records: z.int(),
        asOf: z.iso.datetime(),
        importedAt: z.iso.datetime(),
      }),
    )
    .optional(),
});

/** What an import brought: `wheelgate feeds import|sync --format json`. */
export const feedImportSchema = z.object({
  schema: z.literal('wheelgate.feed-imports/1'),
  imports: z.array(
    z.object({
      location: z.string(),
      outcome: z.enum(['imported', 'not-modified', 'failed']),
      records: z.int(),
      added: z.int(),
      changed: z.int(),
      withdrawn: z.array(z.string()),
      rejected: z.array(z.string()),
      problem: z.string().nullable(),
    }),
  ),
  /** Of EPSS and KEV, where they are configured: CVEs that are held now, and rows that could not be used. */
  exploitation: z
    .array(
      z.object({
        location: z.string(),
        feed: z.enum(['epss', 'kev']),
        outcome: z.enum(['imported', 'not-modified', 'failed']),
        records: z.int(),
        rejected: z.int(),
        problem: z.string().nullable(),
      }),
    )
    .optional(),
});

/** What an export holds: `wheelgate feeds export --format json`. `sha256` is over its records, as docs/advisories.md says. */
export const feedExportSchema = z.object({
  schema: z.literal('wheelgate.feed-export/1'),
  file: z.string(),
  exportedAt: z.iso.datetime(),
  records: z.int(),
  sha256: z.string(),
  sources: z.array(z.object({ source: z.string(), malware: holding, vulnerabilities: holding })),
  /** EPSS and KEV, where they are held. */
  exploitation: z
    .array(z.object({ feed: z.enum(['epss', 'kev']), source: z.string(), records: z.int(), asOf: z.iso.datetime() }))
    .optional(),
});

export type FeedStatus = z.infer<typeof feedStatusSchema>;
export type FeedImports = z.infer<typeof feedImportSchema>;
export type FeedExport = z.infer<typeof feedExportSchema>;
