import { bytesSource } from '../../core/archive/byte-source.ts';
import { FindingList } from '../../core/archive/finding-list.ts';
import { defaultArchiveLimits } from '../../core/archive/limits.ts';
import { openZip } from '../../core/archive/zip.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { FeedLimits } from './limits.ts';

/** A file in a zip; `read` may be left out. */
export type ZipMember = {
  readonly path: string;
  /** Bytes, expanded, as the zip says. */
  readonly size: number;
  read(): Promise<Uint8Array>;
};

/**
 * The files of a zip in the order in which they stand there.
 * @throws {WheelgateError} FEED_INVALID for a damaged archive, at the latest behind its last file
 */
export async function* readZipMembers(bytes: Uint8Array, limits: FeedLimits): AsyncGenerator<ZipMember> {
  const findings = new FindingList();
  try {
    const archive = await openZip(
      bytesSource(bytes),
      { ...defaultArchiveLimits, maxMembers: limits.maxRecords, maxExpandedBytes: limits.maxExpandedBytes },
      findings,
    );
    for await (const member of archive.members()) {
      if (member.kind !== 'file') continue;
      const { path, size } = member;
      yield { path, size, read: () => member.read().catch(refuseDamage) };
    }
  } catch (error) {
    refuseDamage(error);
  }
  const damage = findings.all().find(({ effect }) => effect === 'block');
  if (damage !== undefined) throw damagedFeed(damage.message, damage);
}

function refuseDamage(error: unknown): never {
  throw error instanceof WheelgateError ? damagedFeed(error.message, error) : error;
}

function damagedFeed(reason: string, cause: unknown): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The advisory feed is no zip file that can be read: ${reason}`,
    'Fetch it again. Nothing of it was used; the advisories known before stay in force.',
    cause,
  );
}
