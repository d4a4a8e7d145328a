import { z } from 'zod';

const effect = z.enum(['note', 'hold', 'block']);

/** One observation of `wheelgate scan`; `file` and `line` are inside the scanned file. */
const scanFindingSchema = z.object({
  rule: z.string(),
  effect,
  message: z.string(),
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  context: z.string().nullable(),
});

export const scanResultSchema = z.object({
  /** As it was given on the command line or in the list. */
  input: z.string(),
  filename: z.string(),
  sha256: z.string().nullable(),
  project: z.string().nullable(),
  version: z.string().nullable(),
  verdict: z.enum(['allow', 'hold', 'block']),
  /** 0 nothing seen to 1 certainly malicious. */
  score: z.number().min(0).max(1),
  findings: z.array(scanFindingSchema),
  /** What the code can do; filled by behaviour analysis. */
  capabilities: z.array(z.string()),
  seconds: z.number().nonnegative(),
});

/** What `wheelgate scan --format json` prints: one result per input, in input order, whatever its state. */
export const scanReportSchema = z.object({
  schema: z.literal('wheelgate.scan/1'),
  results: z.array(scanResultSchema),
});

export type ScanResult = z.infer<typeof scanResultSchema>;
