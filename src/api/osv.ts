import { z } from 'zod';

/** One question of OSV's API; clients may send fields that we do not know. */
export const osvQuerySchema = z.object({
  commit: z.string().optional(),
  version: z.string().optional(),
  package: z
    .object({ name: z.string().optional(), ecosystem: z.string().optional(), purl: z.string().optional() })
    .optional(),
  page_token: z.string().optional(),
});

export const osvBatchSchema = z.object({ queries: z.array(osvQuerySchema).default([]) });

export type OsvQuery = z.infer<typeof osvQuerySchema>;
