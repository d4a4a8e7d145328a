import { setImmediate as nextTurn } from 'node:timers/promises';
import { DAY_MS } from '../core/duration.ts';
import type { Review } from '../core/review/review.ts';
import {
  type CountedEvent,
  countedEvent,
  type WorkflowFigures,
  workflowFigures,
} from '../core/review/workflow-figures.ts';
import type { AuditLog, Clock, Store } from './ports.ts';
import { createSingleFlight } from './single-flight.ts';

export type ReadFiguresNeeds = {
  readonly log: AuditLog & { head(): Promise<number> };
  readonly reviews: Pick<Store['reviews'], 'list'>;
  readonly clock: Clock;
  /** Events that are looked at, the newest. */
  readonly maxEvents: number;
};

const BATCH = 1_000;

/**
 * Reads the figures of the last days from audit log and reviews. What was read of the log stays in memory as far as it
 * counts: the next time only what came since is read. `complete` is false when the log held more than is looked at.
 */
export function createReadFigures({ log, reviews, clock, maxEvents }: ReadFiguresNeeds) {
  /** In the order of the log. */
  let counted: (CountedEvent & { readonly seq: number })[] = [];
  /** The number of the last event that was read. */
  let read = 0;
  const oneAtATime = createSingleFlight<number>();

  /** @returns the number of the last event that is too old to be looked at */
  async function catchUp(): Promise<number> {
    const head = await log.head();
    // Another database: a backup was brought back.
    if (head < read) [counted, read] = [[], 0];
    const cut = Math.max(0, head - maxEvents);
    read = Math.max(read, cut);
    for (;;) {
      const batch = await log.read({ after: read, limit: BATCH });
      for (const event of batch) {
        const one = countedEvent(event);
        if (one) counted.push({ ...one, seq: event.seq });
      }
      read = batch.at(-1)?.seq ?? read;
      if (batch.length < BATCH) break;
      // Requests go before figures.
      await nextTurn();
    }
    const kept = counted.findIndex(({ seq }) => seq > cut);
    if (kept !== 0) counted.splice(0, kept < 0 ? counted.length : kept);
    return cut;
  }

  return async function readFigures(days: number): Promise<WorkflowFigures & { readonly complete: boolean }> {
    const until = clock();
    const asked = new Date(until.getTime() - days * DAY_MS);
    const cut = await oneAtATime('log', catchUp);
    const [oldest] = cut === 0 ? [] : await log.read({ after: cut, limit: 1 });
    const complete = cut === 0 || (oldest !== undefined && oldest.at <= asked);
    const since = complete ? asked : (oldest?.at ?? asked);
    return { ...workflowFigures(counted, await reviewsSince(since), since, until), complete };
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
