import { appendToChain, CHAIN_START } from '../core/audit/chain.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import type { AuditLog } from './ports.ts';

/** Events wait this long at most before they are on disk. */
const FLUSH_AFTER_MS = 200;
/** After a failed write: a full disk is not asked again with every request. */
const RETRY_AFTER_MS = 1_000;
/** Then they are written at once: memory stays bounded when the disk is slow. */
const MAX_WAITING = 5_000;
/** What is kept for a log that cannot be written at all, some 50 MB. Later events are counted, and the log tells how many. */
const MAX_KEPT = 50_000;

/** Takes events without making their causes wait for the disk, and writes them in order and in batches. */
export type AuditTrail = {
  note(event: AuditEventInput): void;
  /** Resolves when everything noted before is on disk, or was tried in vain and is kept. */
  flush(): Promise<void>;
};

/** @param onError a batch that could not be written is kept and tried again; this tells about it */
export function createAuditTrail(log: Pick<AuditLog, 'append'>, onError: (error: unknown) => void): AuditTrail {
  let waiting: AuditEventInput[] = [];
  let lost: Lost | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isFlushDue = false;
  let isFailing = false;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    isFlushDue = true;
    writing = writing.then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    isFlushDue = false;
    while (waiting.length > 0 || lost) {
      const batch = waiting;
      const told = lost;
      waiting = [];
      try {
        await log.append(told ? [...batch, gapEvent(told)] : batch);
        lost = lostSince(told, lost);
        isFailing = false;
      } catch (error) {
        onError(error);
        const kept = batch.flatMap(storable);
        waiting = [...kept, ...waiting];
        // An event that no log can take was the reason: without it the others go through now.
        if (batch.some((event, i) => event !== kept[i])) continue;
        isFailing = true;
        schedule();
        return;
      }
    }
  }

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), isFailing ? RETRY_AFTER_MS : FLUSH_AFTER_MS).unref();
  }

  return {
    note(event) {
      if (waiting.length < MAX_KEPT) waiting.push(event);
      else lost = { count: (lost?.count ?? 0) + 1, since: lost?.since ?? event.at, until: event.at };
      if (isFlushDue) return;
      if (waiting.length >= MAX_WAITING && !isFailing) void flush();
      else schedule();
    },
    flush,
  };
}

/** What JSON cannot carry would be refused at every try, and everything behind it too: it is said instead, where possible. */
function storable(event: AuditEventInput): readonly AuditEventInput[] {
  const problem = problemOf(event);
  if (problem === undefined) return [event];
  const stripped = { ...event, detail: { unrecordable: problem } };
  return problemOf(stripped) === undefined ? [stripped] : [];
}

function problemOf(event: AuditEventInput): string | undefined {
  try {
    appendToChain(CHAIN_START, [event]);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

type Lost = { readonly count: number; readonly since: Date; readonly until: Date };

/** What was lost while the log was told about `told`. */
function lostSince(told: Lost | undefined, now: Lost | undefined): Lost | undefined {
  if (!told || !now) return now;
  return now.count > told.count ? { ...now, count: now.count - told.count, since: told.until } : undefined;
}

function gapEvent({ count, since, until }: Lost): AuditEventInput {
  return {
    at: until,
    type: 'audit.gap',
    actor: 'gate',
    subject: 'audit log',
    detail: { lost: count, since: since.toISOString() },
  };
}
