import { z } from 'zod';

/** How every error of the API looks: RFC 9457, `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  status: z.int(),
  title: z.string(),
  /** What to do about it. */
  detail: z.string(),
  instance: z.string().optional(),
  /** One of docs/errors.md; absent when the server failed in a way that it does not know. */
  code: z.string().optional(),
  /** What is wrong with the input, field by field. */
  errors: z
    .array(
      z.object({
        /** `body.reason`, `query.limit`, `params.project`. */
        path: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
});
