// Prints how much malware the analysis finds at given shares of false alarms. `npm run eval`; see evals/README.md.

import { isKeptAside } from './corpus.ts';
import { lineAtFalseAlarms, votesAbove } from './learn.ts';
import { crossValidate, fitModel, isLater, type Scored, scoreWith, splitByTime } from './model.ts';
import { behavioursOf, placeOf } from './places.ts';
import { isPublished, type Measured, measureCorpus, missingData } from './samples.ts';

const SHARES = [0, 0.001, 0.005, 0.01, 0.05, 0.1];
const BOOTSTRAPS = 400;

const reason = missingData();
if (reason !== undefined) console.log(`skipped: ${reason}`);
else report(await measureCorpus());

function report(samples: readonly Measured[]): void {
  const rest = samples.filter(({ group }) => !isKeptAside(group));
  const aside = samples.filter(({ group }) => isKeptAside(group));
  console.log(`Fitted and read: ${describe(rest)}. Kept aside: ${describe(aside)}.`);
  console.log('Recall of groups (one group, one vote) with 95 % bootstrap intervals, at shares of false alarms:');
  const validated = crossValidate(rest);
  const later = splitByTime(rest);
  const model = fitModel(rest);
  for (const by of ['code', 'anonymous'] as const) {
    const using = by === 'code' ? 'behaviour alone' : 'with anonymity';
    const lines = SHARES.map((share) => lineOf(validated, share, by));
    printRow(`cross-validation, ${using}`, validated, lines, by);
    printRow(
      `cross-validation, ${using}, lines of all honest ones`,
      validated,
      SHARES.map((share) => lineOf(validated, share, by, () => true)),
      by,
    );
    printRow(
      `later groups, ${using}`,
      later,
      SHARES.map((share) => lineOf(later, share, by)),
      by,
    );
    const unseen = aside.map((sample) => scoreWith(model, sample));
    printRow(`kept aside, ${using}, lines of the fitted`, unseen, lines, by);
    printRow(
      `kept aside and later, ${using}, lines of the fitted`,
      unseen.filter(({ sample }) => !sample.malicious || isLater(sample)),
      lines,
      by,
    );
    printAlarms('cross-validated', validated, lines, by);
    printAlarms('kept aside', unseen, lines, by);
    printParts('place', validated, lineOf(validated, 0.01, by), by, (sample) => [placeOf(sample.stored)]);
    printParts('behaviour', validated, lineOf(validated, 0.01, by), by, (sample) => behavioursOf(sample.stored));
  }
  for (const [name, malicious] of [
    ['honest', false],
    ['malicious', true],
  ] as const)
    printCost(
      name,
      samples.filter((each) => each.malicious === malicious),
    );
}

function describe(samples: readonly Measured[]): string {
  const malicious = samples.filter((each) => each.malicious);
  const groups = new Set(malicious.map((each) => each.group)).size;
  return `${malicious.length} packages of ${groups} groups, ${samples.length - malicious.length} honest distributions`;
}

/** The line of a share of false alarms, among what is published unless told otherwise. */
function lineOf(
  scored: readonly Scored<Measured>[],
  share: number,
  by: 'code' | 'anonymous',
  counts: (sample: Measured) => boolean = isPublished,
): number {
  const honest = scored.filter(({ sample }) => !sample.malicious && counts(sample));
  return lineAtFalseAlarms(
    honest.map((each) => each[by]),
    share,
  );
}

function printRow(
  name: string,
  scored: readonly Scored<Measured>[],
  lines: readonly number[],
  by: 'code' | 'anonymous',
): void {
  const cells = lines.map((line, at) => `${SHARES[at]! * 100} %: ${interval(votesOf(scored, line, by))}`);
  console.log(`  ${name}: ${cells.join('   ')}`);
}

/** How many honest distributions of each kind are above the lines. */
function printAlarms(
  name: string,
  scored: readonly Scored<Measured>[],
  lines: readonly number[],
  by: 'code' | 'anonymous',
): void {
  for (const kind of ['wheel', 'sdist', 'snapshot'] as const) {
    const honest = scored.filter(({ sample }) => !sample.malicious && sample.stored.kind === kind);
    const alarms = lines.map(
      (line, at) => `${SHARES[at]! * 100} %: ${honest.filter((each) => each[by] > line).length}`,
    );
    console.log(`    false alarms among ${honest.length} honest ${kind}s, ${name}: ${alarms.join('   ')}`);
  }
}

/** Recall of the groups of which at least one package is of a part. */
function printParts(
  title: string,
  scored: readonly Scored<Measured>[],
  line: number,
  by: 'code' | 'anonymous',
  partsOf: (sample: Measured) => readonly string[],
): void {
  const parts = new Map<string, Scored<Measured>[]>();
  for (const each of scored) {
    if (!each.sample.malicious) continue;
    for (const part of partsOf(each.sample)) parts.set(part, [...(parts.get(part) ?? []), each]);
  }
  console.log(`    by ${title}, at 1 %:`);
  for (const [part, own] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const votes = votesOf(own, line, by);
    console.log(`      ${part}: ${interval(votes)} of ${votes.length} groups`);
  }
}

function votesOf(scored: readonly Scored<Measured>[], line: number, by: 'code' | 'anonymous'): number[] {
  const malicious = scored.filter(({ sample }) => sample.malicious);
  return votesAbove(
    line,
    malicious.map((each) => ({ group: each.sample.group, score: each[by] })),
  );
}

function interval(votes: readonly number[]): string {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const mean = (some: readonly number[]) => some.reduce((sum, vote) => sum + vote, 0) / Math.max(1, some.length);
  const means = Array.from({ length: BOOTSTRAPS }, () =>
    mean(votes.map(() => votes[Math.floor(random() * votes.length)]!)),
  ).sort((a, b) => a - b);
  const percent = (value: number, digits: number) => (100 * value).toFixed(digits);
  const at = (share: number) => percent(means[Math.floor(share * BOOTSTRAPS)]!, 0);
  return `${percent(mean(votes), 1)} [${at(0.025)}-${at(0.975)}]`;
}

function printCost(name: string, samples: readonly Measured[]): void {
  const stored = samples.map((each) => each.stored);
  const times = stored.map((each) => each.milliseconds).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(0);
  const total = times.reduce((sum, each) => sum + each, 0);
  const megabytes = stored.reduce((sum, each) => sum + each.pythonBytes, 0) / 1e6;
  const cut = stored.filter((each) => each.limits.length > 0).length;
  console.log(
    `  ${name}: ${((60_000 * stored.length) / total).toFixed(0)} per minute and core (mean), median ${at(0.5)} ms, p99 ${at(0.99)} ms, ${((1000 * megabytes) / total).toFixed(1)} MB of Python per second, ${cut} met a limit`,
  );
}
