import { randomUUID } from 'node:crypto';
import { WheelgateError } from '../core/errors.ts';
import { accountableFor, can, type Identity, type Permission } from '../core/identity/identity.ts';
import { type Fact, isSameRelease } from '../core/policy/fact.ts';
import { parseSpecifiers, specifiersAllow } from '../core/python/specifier.ts';
import type { Criteria } from '../core/review/criteria.ts';
import { addRequest, mergeFiles, openReview, reopen } from '../core/review/request-review.ts';
import type { Review } from '../core/review/review.ts';
import { ownersOf } from '../core/review/review-settings.ts';
import { addComment, assignReview, rejectReview } from '../core/review/settle-review.ts';
import { castVote, requireOpen, type Settled, type VotedFile } from '../core/review/vote.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { ChangeReview } from './change-review.ts';
import { type DecidedFile, type DecideProject, isOffered, isOfRelease } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { NoticeChanges } from './notice-changes.ts';
import type { Clock, ReviewStore } from './ports.ts';
import type { FactSubject } from './record-fact.ts';
import { reviewId } from './refused-requests.ts';
import type { Rejudge } from './rejudge.ts';
import { reviewedFile, whyNoApprovalHelps } from './reviewed-file.ts';
import type { ServedIndex } from './served-index.ts';

/** What an approval is to cover. `asked`: the files that somebody was refused, and no other. */
export type ApprovalScope =
  | { readonly kind: 'asked' }
  | { readonly kind: 'release' }
  | { readonly kind: 'digests'; readonly sha256: readonly Sha256[] }
  /** Releases by PEP 440 specifiers, as they are upstream now. */
  | { readonly kind: 'range'; readonly versions: string };

export type Approval = {
  readonly scope: ApprovalScope;
  readonly criteria: Criteria;
  readonly reason: string;
};

export type DecideReviewNeeds = {
  readonly reviews: ReviewStore;
  readonly changes: ChangeReview;
  readonly decide: DecideProject;
  readonly judge: Pick<Judge, 'judge'>;
  readonly rejudge: Rejudge;
  readonly noticeChanges: Pick<NoticeChanges, 'notice'>;
  /** Closes other reviews that the same approvals settle. */
  readonly settleReviews: (facts: readonly Fact[]) => Promise<void>;
  readonly index: (name: string) => ServedIndex;
  readonly clock: Clock;
};

/** All of them are fetched and read before they are approved. */
const MAX_FILES = 60;
/** Of a release that somebody asks for by hand: the files that most will install. */
const MAX_LIKELY = 4;

/** What people do with reviews. Every method says who does it, and refuses whom the rules of the review exclude. */
export function createDecideReview(needs: DecideReviewNeeds) {
  const { reviews, changes, decide, judge, clock } = needs;

  async function find(id: string): Promise<Review> {
    const review = await reviews.find(id);
    if (review) return review;
    throw new WheelgateError('NOT_FOUND', `there is no review ${id}`, '`wheelgate review list` shows them.');
  }

  /** Acts on the decision in this process at once, and records what follows from it. */
  async function putIntoForce({ index, project }: Review): Promise<void> {
    await needs.noticeChanges.notice();
    await needs.rejudge(needs.index(index), [project]);
  }

  async function filesIn(index: ServedIndex, review: Review, scope: ApprovalScope): Promise<readonly DecidedFile[]> {
    const decided = await decide.decideProject(index, review.project);
    const all = typeof decided === 'string' ? [] : decided.files.filter(({ name }) => name.kind !== 'other');
    const files = all.filter(matcherOf(review, scope));
    if (files.length === 0) {
      throw new WheelgateError(
        'NOT_FOUND',
        `no upstream of this index has such files of ${review.project} any more`,
        '`wheelgate why` lists what there is.',
      );
    }
    if (files.length > MAX_FILES) {
      throw new WheelgateError(
        'USAGE',
        `this would approve ${files.length} files at once, and nobody reads as many`,
        `Name at most ${MAX_FILES}: a narrower range, or single digests. Wheels with the same Python code follow by themselves.`,
      );
    }
    return files;
  }

  /** Has every file read that nobody has read yet, and says what is known of it now. */
  async function readFiles(index: ServedIndex, files: readonly DecidedFile[]): Promise<readonly DecidedFile[]> {
    const read: DecidedFile[] = [];
    for (const file of files) read.push(file.inspection && file.met ? file : await judge.judge(index, file));
    return read;
  }

  /**
   * One person's approval. Files that no approval opens are refused when they were asked for, else left out.
   * @throws {WheelgateError} FORBIDDEN, REVIEW_REFUSED, REVIEW_CLOSED, NOT_FOUND, USAGE, UPSTREAM_*
   */
  async function approve(id: string, identity: Identity, approval: Approval): Promise<Review> {
    return (await approveWithFacts(id, identity, approval)).review;
  }

  async function approveWithFacts(
    id: string,
    identity: Identity,
    approval: Approval,
  ): Promise<{ readonly review: Review; readonly facts: readonly Fact[] }> {
    const before = await find(id);
    requirePermission(identity, 'approve-one', before.index);
    requireOpen(before);
    const index = needs.index(before.index);
    const policy = index.policy();
    const decided = await readFiles(index, await filesIn(index, before, approval.scope));
    const at = clock();
    const voted = decided.flatMap((file): VotedFile[] => {
      const why = whyNoApprovalHelps(file, policy, at);
      const { sha256, ...one } = reviewedFile(file, policy, at);
      if (why === undefined && sha256 !== undefined) return [{ ...one, sha256 }];
      if (approval.scope.kind === 'release' || approval.scope.kind === 'range') return [];
      throw new WheelgateError(
        'REVIEW_REFUSED',
        `no approval opens ${file.file.filename}: ${why ?? 'its bytes could not be had'}`,
        'If that is wrong, whoever published the report corrects it; an archive that lies stays out.',
      );
    });
    const causes = new Set(voted.flatMap((file) => file.causes));
    if (causes.size > 0) requirePermission(identity, 'approve-two-person', before.index);
    if (causes.has('block-override')) requirePermission(identity, 'override-block', before.index);
    const by = accountableFor(identity);
    const versions = new Map(decided.map(({ file, evidence }) => [file.filename, evidence.file.rawVersion]));
    let recorded: readonly Fact[] = [];
    const review = await changes.change(id, (current) => {
      const change = castVote(current, { by, at, reason: approval.reason, criteria: approval.criteria, files: voted });
      recorded = change.settled.map((settled) =>
        factOf(current, settled, versions.get(settled.file.filename), approval.reason, at, policy.revision),
      );
      const advisories = decided.flatMap(({ evidence }) => evidence.advisories.matches.map(({ id: one }) => one));
      return { ...change, facts: recorded, review: { ...change.review, advisories: [...new Set(advisories)] } };
    });
    await putIntoForce(review);
    await needs.settleReviews(recorded);
    return { review, facts: recorded };
  }

  return {
    find,
    approve,

    /**
     * Approves a whole release, or one digest, by the review that is open for it.
     * @returns the approvals that are in force now; none while another person is needed
     * @throws {WheelgateError} NOT_FOUND when nobody asked for it, and what `approve` throws
     */
    async approveRelease(
      identity: Identity,
      { index, subject, reason }: { readonly index: string; readonly subject: FactSubject; readonly reason: string },
    ): Promise<readonly Fact[]> {
      const open = await reviews.list({
        state: 'open',
        index,
        limit: 500,
        ...(subject.kind !== 'digest' && { project: subject.project }),
      });
      const review = open.find((one) =>
        subject.kind === 'digest'
          ? one.files.some(({ sha256 }) => sha256 === subject.sha256)
          : subject.kind === 'release' && isSameRelease(one.version, subject.version),
      );
      if (!review) {
        throw new WheelgateError(
          'NOT_FOUND',
          'no review is open for this',
          'Somebody else asks for it: by installing it, or by `wheelgate request`.',
        );
      }
      const scope: ApprovalScope =
        subject.kind === 'digest' ? { kind: 'digests', sha256: [subject.sha256] } : { kind: 'release' };
      return (await approveWithFacts(review.id, identity, { scope, criteria: 'safe-to-run', reason })).facts;
    },

    /** @throws {WheelgateError} REVIEW_CLOSED, FORBIDDEN */
    async reject(id: string, identity: Identity, reason: string): Promise<Review> {
      const before = await find(id);
      requirePermission(identity, 'reject', before.index);
      const index = needs.index(before.index);
      const now = await currentFiles(index, before);
      const at = clock();
      const by = accountableFor(identity);
      const review = await changes.change(id, (current) => ({
        ...rejectReview({ ...current, files: mergeFiles(current.files, now) }, { by, at, reason }),
        facts: [
          {
            id: randomUUID(),
            kind: 'denial',
            index: current.index,
            project: current.project,
            version: current.version,
            reason,
            actor: by,
            at,
            policyRevision: index.policy().revision,
            review: id,
          },
        ],
      }));
      await putIntoForce(review);
      return review;
    },

    async reopen(id: string, identity: Identity, reason: string): Promise<Review> {
      const { index } = await find(id);
      requirePermission(identity, 'reject', index);
      return changes.change(id, (current) => {
        if (current.state === 'open')
          throw new WheelgateError(
            'USAGE',
            `review ${id} is open`,
            'Decide it: `wheelgate review approve` or `reject`.',
          );
        return reopen(current, { by: accountableFor(identity), at: clock(), why: reason });
      });
    },

    async comment(id: string, identity: Identity, text: string): Promise<Review> {
      const { index } = await find(id);
      requirePermission(identity, 'comment', index);
      return changes.change(id, (current) => addComment(current, { by: accountableFor(identity), at: clock(), text }));
    },

    async assign(id: string, identity: Identity, assignees: readonly string[]): Promise<Review> {
      const { index } = await find(id);
      requirePermission(identity, 'assign', index);
      return changes.change(id, (current) =>
        assignReview(current, { by: accountableFor(identity), at: clock(), assignees }),
      );
    },

    /**
     * Asks for a release by hand. @throws {WheelgateError} NOT_FOUND, USAGE when it installs already, REVIEW_REFUSED when no
     * approval could open it
     */
    async request(
      identity: Identity,
      {
        index: name,
        project,
        version,
        reason,
      }: { readonly index: string; readonly reason: string } & Pick<Review, 'project' | 'version'>,
    ): Promise<Review> {
      requirePermission(identity, 'request', name);
      const index = needs.index(name);
      const policy = index.policy();
      const decided = await decide.decideProject(index, project);
      const all = typeof decided === 'string' ? [] : decided.files.filter((file) => isOfRelease(file, version));
      if (all.length === 0) {
        throw new WheelgateError(
          'NOT_FOUND',
          `no upstream of this index has ${project} ${version}`,
          'Check the spelling.',
        );
      }
      const likely = likelyFiles(all);
      const withheld = likely.filter((file) => !isOffered(file));
      if (withheld.length === 0) {
        throw new WheelgateError('USAGE', `${project} ${version} installs already`, 'Nobody has to approve it.');
      }
      const at = clock();
      const [why] = withheld.flatMap((file) => whyNoApprovalHelps(file, policy, at) ?? []);
      if (why !== undefined) {
        throw new WheelgateError(
          'REVIEW_REFUSED',
          `no approval opens ${project} ${version}: ${why}`,
          'Use another release.',
        );
      }
      const request = {
        index: name,
        project,
        version,
        requester: {
          name: accountableFor(identity),
          reason,
          ...(identity.consumer !== undefined && { consumer: identity.consumer }),
        },
        files: withheld.map((file) => reviewedFile(file, policy, at)),
        at,
        refusals: 0,
        assignees: ownersOf(project, policy.reviews),
      };
      const review = await changes.openOrChange(
        request,
        () => openReview(reviewId(), request),
        (current) => addRequest(current, request),
      );
      return review!;
    },
  };

  async function currentFiles(index: ServedIndex, review: Review) {
    const decided = await decide.decideProject(index, review.project);
    const names = new Set(review.files.map(({ filename }) => filename));
    const files = typeof decided === 'string' ? [] : decided.files.filter(({ file }) => names.has(file.filename));
    return files.map((file) => reviewedFile(file, index.policy(), clock()));
  }
}

function matcherOf(review: Review, scope: ApprovalScope): (file: DecidedFile) => boolean {
  switch (scope.kind) {
    case 'asked': {
      const names = new Set(review.files.map(({ filename }) => filename));
      return ({ file }) => names.has(file.filename);
    }
    case 'release':
      return (file) => isOfRelease(file, review.version);
    case 'digests':
      return ({ file }) => file.sha256 !== undefined && scope.sha256.includes(file.sha256);
    case 'range': {
      const range = parseSpecifiers(scope.versions);
      return ({ version }) => version !== undefined && specifiersAllow(range, version, { prereleases: false });
    }
  }
}

function factOf(
  review: Review,
  { file, approvers, criteria }: Settled,
  version: string | undefined,
  reason: string,
  at: Date,
  policyRevision: string,
): Fact {
  return {
    id: randomUUID(),
    kind: 'approval',
    index: review.index,
    project: review.project,
    version: version ?? review.version,
    sha256: file.sha256,
    reason,
    actor: approvers.join(', '),
    at,
    policyRevision,
    criteria,
    review: review.id,
    approvers,
  };
}

/** One wheel for everybody where there is one, else those for the most common platform, else whatever there is. */
function likelyFiles(files: readonly DecidedFile[]): readonly DecidedFile[] {
  const named = (pattern: RegExp) => files.filter(({ file }) => pattern.test(file.filename));
  const groups = [named(/-none-any\.whl$/), named(/linux.*x86_64.*\.whl$/), named(/\.whl$/), files];
  return groups.find((group) => group.length > 0)!.slice(-MAX_LIKELY);
}

/** @throws {WheelgateError} FORBIDDEN */
export function requirePermission(identity: Identity, permission: Permission, index?: string): void {
  if (can(identity, permission, index)) return;
  throw new WheelgateError(
    'FORBIDDEN',
    `${identity.name} has no permission "${permission}"${index === undefined ? '' : ` in index ${JSON.stringify(index)}`}`,
    'docs/access.md says which role has it.',
  );
}

export type DecideReview = ReturnType<typeof createDecideReview>;
