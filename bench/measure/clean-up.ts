import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Registers what has to happen at the end, in the opposite order, whatever happens before. */
export type Later = (cleanUp: () => Promise<unknown>) => void;

export async function withCleanUp(work: (later: Later) => Promise<void>): Promise<void> {
  const cleanUps: (() => Promise<unknown>)[] = [];
  try {
    await work((cleanUp) => cleanUps.unshift(cleanUp));
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

export async function temporaryFolder(later: Later): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-bench-'));
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
