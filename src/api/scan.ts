import { z } from 'zod';
import { CAPABILITIES } from '../core/analysis/capabilities.ts';
import { CONTEXTS } from '../core/analysis/fact.ts';

const effect = z.enum(['note', 'hold', 'block']);

/** One observation of `wheelgate scan`; `file` and `line` are inside the scanned file. */
export const scanFindingSchema = z.object({
  rule: z.string(),
  effect,
  message: z.string(),
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  context: z.string().nullable(),
});

/** What code can do, when it does so at the earliest, and where that stands. */
export const capabilitySchema = z.object({
  capability: z.enum(CAPABILITIES),
  context: z.enum(CONTEXTS),
  file: z.string(),
  line: z.int().nonnegative(),
});

export const scanResultSchema = z.object({
  /** As it was given on the command line or in the list. */
  input: z.string(),
  filename: z.string(),
  sha256: z.string().nullable(),
  project: z.string().nullable(),
  version: z.string().nullable(),
  verdict: z.enum(['allow', 'hold', 'block']),
  /** What the code shows, calibrated: 0 nothing seen to 1 certainly malicious. */
  score: z.number().min(0).max(1),
  findings: z.array(scanFindingSchema),
  capabilities: z.array(capabilitySchema),
  seconds: z.number().nonnegative(),
});

/** What `wheelgate scan --format json` prints: one result per input, in input order, whatever its state. */
export const scanReportSchema = z.object({
  schema: z.literal('wheelgate.scan/1'),
  results: z.array(scanResultSchema),
});

export type ScanResult = z.infer<typeof scanResultSchema>;
