import type { BenchServer } from '../servers/server.ts';
import { interleave } from './interleave.ts';
import { type Measured, note } from './report.ts';
import { median, spreadOf } from './statistics.ts';
import { type Load, loadWith } from './wrk.ts';

/** A server and the one URL that it is asked for. */
export type Subject = { readonly server: BenchServer; readonly url: string };

export type Comparison = {
  /** Requests per CPU second of one server divided by those of another in the same round. */
  ratio(of: Subject, to: Subject): Measured;
  /** Where the slowest hundredth of the answers begins, in the round that was disturbed least: load of others only adds. */
  p99(of: Subject): Measured;
};

/** The compiler of a server in JavaScript or Python has seen enough by then. */
const WARM_UP_SECONDS = 4;

/** Loads every server in turn, round after round, and prints what each of them did. */
export async function compareLoad(subjects: readonly Subject[], rounds: number, load: Load): Promise<Comparison> {
  for (const { server, url } of subjects) await loadWith(url, server.pid, { ...load, seconds: WARM_UP_SECONDS });
  const results = await interleave(subjects, rounds, ({ server, url }) => loadWith(url, server.pid, load));
  const comparison: Comparison = {
    ratio(of, to) {
      const theirs = results.get(to)!;
      const ratios = results
        .get(of)!
        .map(({ requestsPerCpuSecond }, round) => requestsPerCpuSecond / theirs[round]!.requestsPerCpuSecond);
      return over(`${of.server.name} / ${to.server.name}, requests per CPU second`, ratios, '');
    },
    p99(of) {
      const values = results.get(of)!.map(({ p99Ms }) => p99Ms);
      const what = `${of.server.name}, p99 at ${load.connections} connections`;
      return { what, value: Math.min(...values), unit: 'ms', spread: spreadOf(values) };
    },
  };
  for (const [subject, rows] of results) {
    const rates = rows.map(({ requestsPerCpuSecond }) => requestsPerCpuSecond);
    note(over(`${subject.server.name}, requests per CPU second`, rates, ''));
    note(comparison.p99(subject));
  }
  return comparison;
}

function over(what: string, values: readonly number[], unit: string): Measured {
  return { what, value: median(values), unit, spread: spreadOf(values) };
}
