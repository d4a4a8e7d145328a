import { createHash } from 'node:crypto';
import { readDistributionMetadata } from '../core/archive/distribution-metadata.ts';
import { hasCode } from '../core/errors.ts';
import type { IndexFile } from '../core/index/page.ts';
import { readMetadata } from '../core/python/metadata.ts';
import { type Requirement, tryParseRequirement } from '../core/python/requirement.ts';
import type { Upstream } from './ports.ts';

/** Real ones are some kilobytes. */
const MAX_METADATA_BYTES = 4 * 2 ** 20;
/** A wheel is downloaded for its metadata alone up to this size. */
const MAX_WHEEL_BYTES = 32 * 2 ** 20;
const TIMEOUT_MS = 30_000;

/**
 * What a file asks for, by the metadata that its index serves beside it (PEP 658).
 * @returns undefined when the index serves none, or not the one that it promised
 * @throws {WheelgateError} UPSTREAM_*
 */
export async function readServedRequirements(
  upstream: Pick<Upstream, 'openFile'>,
  file: IndexFile,
): Promise<readonly Requirement[] | undefined> {
  const { coreMetadata } = file;
  if (coreMetadata === undefined) return undefined;
  const url = new URL(file.url);
  url.pathname += '.metadata';
  const bytes = await readSmall(upstream, { ...file, url: url.href }, MAX_METADATA_BYTES);
  if (bytes === undefined) return undefined;
  const digest = createHash('sha256').update(bytes).digest('hex');
  return coreMetadata === true || coreMetadata === digest ? requirementsIn(bytes) : undefined;
}

/**
 * What a wheel asks for, by its own bytes.
 * @returns undefined for one that is large or broken
 * @throws {WheelgateError} UPSTREAM_*
 */
export async function readWheelRequirements(
  upstream: Pick<Upstream, 'openFile'>,
  file: IndexFile,
): Promise<readonly Requirement[] | undefined> {
  if ((file.size ?? 0) > MAX_WHEEL_BYTES) return undefined;
  const bytes = await readSmall(upstream, file, MAX_WHEEL_BYTES);
  if (bytes === undefined) return undefined;
  if (file.sha256 !== undefined && file.sha256 !== createHash('sha256').update(bytes).digest('hex')) return undefined;
  try {
    const metadata = await readDistributionMetadata(bytes, file.filename);
    return metadata && requirementsIn(metadata);
  } catch (error) {
    if (hasCode(error, 'ARCHIVE_UNREADABLE') || hasCode(error, 'FILE_TOO_LARGE')) return undefined;
    throw error;
  }
}

async function readSmall(
  upstream: Pick<Upstream, 'openFile'>,
  file: IndexFile,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const { body } = await upstream.openFile(file, AbortSignal.timeout(TIMEOUT_MS));
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    // A piece is lent: its memory may be used again.
    pieces.push(Buffer.from(piece));
    size += piece.length;
    if (size > maxBytes) return undefined;
  }
  return Buffer.concat(pieces);
}

/** The requirements of METADATA; what cannot be read of them is left out, as pip refuses only what it needs. */
export function requirementsIn(metadata: Uint8Array): readonly Requirement[] {
  return readMetadata(metadata).fields.requiresDist.flatMap((text) => tryParseRequirement(text) ?? []);
}
