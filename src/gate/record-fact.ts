import { randomUUID } from 'node:crypto';
import type { AuditEventInput } from '../core/audit/event.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Fact } from '../core/policy/fact.ts';
import type { ProjectName } from '../core/python/name.ts';
import { parseReleaseName } from '../core/python/release-name.ts';
import { parseSha256, type Sha256 } from '../core/sha256.ts';
import { type DecideProject, isOfRelease } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { NoticeChanges } from './notice-changes.ts';
import type { Clock, Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

/** What a decision is about: a digest, a release, or a whole project. */
export type FactSubject =
  | { readonly kind: 'digest'; readonly sha256: Sha256 }
  | { readonly kind: 'release'; readonly project: ProjectName; readonly version: string }
  | { readonly kind: 'project'; readonly project: ProjectName };

export type FactRequest = {
  readonly kind: Fact['kind'];
  readonly subject: FactSubject;
  readonly reason: string;
  readonly actor: string;
};

export type RecordFactNeeds = {
  readonly decide: DecideProject;
  readonly judge: Pick<Judge, 'judge'>;
  readonly store: Pick<Store, 'facts' | 'files'>;
  /** Closes the reviews that a fact settles. */
  readonly settleReviews: (facts: readonly Fact[]) => Promise<void>;
  readonly noticeChanges: Pick<NoticeChanges, 'notice'>;
  readonly clock: Clock;
};

/**
 * Records an approval, denial or revocation, with its audit event. An approval of a release is written as one approval per
 * file, because it binds to digests; a file without a digest upstream is judged first, which learns its digest and binds the
 * file to it.
 * @returns the facts as recorded
 * @throws {WheelgateError} NOT_FOUND when an approval names nothing that exists, USAGE when it names a whole project
 */
export function createRecordFact({ decide, judge, store, settleReviews, noticeChanges, clock }: RecordFactNeeds) {
  return async function recordFact(index: ServedIndex, request: FactRequest): Promise<readonly Fact[]> {
    const subjects =
      request.kind === 'approval' ? await filesOf(index, request.subject) : [await subjectOf(request.subject)];
    const at = clock();
    const facts = subjects.map(
      (subject): Fact => ({
        id: randomUUID(),
        kind: request.kind,
        index: index.name,
        reason: request.reason,
        actor: request.actor,
        at,
        policyRevision: index.policy().revision,
        ...subject,
      }),
    );
    await store.facts.append(facts, facts.map(factEvent));
    // In force here at once; another process notices within a second.
    await noticeChanges.notice();
    await settleReviews(facts);
    return facts;
  };

  async function subjectOf(subject: FactSubject): Promise<Pick<Fact, 'project' | 'version' | 'sha256'>> {
    if (subject.kind !== 'digest')
      return { project: subject.project, ...(subject.kind === 'release' && { version: subject.version }) };
    const [known] = await store.files.findByDigest(subject.sha256);
    if (!known) throw unknownDigest(subject.sha256);
    return {
      project: known.project,
      sha256: subject.sha256,
      ...(known.version !== undefined && { version: known.version }),
    };
  }

  async function filesOf(
    index: ServedIndex,
    subject: FactSubject,
  ): Promise<readonly Pick<Fact, 'project' | 'version' | 'sha256'>[]> {
    if (subject.kind === 'digest') return [await subjectOf(subject)];
    if (subject.kind === 'project') {
      throw new WheelgateError(
        'USAGE',
        `an approval of all of ${subject.project} would cover files that nobody has seen`,
        'Name a release: pkg:pypi/name@version.',
      );
    }
    const decided = await decide.decideProject(index, subject.project);
    const files = typeof decided === 'string' ? [] : decided.files.filter((file) => isOfRelease(file, subject.version));
    if (files.length === 0) {
      throw new WheelgateError(
        'NOT_FOUND',
        `no upstream of this index has ${subject.project} ${subject.version}`,
        'Check the spelling; `wheelgate why` lists the releases.',
      );
    }
    return Promise.all(
      files.map(async (file) => ({
        project: subject.project,
        sha256: file.file.sha256 ?? (await judge.judge(index, file)).file.sha256!,
        ...(file.version && { version: file.version.text }),
      })),
    );
  }
}

export function factEvent({
  id,
  kind,
  index,
  project,
  version,
  sha256,
  reason,
  actor,
  at,
  review,
}: Fact): AuditEventInput {
  return {
    at,
    type: `fact.${kind}`,
    actor,
    subject: `${project}${version === undefined ? '' : ` ${version}`}`,
    detail: {
      id,
      index,
      reason,
      ...(sha256 !== undefined && { sha256 }),
      ...(review !== undefined && { review }),
    },
  };
}

/** Reads what a person typed: a sha256, a purl, or `name==version`. @throws {WheelgateError} PURL_INVALID */
export function parseFactSubject(raw: string): FactSubject {
  if (/^(?:sha256:)?[0-9a-fA-F]{64}$/.test(raw)) return digestSubject(raw);
  const { project, version } = parseReleaseName(raw);
  return version === undefined ? { kind: 'project', project } : { kind: 'release', project, version };
}

export function digestSubject(raw: string): FactSubject {
  return { kind: 'digest', sha256: parseSha256(raw.replace(/^sha256:/, '')) };
}

function unknownDigest(sha256: string): WheelgateError {
  return new WheelgateError(
    'NOT_FOUND',
    `no file with sha256 ${sha256} was met here`,
    'Name the release instead: pkg:pypi/name@version.',
  );
}
