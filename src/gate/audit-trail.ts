import type { AuditEventInput } from '../core/audit/event.ts';
import type { AuditLog } from './ports.ts';

/** Events wait this long at most before they are on disk. */
const FLUSH_AFTER_MS = 200;
/** Then the oldest are written by whoever adds one more: memory stays bounded when the disk is slow. */
const MAX_WAITING = 5_000;

/** Takes events without making their causes wait for the disk, and writes them in order and in batches. */
export type AuditTrail = {
  note(event: AuditEventInput): void;
  /** Resolves when everything noted before is on disk. */
  flush(): Promise<void>;
};

/** @param onError a batch that could not be written is kept and tried again; this tells about it */
export function createAuditTrail(log: AuditLog, onError: (error: unknown) => void): AuditTrail {
  let waiting: AuditEventInput[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      await log.append(batch);
    } catch (error) {
      waiting = [...batch, ...waiting];
      onError(error);
      schedule();
    }
  }

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
  }

  return {
    note(event) {
      waiting.push(event);
      if (waiting.length >= MAX_WAITING) void flush();
      else schedule();
    },
    flush,
  };
}
