import type { AdvisoryHolding, AdvisorySourceStatus } from './advisory-store.ts';

/**
 * How old the advisory data in force is, on the safe side: malware and vulnerabilities are each as new as their newest
 * source, and the older of the two counts, so that a fresh list of malware does not hide that nobody knows this year's
 * vulnerabilities. A source speaks for a kind when it holds at least a tenth of its records: a handful of the team's own
 * records says nothing about the rest. Undefined without data.
 */
export function dataAsOf(statuses: readonly AdvisorySourceStatus[]): Date | undefined {
  const dates = [newest(statuses.map(({ malware }) => malware)), newest(statuses.map((it) => it.vulnerabilities))];
  const oldest = dates.filter((date) => date !== undefined).sort()[0];
  return oldest === undefined ? undefined : new Date(oldest);
}

function newest(holdings: readonly (AdvisoryHolding | undefined)[]): string | undefined {
  const held = holdings.filter((holding) => holding !== undefined);
  const total = held.reduce((sum, { records }) => sum + records, 0);
  return held
    .filter(({ records }) => records * 10 >= total)
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1);
}
