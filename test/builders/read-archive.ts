import { bytesSource } from '../../src/core/archive/byte-source.ts';
import { FindingList } from '../../src/core/archive/finding-list.ts';
import { type ArchiveLimits, defaultArchiveLimits } from '../../src/core/archive/limits.ts';
import { openArchive } from '../../src/core/archive/open-archive.ts';
import { WheelgateError } from '../../src/core/errors.ts';
import type { Effect } from '../../src/core/finding.ts';

export type ReadMember = {
  path: string;
  kind: string;
  size: number;
  linkTarget?: string;
  /** Undefined when the bytes could not be had. */
  bytes?: Uint8Array;
};

export type ReadArchive = {
  members: ReadMember[];
  /** Each code once, sorted. */
  codes: string[];
  worst: Effect | 'none';
  /** The code of the WheelgateError that ended it. */
  error?: string;
};

/** Reads a whole archive in memory. Errors of ours end it or a member; any other error is thrown. */
export async function readArchive(bytes: Uint8Array, over: Partial<ArchiveLimits> = {}): Promise<ReadArchive> {
  const findings = new FindingList();
  const members: ReadMember[] = [];
  const error = await catchOurs(async () => {
    const archive = await openArchive(bytesSource(bytes), { ...defaultArchiveLimits, ...over }, findings);
    for await (const { path, kind, size, linkTarget, read } of archive.members()) {
      const member: ReadMember = { path, kind, size, ...(linkTarget === undefined ? {} : { linkTarget }) };
      members.push(member);
      if (kind === 'file') await catchOurs(async () => (member.bytes = await read()));
    }
  });
  const effects = new Set(findings.all().map(({ effect }) => effect));
  return {
    members,
    codes: [...new Set(findings.all().map(({ code }) => code))].sort(),
    worst: (['block', 'hold', 'note'] as const).find((effect) => effects.has(effect)) ?? 'none',
    ...(error === undefined ? {} : { error }),
  };
}

async function catchOurs(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof WheelgateError) return error.code;
    throw error;
  }
}
