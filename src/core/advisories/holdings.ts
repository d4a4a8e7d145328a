import type { Advisory } from './advisory.ts';
import type { AdvisoryHolding, AdvisorySourceStatus } from './advisory-store.ts';

export type Holdings = Pick<AdvisorySourceStatus, 'malware' | 'vulnerabilities'>;

/** What a source with these records holds of each kind; a date behind `now` counts for nothing. */
export function holdingsOf(advisories: readonly Advisory[], now: Date): Holdings {
  const malware = holdingOf(
    advisories.filter(({ kind }) => kind === 'malware'),
    now,
  );
  const vulnerabilities = holdingOf(
    advisories.filter(({ kind }) => kind === 'vulnerability'),
    now,
  );
  return { ...(malware !== undefined && { malware }), ...(vulnerabilities !== undefined && { vulnerabilities }) };
}

/** A date in the future says nothing about how new the data is: one such record would hide that the feed is stale. */
function holdingOf(advisories: readonly Advisory[], now: Date): AdvisoryHolding | undefined {
  if (advisories.length === 0) return undefined;
  const latest = now.toISOString();
  const asOf = advisories.reduce((max, { modified }) => (modified > max && modified <= latest ? modified : max), '');
  return { records: advisories.filter(isLive).length, asOf: asOf === '' ? latest : asOf };
}

export function isLive(advisory: Advisory | undefined): boolean {
  return advisory !== undefined && advisory.withdrawn === undefined;
}
