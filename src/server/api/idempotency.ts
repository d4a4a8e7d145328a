import { createHash } from 'node:crypto';
import { WheelgateError } from '../../core/errors.ts';
import type { Clock, KeptAnswer, KeptAnswers } from '../../gate/ports.ts';

const KEPT_MS = 24 * 3_600_000;
const MAX_KEY = 200;

/**
 * Idempotency-Key: a change that is sent twice under one key is made once, and both get the first answer, also when the
 * second comes while the first is under way or after a restart. Kept for a day in the store. A change during which the
 * gate ended is not made again, for nobody knows how far it came.
 */
export function createIdempotency({ answers, clock }: { readonly answers: KeptAnswers; readonly clock: Clock }) {
  /** What this process does right now. */
  const underWay = new Map<string, { readonly fingerprint: string; readonly answer: Promise<KeptAnswer> }>();

  /**
   * @param who whose key it is: keys of two identities have nothing to do with each other
   * @param what method, URL and body
   * @throws {WheelgateError} CONFLICT when the key was used for something else, or for what was broken off
   */
  return async function once(
    who: string,
    key: string | undefined,
    what: readonly string[],
    run: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer> {
    if (key === undefined) return run();
    if (key.length === 0 || key.length > MAX_KEY)
      throw new WheelgateError('INPUT_INVALID', 'the Idempotency-Key is empty or too long', 'Send a UUID.');
    const slot = digest([who, key]);
    const fingerprint = digest(what);
    const now = underWay.get(slot);
    if (now) return sameAs(now, fingerprint).answer;
    const answer = first(slot, fingerprint, run).finally(() => underWay.delete(slot));
    underWay.set(slot, { fingerprint, answer });
    return answer;
  };

  async function first(slot: string, fingerprint: string, run: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const at = clock();
    const before = await answers.begin({ slot, fingerprint, at, forgetBefore: new Date(at.getTime() - KEPT_MS) });
    if (before) {
      const { answer } = sameAs(before, fingerprint);
      if (answer) return answer;
      throw new WheelgateError(
        'CONFLICT',
        'the gate ended while it did this, and does not know how far it came',
        'Look at what is there; what is missing takes a new Idempotency-Key.',
      );
    }
    let answer: KeptAnswer;
    try {
      answer = await run();
    } catch (error) {
      // What failed changed nothing: the same key may try again.
      await answers.forget(slot).catch(() => undefined);
      throw error;
    }
    await answers.finish(slot, answer);
    return answer;
  }
}

/** @throws {WheelgateError} CONFLICT */
function sameAs<Before extends { readonly fingerprint: string }>(before: Before, fingerprint: string): Before {
  if (before.fingerprint === fingerprint) return before;
  throw new WheelgateError(
    'CONFLICT',
    'this Idempotency-Key was used for another request',
    'Make a new key for each change; repeat a request with its own.',
  );
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
