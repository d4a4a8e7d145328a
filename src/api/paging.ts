import { z } from 'zod';

/** Query parameters of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
});

/** Stands in every list: where the next page begins, null on the last one. */
export const next = z.string().nullable();
