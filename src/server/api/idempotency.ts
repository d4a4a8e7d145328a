import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { WheelgateError } from '../../core/errors.ts';

/** What was answered, to be sent again. */
export type KeptAnswer = { readonly status: number; readonly body: string };

const KEPT_MS = 24 * 3_600_000;
const MAX_KEPT = 10_000;
const MAX_KEY = 200;

/**
 * Idempotency-Key: a change that is sent twice under one key is made once, and both get the first answer, also when the
 * second comes while the first is under way. Kept for a day in memory: after a restart a key counts as new.
 */
export function createIdempotency() {
  const kept = new LRUCache<string, { readonly fingerprint: string; readonly answer: Promise<KeptAnswer> }>({
    max: MAX_KEPT,
    ttl: KEPT_MS,
  });

  /**
   * @param who whose key it is: keys of two identities have nothing to do with each other
   * @param what method, URL and body
   * @throws {WheelgateError} CONFLICT when the key was used for something else
   */
  return function once(
    who: string,
    key: string | undefined,
    what: readonly string[],
    run: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer> {
    if (key === undefined) return run();
    if (key.length === 0 || key.length > MAX_KEY)
      throw new WheelgateError('INPUT_INVALID', 'the Idempotency-Key is empty or too long', 'Send a UUID.');
    const slot = JSON.stringify([who, key]);
    const fingerprint = createHash('sha256').update(JSON.stringify(what)).digest('base64');
    const before = kept.get(slot);
    if (before?.fingerprint === fingerprint) return before.answer;
    if (before)
      throw new WheelgateError(
        'CONFLICT',
        'this Idempotency-Key was used for another request',
        'Make a new key for each change; repeat a request with its own.',
      );
    const answer = run();
    kept.set(slot, { fingerprint, answer });
    // What failed changed nothing: the same key may try again.
    answer.catch(() => kept.delete(slot));
    return answer;
  };
}
