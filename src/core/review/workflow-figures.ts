import type { AuditEvent } from '../audit/event.ts';
import type { Review } from './review.ts';

/** How much the gate slows people down, over a time. Shares are from 0 to 1; null: nothing to count. Hours are those of the clock. */
export type WorkflowFigures = {
  readonly since: Date;
  readonly until: Date;
  /** Requests for files, and the share of them that was served at once. */
  readonly requests: { readonly served: number; readonly refused: number; readonly servedShare: number | null };
  /** Files that were judged, by who settled them; what is held still is in neither share. */
  readonly decisions: {
    readonly byRules: number;
    readonly byPeople: number;
    readonly held: number;
    readonly unattendedShare: number | null;
  };
  /** Reviews that people settled, from the time when they were opened. */
  readonly reviews: {
    readonly approved: number;
    readonly rejected: number;
    readonly medianHours: number | null;
    readonly p90Hours: number | null;
  };
  readonly backlog: { readonly open: number; readonly oldestHours: number | null };
  /** Per rule that held or blocked something: how often people let it in all the same. A rule that is mostly wrong helps nobody. */
  readonly falseHolds: readonly {
    readonly rule: string;
    readonly settled: number;
    readonly approved: number;
    readonly share: number;
  }[];
};

/** What one event of the audit log counts for. */
export type CountedEvent =
  | { readonly at: Date; readonly what: 'served' | 'refused' }
  | { readonly at: Date; readonly what: 'decided'; readonly file: string; readonly who: Decider };

type Decider = 'rules' | 'people' | 'nobody';

/** Undefined: it counts for nothing. */
export function countedEvent({
  at,
  type,
  detail,
}: Pick<AuditEvent, 'at' | 'type' | 'detail'>): CountedEvent | undefined {
  switch (type) {
    case 'file.served':
      return { at, what: 'served' };
    case 'file.refused':
      return { at, what: 'refused' };
    case 'verdict.recorded':
      return { at, what: 'decided', file: `${detail.index} ${detail.sha256}`, who: deciderOf(detail) };
    default:
      return undefined;
  }
}

/** Counts over events in any order, and over the reviews that were open or settled in the time. */
export function workflowFigures(
  events: Iterable<CountedEvent>,
  reviews: readonly Review[],
  since: Date,
  until: Date,
): WorkflowFigures {
  let served = 0;
  let refused = 0;
  const lastVerdict = new Map<string, { readonly at: Date; readonly who: Decider }>();
  for (const event of events) {
    const { at } = event;
    if (at < since || at > until) continue;
    if (event.what === 'decided') {
      const before = lastVerdict.get(event.file);
      if (before === undefined || before.at <= at) lastVerdict.set(event.file, event);
    } else if (event.what === 'served') served++;
    else refused++;
  }
  const count = (who: Decider) => [...lastVerdict.values()].filter((one) => one.who === who).length;
  const [byRules, byPeople, held] = [count('rules'), count('people'), count('nobody')];
  const settled = reviews.filter(({ outcome }) => isSettledByPeople(outcome, since, until));
  const hours = settled
    .map(({ openedAt, outcome }) => (outcome!.at.getTime() - openedAt.getTime()) / 3_600_000)
    .sort((a, b) => a - b);
  const open = reviews.filter(({ state }) => state === 'open');
  const oldest = Math.min(...open.map(({ openedAt }) => openedAt.getTime()));
  return {
    since,
    until,
    requests: { served, refused, servedShare: share(served, served + refused) },
    decisions: { byRules, byPeople, held, unattendedShare: share(byRules, byRules + byPeople) },
    reviews: {
      approved: settled.filter(({ state }) => state === 'approved').length,
      rejected: settled.filter(({ state }) => state === 'rejected').length,
      medianHours: quantile(hours, 0.5),
      p90Hours: quantile(hours, 0.9),
    },
    backlog: {
      open: open.length,
      oldestHours: open.length === 0 ? null : (until.getTime() - oldest) / 3_600_000,
    },
    falseHolds: falseHolds(settled),
  };
}

/** Reasons under which a verdict says that a person made it. */
const BY_PEOPLE: ReadonlySet<unknown> = new Set(['approval', 'denial', 'deny-list', 'revocation', 'exemption']);

function deciderOf({ verdict, reasons }: AuditEvent['detail']): Decider {
  if (verdict === 'hold') return 'nobody';
  const rules = Array.isArray(reasons) ? reasons.map((reason: { rule?: unknown } | null) => reason?.rule) : [];
  return rules.some((rule) => BY_PEOPLE.has(rule)) ? 'people' : 'rules';
}

function isSettledByPeople(outcome: Review['outcome'], since: Date, until: Date): boolean {
  if (outcome === undefined || outcome.at < since || outcome.at > until) return false;
  return outcome.by.some((name) => name !== 'gate');
}

function falseHolds(settled: readonly Review[]): WorkflowFigures['falseHolds'] {
  const byRule = new Map<string, { settled: number; approved: number }>();
  for (const { files, state } of settled) {
    const reasons = files.flatMap((file) => file.reasons).filter(({ effect }) => effect !== 'note');
    for (const rule of new Set(reasons.map((reason) => reason.rule))) {
      const counts = byRule.get(rule) ?? { settled: 0, approved: 0 };
      byRule.set(rule, { settled: counts.settled + 1, approved: counts.approved + (state === 'approved' ? 1 : 0) });
    }
  }
  return [...byRule]
    .map(([rule, counts]) => ({ rule, ...counts, share: counts.approved / counts.settled }))
    .sort((a, b) => b.settled - a.settled || (a.rule < b.rule ? -1 : 1));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Nearest rank. @param sorted rising */
function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? null;
}
