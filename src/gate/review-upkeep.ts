import { DAY_MS } from '../core/duration.ts';
import { decide as decideFile } from '../core/policy/decide.ts';
import { type Exemption, exemptionCovers, isInForce, warningDue } from '../core/policy/exemption.ts';
import { reopen } from '../core/review/request-review.ts';
import type { Review } from '../core/review/review.ts';
import { workingHoursOf } from '../core/review/review-settings.ts';
import { endUnneeded, remind } from '../core/review/settle-review.ts';
import { remindersDue } from '../core/review/working-time.ts';
import type { ChangeReview } from './change-review.ts';
import { type DecidedFile, type DecideProject, isOffered } from './decide-project.ts';
import { fileSubject } from './file-subject.ts';
import { exemptionEvent, type ManageExemptions } from './manage-exemptions.ts';
import type { MoveKillSwitch } from './move-kill-switch.ts';
import type { Clock, Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

export type ReviewUpkeepNeeds = {
  readonly store: Pick<Store, 'reviews' | 'exemptions' | 'files'>;
  readonly changes: ChangeReview;
  readonly exemptions: Pick<ManageExemptions, 'endExemption'>;
  readonly killSwitch: Pick<MoveKillSwitch, 'remind'>;
  readonly decide: DecideProject;
  readonly indexes: readonly ServedIndex[];
  readonly clock: Clock;
};

const BATCH = 200;
/** An exemption that covers no file that was met here for so long is not used by anybody. */
const UNUSED_MS = 30 * DAY_MS;

/** What time and the world do to reviews and exemptions while nobody looks; run every minute. */
export function createReviewUpkeep(needs: ReviewUpkeepNeeds) {
  const { store, changes, decide, clock } = needs;

  /** Reviews of one state, each once, however many there are. */
  async function* allReviews(state: 'open' | 'approved'): AsyncGenerator<Review> {
    let before: Pick<Review, 'openedAt' | 'id'> | undefined;
    for (;;) {
      const page = await store.reviews.list({ state, limit: BATCH, ...(before && { before }) });
      yield* page;
      before = page.at(-1);
      if (page.length < BATCH) return;
    }
  }

  /** Files that a review is about, as they are decided now; undefined when the upstream cannot say. */
  async function filesOf(index: ServedIndex, review: Review): Promise<readonly DecidedFile[] | undefined> {
    const decided = await decide.decideProject(index, review.project).catch(() => undefined);
    if (decided === undefined || typeof decided === 'string') return undefined;
    const names = new Set(review.files.map(({ filename }) => filename));
    return decided.files.filter(({ file }) => names.has(file.filename));
  }

  async function lookAtOpen(review: Review, index: ServedIndex): Promise<void> {
    const now = clock();
    const files = await filesOf(index, review);
    const isUnneeded = files !== undefined && review.dueAt === undefined && files.every(isOffered);
    await changes.change(review.id, (current) => {
      if (current.state !== 'open') return { review: current, events: [] };
      if (isUnneeded) {
        const why = files.length === 0 ? 'no upstream has its files any more' : 'the rules let its files in by now';
        return endUnneeded(current, now, why);
      }
      const { reviews } = index.policy();
      const due = remindersDue(current.waitsSince, now, reviews.remind_after, workingHoursOf(reviews));
      return due > current.reminded ? remind(current, now, due) : { review: current, events: [] };
    });
  }

  /** What was approved stays served until people decide again, but they are told what became known since. */
  async function lookAtApproved(review: Review, index: ServedIndex): Promise<void> {
    const files = (await filesOf(index, review)) ?? [];
    const known = files.flatMap(({ evidence }) => evidence.advisories.matches.map(({ id }) => id));
    const fresh = [...new Set(known)].filter((id) => !review.advisories.includes(id));
    if (fresh.length === 0) return;
    await changes.change(review.id, (current) => {
      if (current.state !== 'approved') return { review: current, events: [] };
      const why = `new since it was approved: ${fresh.join(', ')}`;
      const opened = reopen(current, { by: 'gate', at: clock(), why });
      return { ...opened, review: { ...opened.review, advisories: [...current.advisories, ...fresh] } };
    });
  }

  async function lookAtExemption(exemption: Exemption): Promise<void> {
    const now = clock();
    if (!isInForce(exemption, now)) {
      await needs.exemptions.endExemption(exemption, 'gate', 'its time is over');
      return;
    }
    const why = await whyUnneeded(exemption, now);
    if (why !== undefined) {
      await needs.exemptions.endExemption(exemption, 'gate', why);
      return;
    }
    const daysLeft = warningDue(exemption, now);
    if (daysLeft === undefined) return;
    const warned = { ...exemption, warned: [...exemption.warned, daysLeft] };
    await store.exemptions.save(warned, [exemptionEvent('exemption.expiring', warned, 'gate', now, { daysLeft })]);
  }

  /** Decides every file that it covers as if it were not there. */
  async function whyUnneeded(exemption: Exemption, now: Date): Promise<string | undefined> {
    if (exemption.kind === 'break-glass' || now.getTime() - exemption.createdAt.getTime() < DAY_MS) return undefined;
    let covered = 0;
    for (const index of needs.indexes) {
      const known = await store.files.findByProject(exemption.project);
      for (const { upstream } of index.upstreams) {
        const files = known.filter((file) => file.index === index.name && file.upstream === upstream.name);
        if (files.length === 0) continue;
        for (const { evidence } of await decide.decideKnownFiles(index, exemption.project, upstream, files)) {
          if (!exemptionCovers(exemption, fileSubject(evidence.file))) continue;
          covered++;
          const { exemptions: _, ...without } = evidence;
          const { reasons } = decideFile(index.policy(), { ...without, facts: [] }, now);
          if (reasons.some(({ rule, effect }) => rule === exemption.rule && effect !== 'note')) return undefined;
        }
      }
    }
    if (covered > 0) return `the rule ${exemption.rule} has nothing against its files any more`;
    return now.getTime() - exemption.createdAt.getTime() < UNUSED_MS
      ? undefined
      : 'nobody asked for a file that it covers';
  }

  return {
    /** @throws {WheelgateError} STORE_FAILED; an upstream that fails leaves its reviews to the next time */
    async run(): Promise<void> {
      const byName = new Map(needs.indexes.map((index) => [index.name, index]));
      for await (const review of allReviews('open')) {
        const index = byName.get(review.index);
        if (index) await lookAtOpen(review, index);
      }
      for (const exemption of await store.exemptions.all()) {
        if (exemption.ended === undefined) await lookAtExemption(exemption);
      }
      await needs.killSwitch.remind();
    },
    /** Looks at what was approved, after advisories changed. */
    async lookForNews(): Promise<void> {
      const byName = new Map(needs.indexes.map((index) => [index.name, index]));
      for await (const review of allReviews('approved')) {
        const index = byName.get(review.index);
        if (index) await lookAtApproved(review, index);
      }
    },
  };
}
