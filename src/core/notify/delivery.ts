import type { Notice, NoticeSeverity } from './notice.ts';

/** One message to one channel: what was gathered for it, and how far it came. Plain JSON but for the dates. */
export type Delivery = {
  readonly id: string;
  readonly channel: string;
  readonly notices: readonly Notice[];
  /** Notices that came on top of what one message holds. */
  readonly more: number;
  readonly severity: NoticeSeverity;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly createdAt: Date;
  /** When it is tried (again). */
  readonly nextAt: Date;
  /** Of the last attempt. */
  readonly problem?: string;
};

/** What of the audit log a channel was told, and the messages to it. */
export interface DeliveryStore {
  /** The last event that was looked at for a channel; undefined for a new one. */
  cursor(channel: string): Promise<number | undefined>;
  /** Sets the cursor and writes deliveries, in one transaction: an event is told, or looked at again. */
  put(deliveries: readonly Delivery[], cursor?: { readonly channel: string; readonly seq: number }): Promise<void>;
  waiting(): Promise<readonly Delivery[]>;
  /** The newest first. */
  recent(limit: number): Promise<readonly Delivery[]>;
}

/** What one message holds; the rest is counted. */
const MAX_NOTICES = 50;
/** Not more than one message per channel in this time, whatever happens. */
const MIN_GAP_MS = 30_000;
/** After so many failures in a row; then it is given up. */
const RETRY_AFTER_MS = [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 12 * 3_600_000] as const;

/**
 * Adds notices to the message that a channel is gathering, or begins one.
 * @param digest milliseconds that a message gathers, from its first notice; a critical one ends the wait
 * @param lastSent when the channel last got something
 */
export function gather(
  open: Delivery | undefined,
  notices: readonly Notice[],
  about: {
    readonly id: string;
    readonly channel: string;
    readonly digest: number;
    readonly now: Date;
    readonly lastSent?: Date;
  },
): Delivery {
  const { now, digest } = about;
  const all = [...(open?.notices ?? []), ...notices];
  const severity = all.some((notice) => notice.severity === 'critical')
    ? 'critical'
    : all.some((notice) => notice.severity === 'warning')
      ? 'warning'
      : 'info';
  const created = open?.createdAt ?? now;
  const earliest = (about.lastSent?.getTime() ?? 0) + MIN_GAP_MS;
  const due = severity === 'critical' ? now.getTime() : created.getTime() + digest;
  return {
    id: open?.id ?? about.id,
    channel: about.channel,
    notices: all.slice(0, MAX_NOTICES),
    more: (open?.more ?? 0) + Math.max(0, all.length - MAX_NOTICES),
    severity,
    state: 'waiting',
    attempts: 0,
    createdAt: created,
    nextAt: new Date(Math.max(due, earliest)),
  };
}

/** A delivery after an attempt. @param problem absent: it arrived; `final` means that another try is useless */
export function afterAttempt(
  delivery: Delivery,
  now: Date,
  problem?: { readonly what: string; readonly final: boolean },
): Delivery {
  const { problem: _, ...rest } = delivery;
  const attempts = delivery.attempts + 1;
  if (problem === undefined) return { ...rest, attempts, state: 'sent', nextAt: now };
  const wait = RETRY_AFTER_MS[attempts - 1];
  if (problem.final || wait === undefined)
    return { ...rest, attempts, state: 'failed', nextAt: now, problem: problem.what };
  return { ...rest, attempts, nextAt: new Date(now.getTime() + wait), problem: problem.what };
}
