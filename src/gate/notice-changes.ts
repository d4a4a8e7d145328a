import type { AdvisoryStore } from '../core/advisories/advisory-store.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Knowledge } from './knowledge.ts';
import type { AdvisorySource } from './ports.ts';

/** Projects that have to be decided again. */
export type Due = ReadonlySet<ProjectName> | 'all';

/**
 * Reads again what people, feeds or another process changed. Every flow that records a decision calls it, so that the same
 * process acts on it at once; upkeep calls it every second, for what others recorded.
 */
export type NoticeChanges = {
  /** Reads again when something changed. */
  notice(): Promise<void>;
  /** What changed since this was last asked: only what new advisories touch when nothing else did. */
  takeDue(): Due;
};

export function createNoticeChanges(
  knowledge: Pick<Knowledge, 'refresh' | 'storeRevision'>,
  advisories: AdvisorySource & { forget(): void },
  store: Pick<AdvisoryStore, 'touchedBetween'>,
): NoticeChanges {
  let due: Due = new Set();
  return {
    async notice() {
      const before = knowledge.storeRevision();
      if (!(await knowledge.refresh())) return;
      advisories.forget();
      const after = knowledge.storeRevision();
      // Until the answer is there it may be anything: whoever asks meanwhile decides everything again.
      const others = due;
      due = 'all';
      const touched = await store.touchedBetween(before, after);
      due = touched === undefined ? 'all' : together(others, touched);
    },
    takeDue() {
      const taken = due;
      due = new Set();
      return taken;
    },
  };
}

export function together(a: Due, b: Due): Due {
  return a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]);
}
