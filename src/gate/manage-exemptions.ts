import { randomBytes } from 'node:crypto';
import type { AuditEventInput } from '../core/audit/event.ts';
import { WheelgateError } from '../core/errors.ts';
import { accountableFor, type Identity } from '../core/identity/identity.ts';
import { type Exemption, isInForce } from '../core/policy/exemption.ts';
import { makeExemption, type NewExemption } from '../core/policy/make-exemption.ts';
import type { ProjectName } from '../core/python/name.ts';
import { addRequest, openReview, reopen } from '../core/review/request-review.ts';
import type { Review } from '../core/review/review.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { ChangeReview } from './change-review.ts';
import { requirePermission } from './decide-review.ts';
import type { NoticeChanges } from './notice-changes.ts';
import type { Clock, Store } from './ports.ts';
import { reviewId } from './refused-requests.ts';
import type { Rejudge } from './rejudge.ts';
import type { ServedIndex } from './served-index.ts';

export type AskedExemption = Omit<NewExemption, 'id' | 'kind' | 'createdAt' | 'createdBy'>;

/** One digest, for a day at most, while something burns. */
export type BreakGlass = {
  readonly index: string;
  readonly sha256: Sha256;
  readonly reason: string;
  readonly ticket?: string;
  readonly lastsMs?: number;
};

export type ManageExemptionsNeeds = {
  readonly store: Pick<Store, 'exemptions' | 'files' | 'reviews'>;
  readonly changes: ChangeReview;
  readonly rejudge: Rejudge;
  readonly noticeChanges: Pick<NoticeChanges, 'notice'>;
  readonly indexes: readonly ServedIndex[];
  readonly index: (name: string) => ServedIndex;
  readonly clock: Clock;
};

type RefusedFile = Pick<Review, 'index' | 'project' | 'version'> & {
  readonly filename: string;
  readonly sha256: Sha256;
};

/** Reviews that are searched for a digest: what burns was refused lately. */
const MAX_LOOKED_AT = 1_000;
/** By the day after, somebody has looked at what was let in by break-glass. */
const LOOK_WITHIN_MS = 24 * 3_600_000;

export function createManageExemptions(needs: ManageExemptionsNeeds) {
  const { store, clock } = needs;

  async function putIntoForce(project: ProjectName): Promise<void> {
    await needs.noticeChanges.notice();
    for (const index of needs.indexes) await needs.rejudge(index, [project]);
  }

  async function add(exemption: Exemption): Promise<Exemption> {
    await store.exemptions.save(exemption, [
      exemptionEvent('exemption.added', exemption, exemption.createdBy, clock()),
    ]);
    await putIntoForce(exemption.project);
    return exemption;
  }

  return {
    /** In force or not, the newest first. */
    async list(): Promise<readonly Exemption[]> {
      return [...(await store.exemptions.all())].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },

    /** @throws {WheelgateError} FORBIDDEN, USAGE, SPECIFIER_INVALID, NOT_FOUND for an index that is not there */
    async add(identity: Identity, asked: AskedExemption): Promise<Exemption> {
      requirePermission(identity, 'exempt', asked.index);
      const policies = asked.index === undefined ? needs.indexes : [needs.index(asked.index)];
      const ownRules = policies.flatMap((index) => index.policy().ownRules.map(({ id }) => id));
      const made = { ...asked, id: exemptionId(), kind: 'rule' as const, createdAt: clock() };
      return add(makeExemption({ ...made, createdBy: accountableFor(identity) }, ownRules));
    },

    /**
     * Lets one digest past every rule but those about malware and lying archives, and puts it before people for the next day.
     * @throws {WheelgateError} FORBIDDEN, USAGE, NOT_FOUND
     */
    async breakGlass(identity: Identity, { index, sha256, lastsMs, ...asked }: BreakGlass): Promise<Exemption> {
      requirePermission(identity, 'break-glass', index);
      const file = await findRefused(index, sha256);
      const by = accountableFor(identity);
      const at = clock();
      const exemption = makeExemption({
        ...asked,
        id: exemptionId(),
        kind: 'break-glass',
        index,
        project: file.project,
        sha256,
        owner: by,
        remediation: 'reviewed the next day',
        createdAt: at,
        createdBy: by,
        ...(lastsMs !== undefined && { lastsMs }),
      });
      await add(exemption);
      await openFor(file, exemption, by);
      return exemption;
    },

    /** @throws {WheelgateError} FORBIDDEN, NOT_FOUND, USAGE when it has ended already */
    async end(identity: Identity, id: string, why: string): Promise<Exemption> {
      const exemption = (await store.exemptions.all()).find((one) => one.id === id);
      if (!exemption)
        throw new WheelgateError('NOT_FOUND', `there is no exemption ${id}`, '`wheelgate exempt list` shows them.');
      requirePermission(identity, exemption.kind === 'rule' ? 'exempt' : 'break-glass', exemption.index);
      if (!isInForce(exemption, clock()))
        throw new WheelgateError('USAGE', `exemption ${id} has ended already`, 'Nothing is left to end.');
      return endExemption(exemption, accountableFor(identity), why);
    },

    /** Ends one that time, its condition or disuse made unneeded. */
    endExemption,
  };

  async function endExemption(exemption: Exemption, by: string, why: string): Promise<Exemption> {
    const at = clock();
    const ended = { ...exemption, ended: { at, by, why } };
    await store.exemptions.save(ended, [exemptionEvent('exemption.ended', ended, by, at, { why })]);
    await putIntoForce(exemption.project);
    return ended;
  }

  /** A file that was judged here, or that somebody was refused before anybody read it. @throws {WheelgateError} NOT_FOUND */
  async function findRefused(index: string, sha256: Sha256): Promise<RefusedFile> {
    const known = (await store.files.findByDigest(sha256)).find((one) => one.index === index);
    if (known) {
      const { project, version, file } = known;
      return { index, project, sha256, filename: file.filename, version: version ?? file.filename };
    }
    for (const { project, version, files } of await store.reviews.list({ index, limit: MAX_LOOKED_AT })) {
      const file = files.find((one) => one.sha256 === sha256);
      if (file) return { index, project, version, sha256, filename: file.filename };
    }
    throw new WheelgateError(
      'NOT_FOUND',
      `nobody was refused a file with sha256 ${sha256} on index ${index}`,
      'Install it once, and look at `wheelgate review list`.',
    );
  }

  async function openFor(file: RefusedFile, exemption: Exemption, by: string): Promise<void> {
    const { index, project, version, filename, sha256 } = file;
    const at = clock();
    const dueAt = new Date(at.getTime() + LOOK_WITHIN_MS);
    const request = {
      index,
      project,
      version,
      requester: { name: by, reason: `break-glass ${exemption.id}: ${exemption.reason}` },
      files: [{ filename, sha256, verdict: 'allow' as const, reasons: [], causes: [], evidence: [exemption.id] }],
      at,
      refusals: 0,
      assignees: [],
    };
    const open = () => {
      const { review, events } = openReview(reviewId(), request);
      return { review: { ...review, dueAt }, events };
    };
    await needs.changes.openOrChange(request, open, (current) => {
      // Who breaks the glass wants it too, and cannot be the one who looks at it.
      const asked = addRequest(current, { ...request, files: [] });
      const opened =
        asked.review.state === 'open'
          ? { review: asked.review, events: [] }
          : reopen(asked.review, { by, at, why: `let in by break-glass (${exemption.id})` });
      return { review: { ...opened.review, dueAt }, events: [...asked.events, ...opened.events] };
    });
  }
}

export type ManageExemptions = ReturnType<typeof createManageExemptions>;

export function exemptionEvent(
  type: 'exemption.added' | 'exemption.ended' | 'exemption.expiring',
  { id, kind, rule, index, consumer, project, versions, sha256, owner, reason, ticket, expiresAt }: Exemption,
  actor: string,
  at: Date,
  more: Readonly<Record<string, unknown>> = {},
): AuditEventInput {
  return {
    at,
    type,
    actor,
    subject: `${project} ${versions ?? sha256 ?? ''}`.trim(),
    detail: {
      id,
      kind,
      rule,
      index,
      consumer,
      project,
      versions,
      sha256,
      owner,
      reason,
      ticket,
      expiresAt: expiresAt.toISOString(),
      ...more,
    },
  };
}

function exemptionId(): string {
  return `x${randomBytes(4).toString('hex')}`;
}
