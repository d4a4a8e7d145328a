import { z } from 'zod';
import { WheelgateError } from '../errors.ts';
import { parsedWith } from '../parsed-with.ts';
import { parseProjectName } from '../python/name.ts';
import { CRITERIA } from '../review/criteria.ts';
import { parseSha256 } from '../sha256.ts';

const sha256 = z.string().transform(parsedWith(parseSha256));
const moment = z.iso.datetime();

/** One file that a team looked at. `delta`: only what changed since `from` was. `violation`: do not use it. */
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('full'), criteria: z.enum(CRITERIA) }),
  z.object({ kind: z.literal('delta'), criteria: z.enum(CRITERIA), from: sha256 }),
  z.object({ kind: z.literal('violation') }),
]);
const fileSchema = z.object({
  sha256,
  project: z.string().transform(parsedWith(parseProjectName)),
  version: z.string().max(200),
  reason: z.string().max(2_000),
  at: moment,
});

/**
 * What one team tells others of files it reviewed, keyed by their sha256 (the idea is cargo-vet's). What a set says is the
 * word of its publisher alone: reviews that the publisher imported are never in it.
 */
const setSchema = z.object({
  schema: z.literal('wheelgate.shared-reviews/1'),
  publisher: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/),
  /** A set with an earlier time than the one at hand is an old one that somebody sends again. */
  issued: moment,
  /** After it the set counts for nothing. */
  expires: moment,
  entries: z.array(z.intersection(fileSchema, entrySchema)).max(200_000),
});

export type SharedReviewSet = z.output<typeof setSchema>;
export type SharedReview = SharedReviewSet['entries'][number];

/** Reads a set whose signature was checked. @throws {WheelgateError} SHARED_REVIEWS_INVALID, naming the place */
export function parseSharedReviewSet(text: string): SharedReviewSet {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw invalidSet('it is not JSON', error);
  }
  const set = setSchema.safeParse(raw);
  if (set.success) return set.data;
  const [issue] = set.error.issues;
  throw invalidSet(`${issue!.path.join('.')}: ${issue!.message}`, set.error);
}

/** The error for a set of shared reviews that cannot be used. */
export function invalidSet(problem: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'SHARED_REVIEWS_INVALID',
    `the shared reviews cannot be used: ${problem}`,
    'Ask their publisher for a new set, or correct the trust entry in wheelgate.toml.',
    cause,
  );
}
