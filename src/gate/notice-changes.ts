import type { Knowledge } from './knowledge.ts';
import type { AdvisorySource } from './ports.ts';

/**
 * Reads again what people, feeds or another process changed. Every flow that records a decision calls it, so that the same
 * process acts on it at once; upkeep calls it every second, for what others recorded.
 */
export type NoticeChanges = {
  /** Reads again when something changed. */
  notice(): Promise<void>;
  /** Whether something changed since this was last asked: then what was decided before is due again. */
  takeDue(): boolean;
};

export function createNoticeChanges(
  knowledge: Pick<Knowledge, 'refresh'>,
  advisories: AdvisorySource & { forget(): void },
): NoticeChanges {
  let isDue = false;
  return {
    async notice() {
      if (!(await knowledge.refresh())) return;
      advisories.forget();
      isDue = true;
    },
    takeDue() {
      const due = isDue;
      isDue = false;
      return due;
    },
  };
}
