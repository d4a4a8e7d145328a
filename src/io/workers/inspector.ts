import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { ANALYSIS_VERSION } from '../../core/analysis/analyse.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { FolderInspector } from '../../gate/ports.ts';
import type { InspectAnswer, InspectTask, InspectThreadData } from './inspect-worker.ts';
import type { YaraRules } from './yara-rules.ts';

export type InspectorOptions = {
  /** A file that takes longer is given up and its thread ended. Waiting for a free thread does not count. */
  readonly deadlineMs: number;
  /**
   * JavaScript heap of one thread. What readers hold outside of it is bounded by their own limits; WebAssembly memory, which
   * never shrinks, is given back with its thread once it is above half of this.
   */
  readonly maxMemoryBytes: number;
  readonly threads?: number;
  /** The team's own rules, each file of a package is matched with. */
  readonly yara?: YaraRules | undefined;
  /** Another worker, for tests that need one that hangs or eats memory. */
  readonly worker?: URL;
};

/** Raise it when the same bytes could give another inspection: stored ones are then made again. */
const ENGINE = `archive-3 other-files-3 analysis-${ANALYSIS_VERSION}`;
/** Threads that nobody needs end after this, and give their memory back. */
const IDLE_MS = 30_000;
/** TypeScript in tests, JavaScript in the built program. */
const WORKER = new URL(`./inspect-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** Inspects files in worker threads, one file per thread, within a deadline and a memory limit. */
export function createInspector(options: InspectorOptions): FolderInspector & { close(): Promise<void> } {
  const { deadlineMs, maxMemoryBytes, threads = availableParallelism(), worker = WORKER, yara } = options;
  const startPool = () =>
    new Piscina<InspectTask, InspectAnswer>({
      filename: fileURLToPath(worker),
      workerData: { yara: yara?.sources ?? [] } satisfies InspectThreadData,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      closeTimeout: deadlineMs + 1000,
      // The young generation stays as small as V8 makes it: twice as large saves a few percent of work and costs 35 MB a thread.
      resourceLimits: { maxOldGenerationSizeMb: Math.max(16, Math.floor(maxMemoryBytes / 2 ** 20)) },
    });
  let pool = startPool();
  const ending = new Set<Promise<void>>();
  const inTurn = takeTurns(threads);

  /** Lets the threads end once what they do is done; the next file gets fresh ones. */
  function renewPool(old: typeof pool): void {
    if (pool !== old) return;
    pool = startPool();
    const ended = old.close().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  async function run(task: InspectTask): Promise<InspectAnswer> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    const used = pool;
    try {
      const answer = await used.run(task, { signal: deadline.signal });
      if (answer.externalBytes > maxMemoryBytes / 2) renewPool(used);
      return answer;
    } catch (error) {
      throw inspectionFailed(error, deadlineMs);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    engine: yara === undefined ? ENGINE : `${ENGINE} yara-${yara.digest}`,
    inspect: async (path, filename) => (await inTurn(() => run({ path, filename }))).inspection,
    inspectFolder: async (path) => (await inTurn(() => run({ path, filename: '', isFolder: true }))).inspection,
    async inspectMembers(path, filename) {
      const { inspection, members = new Map() } = await inTurn(() => run({ path, filename, listMembers: true }));
      return { inspection, members };
    },
    async close() {
      await Promise.all([pool.destroy(), ...ending]);
    },
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
