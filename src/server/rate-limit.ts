import { LRUCache } from 'lru-cache';
import { WheelgateError } from '../core/errors.ts';

/** What `Retry-After` says to who is refused. */
export const RATE_WINDOW_SECONDS = 60;
/** Of addresses and identities; the ones that ask least are forgotten first. */
const MAX_KEPT = 20_000;

export type RateLimit = {
  /** Counts one. @throws {WheelgateError} RATE_LIMITED when it is one too many within a minute */
  take(key: string): void;
};

/** @param perMinute how many of each key; @param what in the words of the refusal: `logins`, `changes` */
export function createRateLimit(perMinute: number, what: string): RateLimit {
  const counts = new LRUCache<string, { count: number }>({ max: MAX_KEPT, ttl: RATE_WINDOW_SECONDS * 1000 });
  return {
    take(key) {
      const seen = counts.get(key);
      if (seen === undefined) counts.set(key, { count: 1 });
      else if (++seen.count > perMinute)
        throw new WheelgateError(
          'RATE_LIMITED',
          `too many ${what} within a minute`,
          `At most ${perMinute} are taken. Wait a minute and try again.`,
        );
    },
  };
}
