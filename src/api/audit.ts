import { z } from 'zod';

const line = z.int().positive().nullable();

const auditFindingSchema = z.strictObject({
  project: z.string(),
  version: z.string(),
  /** Every id of the alias group; the one to show first. */
  ids: z.array(z.string()).min(1),
  kind: z.enum(['vulnerability', 'malware', 'policy']),
  /** Null: unknown, which is not "low". */
  severity: z.enum(['low', 'medium', 'high', 'critical']).nullable(),
  /** FIRST's probability of exploitation and its rank, 0 to 1; absent: no EPSS is held, or it does not score the CVEs. */
  epss: z.strictObject({ score: z.number(), percentile: z.number() }).optional(),
  /** Since when CISA knows that it is exploited; absent: no KEV is held, or it does not list the CVEs. */
  kev: z.strictObject({ since: z.iso.date(), ransomware: z.boolean() }).optional(),
  /** Later versions that the advisories name as fixed, in order. */
  fixed: z.array(z.string()),
  file: z.string(),
  line,
});

/** What `wheelgate audit --format json` prints, whatever was found. */
export const auditReportSchema = z.strictObject({
  schema: z.literal('wheelgate.audit/1'),
  findings: z.array(auditFindingSchema),
  /** What will be installed but could not be looked up, and why. */
  unaudited: z.array(z.strictObject({ requirement: z.string(), reason: z.string(), file: z.string(), line })),
  errors: z.array(z.strictObject({ file: z.string(), line, message: z.string() })),
  data: z.strictObject({
    advisories: z.int().nonnegative(),
    as_of: z.string().nullable(),
    /** Of EPSS and KEV; absent: not held. */
    epss_as_of: z.string().optional(),
    kev_as_of: z.string().optional(),
  }),
});
