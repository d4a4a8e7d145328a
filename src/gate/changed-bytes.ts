import { LRUCache } from 'lru-cache';
import type { AuditTrail } from './audit-trail.ts';
import type { Clock } from './ports.ts';

/** An upstream offers or sends other bytes under a file name than before, or than its page promises. */
export type ChangedBytes = {
  readonly upstream: string;
  /** Below the index root. */
  readonly path: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type TellChangedBytes = (change: ChangedBytes) => void;

type Needs = {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** The alarm: a log line and a metric. */
  readonly onChangedBytes: (change: ChangedBytes) => void;
};

/** Records a change and raises the alarm, once per change: pages are decided and files are asked for again and again. */
export function createTellChangedBytes({ audit, clock, onChangedBytes }: Needs): TellChangedBytes {
  const told = new LRUCache<string, true>({ max: 10_000 });
  return (change) => {
    const { upstream, path, detail } = change;
    const key = JSON.stringify([upstream, path, detail]);
    if (told.has(key)) return;
    told.set(key, true);
    audit.note({
      at: clock(),
      type: 'upstream.changed-bytes',
      actor: 'gate',
      subject: path,
      detail: { upstream, ...detail },
    });
    onChangedBytes(change);
  };
}
