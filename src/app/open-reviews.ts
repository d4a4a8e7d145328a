import { type ChangeReview, createChangeReview } from '../gate/change-review.ts';
import type { DecideProject } from '../gate/decide-project.ts';
import { createDecideReview } from '../gate/decide-review.ts';
import type { Judge } from '../gate/judge.ts';
import { createManageExemptions } from '../gate/manage-exemptions.ts';
import { createMoveKillSwitch } from '../gate/move-kill-switch.ts';
import type { NoticeChanges } from '../gate/notice-changes.ts';
import type { Clock, Store } from '../gate/ports.ts';
import { createRefusedRequests } from '../gate/refused-requests.ts';
import type { Rejudge } from '../gate/rejudge.ts';
import { createReviewUpkeep } from '../gate/review-upkeep.ts';
import type { ServedIndex } from '../gate/served-index.ts';
import { createSettleReviews } from '../gate/settle-reviews.ts';
import { createWhoHas } from '../gate/who-has.ts';

export type ReviewFlowNeeds = {
  readonly store: Store;
  readonly decide: DecideProject;
  readonly judge: Judge;
  readonly rejudge: Rejudge;
  readonly noticeChanges: NoticeChanges;
  readonly indexes: readonly ServedIndex[];
  readonly index: (name: string) => ServedIndex;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

/** Everything that people decide with, plugged together: reviews, exemptions, the kill switch, and who has what. */
export function openReviews(needs: ReviewFlowNeeds) {
  const { store, judge, clock } = needs;
  const { reviews } = store;
  const changes: ChangeReview = createChangeReview({ reviews, clock });
  const settleReviews = createSettleReviews({ reviews, changes });
  const exemptions = createManageExemptions({ ...needs, changes });
  const killSwitch = createMoveKillSwitch(needs);
  return {
    reviews: createDecideReview({ ...needs, reviews, changes, settleReviews }),
    exemptions,
    killSwitch,
    settleReviews,
    refusedRequests: createRefusedRequests({ changes, prepare: judge.prepare, clock, onError: needs.onError }),
    reviewUpkeep: createReviewUpkeep({ ...needs, changes, exemptions, killSwitch }),
    whoHas: createWhoHas({ audit: store.audit }),
  };
}
