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
  data: z.strictObject({ advisories: z.int().nonnegative(), as_of: z.string().nullable() }),
});
