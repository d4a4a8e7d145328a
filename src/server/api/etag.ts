import { createHash } from 'node:crypto';
import type { Endpoint } from '../../api/endpoint.ts';
import { WheelgateError } from '../../core/errors.ts';

/** The strong ETag of an answer, as `GET` of this operation sends it. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/**
 * Refuses an edit of something that is not any more as the caller read it. Without `If-Match` the caller did not ask.
 * @param ifMatch the header of the edit
 * @param read the operation that the caller read with
 * @param document what it would answer now
 * @throws {WheelgateError} PRECONDITION_FAILED
 */
export function expectUnchanged(ifMatch: string | undefined, read: Endpoint, document: unknown): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const now = etagOf(JSON.stringify(read.response.parse(document)));
  if (ifMatch.split(',').some((one) => one.trim() === now)) return;
  throw new WheelgateError(
    'PRECONDITION_FAILED',
    'this was changed since it was read',
    'Read it again, look at what changed, and repeat the edit with its new ETag.',
  );
}
