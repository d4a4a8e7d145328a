// Prints how much malware the analysis finds at given shares of false alarms. `npm run eval`; see evals/README.md.

import { crossValidate, recallAt, type Scored, splitByTime } from './model.ts';
import type { Measured } from './samples.ts';
import { measureCorpus, missingData } from './samples.ts';

const SHARES = [0, 0.001, 0.01, 0.05, 0.1];
const BOOTSTRAPS = 400;

const reason = missingData();
if (reason !== undefined) console.log(`skipped: ${reason}`);
else report(await measureCorpus());

function report(samples: readonly Measured[]): void {
  const benign = samples.filter((each) => !each.malicious);
  console.log(
    `${samples.length - benign.length} malicious packages in ${new Set(samples.filter((each) => each.malicious).map((each) => each.group)).size} groups, ${benign.length} honest distributions`,
  );
  console.log(
    'Recall of groups (one group, one vote) with 95 % bootstrap intervals over groups, at shares of false alarms:',
  );
  for (const [name, scored] of [
    ['cross-validation', crossValidate(samples)],
    ['later groups', splitByTime(samples)],
  ] as const) {
    for (const by of ['code', 'anonymous'] as const) {
      const cells = SHARES.map((share) => `${share * 100} %: ${interval(scored, share, by)}`);
      console.log(`  ${name}, ${by === 'code' ? 'behaviour alone' : 'with anonymity '}: ${cells.join('   ')}`);
    }
  }
  for (const [name, some] of [
    ['honest', benign],
    ['malicious', samples.filter((each) => each.malicious)],
  ] as const)
    printCost(name, some);
}

function interval(scored: readonly Scored[], share: number, by: 'code' | 'anonymous'): string {
  const { recall, line } = recallAt(scored, share, by);
  const groups = new Map<string, number[]>();
  for (const each of scored)
    if (each.sample.malicious)
      groups.set(each.sample.group, [...(groups.get(each.sample.group) ?? []), each[by] > line ? 1 : 0]);
  const votes = [...groups.values()].map((each) => each.reduce((sum, vote) => sum + vote, 0) / each.length);
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const means = Array.from(
    { length: BOOTSTRAPS },
    () => votes.reduce((sum) => sum + votes[Math.floor(random() * votes.length)]!, 0) / votes.length,
  ).sort((a, b) => a - b);
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${percent(recall)} [${percent(means[Math.floor(0.025 * BOOTSTRAPS)]!)}-${percent(means[Math.floor(0.975 * BOOTSTRAPS)]!)}]`;
}

function printCost(name: string, samples: readonly Measured[]): void {
  const times = samples.map((each) => each.milliseconds).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(0);
  const total = times.reduce((sum, each) => sum + each, 0);
  const megabytes = samples.reduce((sum, each) => sum + each.pythonBytes, 0) / 1e6;
  const cut = samples.filter((each) => each.limits.length > 0).length;
  console.log(
    `  ${name}: ${((60_000 * samples.length) / total).toFixed(0)} per minute and core (mean), median ${at(0.5)} ms, p99 ${at(0.99)} ms, ${((1000 * megabytes) / total).toFixed(1)} MB of Python per second, ${cut} met a limit`,
  );
}
