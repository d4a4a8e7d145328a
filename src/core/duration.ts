import { WheelgateError } from './errors.ts';

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 604_800_000 };

/**
 * Reads a duration as policy and configuration files write it: `90s`, `30m`, `12h`, `7d`, `2w` or `0`.
 * @returns milliseconds
 * @throws {WheelgateError} CONFIG_INVALID
 */
export function parseDurationMs(raw: string): number {
  if (raw === '0') return 0;
  const match = /^(\d{1,6})([smhdw])$/.exec(raw);
  const unit = match && UNITS[match[2]!];
  if (!unit) {
    throw new WheelgateError(
      'CONFIG_INVALID',
      `${JSON.stringify(raw)} is not a duration`,
      'Write a whole number and a unit: 90s, 30m, 12h, 7d or 2w.',
    );
  }
  return Number(match[1]) * unit;
}

/** A duration as a file writes it, in the largest unit that fits without rest: `parseDurationMs` reads it back. */
export function writeDuration(ms: number): string {
  if (ms === 0) return '0';
  const [unit = 's', size = UNITS.s!] =
    Object.entries(UNITS).findLast(([name, size]) => name !== 'w' && ms % size === 0) ?? [];
  return `${ms / size}${unit}`;
}

/** A length of time as a person says it: `2 days`, `5 hours`, `1 minute`. Rounds down, never below "1 minute". */
export function sayDuration(ms: number): string {
  const [amount, unit] =
    ms >= 2 * UNITS.d!
      ? [Math.floor(ms / UNITS.d!), 'day']
      : ms >= UNITS.h!
        ? [Math.floor(ms / UNITS.h!), 'hour']
        : [Math.max(1, Math.floor(ms / UNITS.m!)), 'minute'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** The moment when a day such as `2027-03-31` is over, in UTC. */
export function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + UNITS.d!);
}
