import type { Verdict } from '../core/policy/verdict.ts';

/** When time alone may change one of the verdicts: the first end of a reason after `now`, at the latest `atMostMs` from it. */
export function nextChange(files: readonly { readonly verdict: Verdict }[], now: Date, atMostMs: number): Date {
  let next = now.getTime() + atMostMs;
  for (const { verdict } of files) {
    for (const { until } of verdict.reasons) {
      if (until && until > now) next = Math.min(next, until.getTime());
    }
  }
  return new Date(next);
}
