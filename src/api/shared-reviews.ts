import { z } from 'zod';

const publisher = z.object({
  name: z.string(),
  trustedUntil: z.iso.datetime(),
  /** Null: no set of this publisher is here. */
  set: z
    .object({ issued: z.iso.datetime(), expires: z.iso.datetime(), entries: z.int(), violations: z.int() })
    .nullable(),
});

/** What `wheelgate shared-reviews list --format json` prints. */
export const sharedReviewsSchema = z.object({
  schema: z.literal('wheelgate.shared-reviews-list/1'),
  publishers: z.array(publisher),
});

export type SharedReviewsList = z.infer<typeof sharedReviewsSchema>;
