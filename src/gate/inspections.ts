import { LRUCache } from 'lru-cache';
import { hasCode } from '../core/errors.ts';
import type { Inspection } from '../core/policy/evidence.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { BlobStore, Clock, Inspector, Store } from './ports.ts';
import { createSingleFlight } from './single-flight.ts';

type Needs = {
  readonly store: Store['inspections'];
  readonly blobs: BlobStore;
  readonly inspector: Inspector;
  readonly clock: Clock;
};

/** Characters: two thousand inspections of ordinary files, fewer of those with tens of thousands of modules. */
const MAX_MEMORY = 60_000_000;
/** All but the list of Python files, roughly. */
const INSPECTION_SIZE = 20_000;
/** A file whose inspection failed is held this long before the next request tries again. */
const RETRY_AFTER_MS = 10 * 60_000;

/** What files' bytes told, by digest: read once per engine, then remembered on disk and in memory. */
export type Inspections = {
  /** Undefined when the bytes were not inspected by this engine. */
  find(sha256: Sha256): Promise<Inspection | undefined>;
  /** Inspects a blob unless that was done; a crash, time-out or memory limit gives an incomplete inspection, which holds. */
  inspect(sha256: Sha256, filename: string): Promise<Inspection>;
};

export function createInspections({ store, blobs, inspector, clock }: Needs): Inspections {
  const memory = new LRUCache<Sha256, Inspection>({
    maxSize: MAX_MEMORY,
    sizeCalculation: ({ pythonMembers }) => INSPECTION_SIZE + (pythonMembers?.length ?? 0),
  });
  // Not on disk: the next process, or the next hour, may have the memory and time that this one lacked.
  const failed = new LRUCache<Sha256, { readonly inspection: Inspection; readonly at: number }>({ max: 1_000 });
  const oneInspection = createSingleFlight<Inspection>();

  async function find(sha256: Sha256): Promise<Inspection | undefined> {
    const there = memory.get(sha256);
    if (there) return there;
    const failure = failed.get(sha256);
    if (failure && clock().getTime() - failure.at < RETRY_AFTER_MS) return failure.inspection;
    const stored = await store.find(sha256, inspector.engine);
    if (stored) memory.set(sha256, stored);
    return stored;
  }

  async function inspectNow(sha256: Sha256, filename: string): Promise<Inspection> {
    try {
      const inspection = await blobs.withLocalFile(sha256, (path) => inspector.inspect(path, filename));
      await store.put(sha256, inspector.engine, inspection);
      memory.set(sha256, inspection);
      return inspection;
    } catch (error) {
      if (!hasCode(error, 'INSPECTION_FAILED')) throw error;
      const inspection = failedInspection(error.message);
      failed.set(sha256, { inspection, at: clock().getTime() });
      return inspection;
    }
  }

  return {
    find,
    inspect: async (sha256, filename) =>
      (await find(sha256)) ?? oneInspection(sha256, () => inspectNow(sha256, filename)),
  };
}

function failedInspection(message: string): Inspection {
  return {
    findings: [{ rule: 'archive', code: 'error', effect: 'hold', message }],
    complete: false,
    startupHooks: [],
    nativeFiles: [],
    seconds: 0,
  };
}
