import { z } from 'zod';
import { capabilitySchema, scanFindingSchema } from './scan.ts';

const side = z.object({ filename: z.string(), sha256: z.string() });

/** What `wheelgate diff --format json` prints. */
export const diffReportSchema = z.object({
  schema: z.literal('wheelgate.diff/1'),
  old: side,
  new: side,
  /** On the new file, by what is new in it. */
  verdict: z.enum(['allow', 'hold', 'block']),
  /** What is new in the code: 0 nothing, 1 certainly malicious. It ranks; only the score of `scan` is calibrated. */
  score: z.number().min(0).max(1),
  /** What a file inside can do that it could not, or only later. */
  gained: z.array(capabilitySchema),
  lost: z.array(capabilitySchema),
  changed: z.array(z.object({ file: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
  findings: z.array(scanFindingSchema),
});

export type DiffReport = z.infer<typeof diffReportSchema>;
