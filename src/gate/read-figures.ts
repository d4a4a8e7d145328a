import type { AuditEvent } from '../core/audit/event.ts';
import { DAY_MS } from '../core/duration.ts';
import type { Review } from '../core/review/review.ts';
import { type WorkflowFigures, workflowFigures } from '../core/review/workflow-figures.ts';
import type { AuditLog, Clock, Store } from './ports.ts';

export type ReadFiguresNeeds = {
  readonly log: AuditLog & { head(): Promise<number> };
  readonly reviews: Pick<Store['reviews'], 'list'>;
  readonly clock: Clock;
  /** Events that are looked at, the newest. */
  readonly maxEvents: number;
};

const BATCH = 1_000;

/** Reads the figures of the last days from audit log and reviews. `complete` is false when the log held more than is read. */
export function createReadFigures({ log, reviews, clock, maxEvents }: ReadFiguresNeeds) {
  return async function readFigures(days: number): Promise<WorkflowFigures & { readonly complete: boolean }> {
    const until = clock();
    const asked = new Date(until.getTime() - days * DAY_MS);
    const first = Math.max(0, (await log.head()) - maxEvents);
    const events: Pick<AuditEvent, 'at' | 'type' | 'detail'>[] = [];
    let oldest: Date | undefined;
    for (let after = first; ; ) {
      const batch = await log.read({ after, limit: BATCH });
      const last = batch.at(-1);
      if (!last) break;
      oldest ??= batch[0]!.at;
      // Only what counts is kept: of a busy gate's log most is.
      for (const { at, type, detail } of batch) if (at >= asked && COUNTED.has(type)) events.push({ at, type, detail });
      after = last.seq;
    }
    const complete = first === 0 || (oldest !== undefined && oldest <= asked);
    const since = complete ? asked : (oldest ?? asked);
    return { ...workflowFigures(events, await reviewsSince(since), since, until), complete };
  };

  /** Those that are open, and those that changed in the time: the list is the newest first by opening. */
  async function reviewsSince(since: Date): Promise<readonly Review[]> {
    const found: Review[] = [];
    let before: { readonly openedAt: Date; readonly id: string } | undefined;
    for (;;) {
      const page = await reviews.list({ limit: BATCH, ...(before && { before }) });
      found.push(...page.filter(({ state, changedAt }) => state === 'open' || changedAt >= since));
      const last = page.at(-1);
      if (!last || page.length < BATCH) return found;
      before = { openedAt: last.openedAt, id: last.id };
    }
  }
}

const COUNTED: ReadonlySet<string> = new Set(['file.served', 'file.refused', 'verdict.recorded']);
