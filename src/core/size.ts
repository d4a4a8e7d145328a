import { WheelgateError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/**
 * Reads an amount of bytes as configuration files write it: `500MB`, `2GB`, `64MiB`.
 * @throws {WheelgateError} CONFIG_INVALID
 */
export function parseSize(raw: string): number {
  const match = /^(\d{1,9}) ?([KMG]i?B|B)$/.exec(raw);
  if (!match)
    throw new WheelgateError(
      'CONFIG_INVALID',
      `${JSON.stringify(raw)} is not a size`,
      'Write a whole number and a unit: 500MB, 2GB or 64MiB.',
    );
  return Number(match[1]) * UNITS[match[2]!]!;
}
