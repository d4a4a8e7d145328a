import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { WheelgateError } from '../../core/errors.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import type { Inspector } from '../../gate/ports.ts';
import type { InspectTask } from './inspect-worker.ts';

export type InspectorOptions = {
  /** A file that takes longer is given up and its thread ended. Waiting for a free thread does not count. */
  readonly deadlineMs: number;
  /** JavaScript heap of one thread. What readers hold outside of it is bounded by their own limits. */
  readonly maxMemoryBytes: number;
  readonly threads?: number;
  /** Another worker, for tests that need one that hangs or eats memory. */
  readonly worker?: URL;
};

/** Raise it when the same bytes could give another inspection: stored ones are then made again. */
const ENGINE = 'archive-1';
/** Threads that nobody needs end after this, and give their memory back. */
const IDLE_MS = 30_000;
/** TypeScript in tests, JavaScript in the built program. */
const WORKER = new URL(`./inspect-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** Inspects files in worker threads, one file per thread, within a deadline and a memory limit. */
export function createInspector(options: InspectorOptions): Inspector & { close(): Promise<void> } {
  const { deadlineMs, maxMemoryBytes, threads = availableParallelism(), worker = WORKER } = options;
  const pool = new Piscina<InspectTask, Inspection>({
    filename: fileURLToPath(worker),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(16, Math.floor(maxMemoryBytes / 2 ** 20)) },
  });
  const inTurn = takeTurns(threads);
  return {
    engine: ENGINE,
    inspect: (path, filename) =>
      inTurn(async () => {
        const deadline = new AbortController();
        const timer = setTimeout(() => deadline.abort(), deadlineMs);
        try {
          return await pool.run({ path, filename }, { signal: deadline.signal });
        } catch (error) {
          throw inspectionFailed(error, deadlineMs);
        } finally {
          clearTimeout(timer);
        }
      }),
    close: () => pool.destroy(),
  };
}

/** Lets `width` calls run at once and the others wait, first come first served: the queue of the pool would eat their time. */
function takeTurns(width: number): <T>(run: () => Promise<T>) => Promise<T> {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

function inspectionFailed(error: unknown, deadlineMs: number): WheelgateError {
  if (error instanceof Error && error.name === 'AbortError') {
    return new WheelgateError(
      'INSPECTION_FAILED',
      `the inspection took longer than ${deadlineMs / 1000} s`,
      'Raise limits.inspection_time and start the gate again; no approval opens what could not be read.',
      error,
    );
  }
  const outOfMemory = (error as NodeJS.ErrnoException)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const what = outOfMemory ? 'the inspection needed more memory than it may' : 'the inspection failed';
  return new WheelgateError(
    'INSPECTION_FAILED',
    what,
    'Raise limits.inspection_memory, or look into the file by hand.',
    error,
  );
}
