import { WheelgateError } from './errors.ts';

declare const brand: unique symbol;

/** The identity of a file: 64 lower-case hex digits. */
export type Sha256 = string & { readonly [brand]: 'Sha256' };

/**
 * The only source of a `Sha256`. Upper-case digits are folded.
 * @throws {WheelgateError} DIGEST_MISMATCH when `raw` is not 64 hex digits
 */
export function parseSha256(raw: string): Sha256 {
  const digest = raw.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new WheelgateError(
      'DIGEST_MISMATCH',
      `${JSON.stringify(raw)} is not a sha256`,
      'Give 64 hexadecimal digits.',
    );
  }
  return digest as Sha256;
}
