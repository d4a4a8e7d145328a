import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

export type Measured = {
  readonly what: string;
  readonly value: number;
  /** `MB`, `ms`, …; '' for a ratio. */
  readonly unit: string;
  /** Smallest and largest of the rounds, when there were several. */
  readonly spread?: readonly [number, number];
};

/** Prints a figure that has a budget and fails the process when it is outside. */
export function checkBudget(
  measured: Measured,
  budget: { readonly atLeast: number } | { readonly atMost: number },
): void {
  const passes = 'atLeast' in budget ? measured.value >= budget.atLeast : measured.value <= budget.atMost;
  const asked = 'atLeast' in budget ? `≥ ${budget.atLeast}` : `≤ ${budget.atMost}`;
  console.log(`${passes ? 'PASS' : 'FAIL'}  ${sayFigure(measured)}  (budget ${asked}${say(measured.unit)})`);
  if (!passes) process.exitCode = 1;
}

/** Prints a figure that is only good to know. */
export function note(measured: Measured): void {
  console.log(`      ${sayFigure(measured)}`);
}

export function skip(what: string, reason: string): void {
  console.log(`SKIP  ${what}: ${reason}`);
}

/** Absolute figures mean nothing without it. */
export function printMachine(bench: string): void {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((one) => one.toFixed(1));
  console.log(
    `\n${bench}: ${processors.length} × ${processors[0]?.model.trim()}, ${memory} GB, Linux ${release()}, Node ${process.versions.node}, ` +
      `commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}, load before ${load.join(' ')}`,
  );
}

function sayFigure({ what, value, unit, spread }: Measured): string {
  const range = spread ? ` [${sayNumber(spread[0])} to ${sayNumber(spread[1])}]` : '';
  return `${what}: ${sayNumber(value)}${say(unit)}${range}`;
}

function say(unit: string): string {
  return unit === '' ? '' : ` ${unit}`;
}

/** Three digits that count. */
function sayNumber(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toString() : value.toPrecision(3);
}
