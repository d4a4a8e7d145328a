import type { AdvisoryHolding, AdvisorySourceStatus } from './advisory-store.ts';

/** Of when the data of each kind is. Absent: there is none. */
export type DataDates = { readonly malware?: Date; readonly vulnerabilities?: Date };

/**
 * Each kind is as new as its newest source. A source speaks for a kind when it holds at least a tenth of its records: a
 * handful of the team's own records says nothing about the rest.
 */
export function dataDates(statuses: readonly AdvisorySourceStatus[]): DataDates {
  const malware = newest(statuses.map((it) => it.malware));
  const vulnerabilities = newest(statuses.map((it) => it.vulnerabilities));
  return {
    ...(malware !== undefined && { malware: new Date(malware) }),
    ...(vulnerabilities !== undefined && { vulnerabilities: new Date(vulnerabilities) }),
  };
}

/**
 * How old the advisory data in force is, on the safe side: the older kind counts, so that a fresh list of malware does not
 * hide that nobody knows this year's vulnerabilities. Undefined without data.
 */
export function dataAsOf({ malware, vulnerabilities }: DataDates): Date | undefined {
  if (malware === undefined || vulnerabilities === undefined) return malware ?? vulnerabilities;
  return malware < vulnerabilities ? malware : vulnerabilities;
}

/** `malware of 2026-06-14, vulnerabilities of 2024-10-10`; `more` is put behind each date. Empty without data. */
export function sayDataDates({ malware, vulnerabilities }: DataDates, more: (date: Date) => string = () => ''): string {
  return Object.entries({ malware, vulnerabilities })
    .flatMap(([kind, date]) => (date ? `${kind} of ${date.toISOString().slice(0, 10)}${more(date)}` : []))
    .join(', ');
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
