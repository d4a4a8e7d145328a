import { LRUCache } from 'lru-cache';
import { hasCode, WheelgateError } from '../core/errors.ts';
import { isEmergency, isPending } from '../core/policy/verdict.ts';
import { versionKey } from '../core/python/version.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { TellChangedBytes } from './changed-bytes.ts';
import type { DecidedFile, DecideProject } from './decide-project.ts';
import type { Inspections } from './inspections.ts';
import type { Knowledge } from './knowledge.ts';
import { knownSdists } from './known-sdists.ts';
import { rankApproved } from './nearest-approved.ts';
import type { BlobStore, Clock, Inspector, KnownFile, Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';
import { createSingleFlight } from './single-flight.ts';

export type JudgeNeeds = {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly inspector: Pick<Inspector, 'engine'>;
  readonly inspections: Inspections;
  readonly decide: DecideProject;
  readonly knowledge: Knowledge;
  readonly tellChangedBytes: TellChangedBytes;
  readonly clock: Clock;
  readonly maxFileBytes: number;
  /** A download that takes longer is given up. */
  readonly downloadDeadlineMs: number;
  readonly onJudged: (seconds: number, decided: DecidedFile) => void;
  readonly onUpstreamError: (upstream: string, error: unknown) => void;
};

/**
 * Gets a file's bytes (once), verifies them, has them inspected (once per engine) and decides with everything known. One
 * at a time per file; later callers share the outcome.
 * @returns the file decided on its own bytes, its verdict recorded
 * @throws {WheelgateError} UPSTREAM_* when the bytes cannot be had, DIGEST_MISMATCH when they are not what the page promised
 */
export function createJudge(needs: JudgeNeeds) {
  const { store, blobs, inspector, inspections, decide, knowledge, tellChangedBytes, clock } = needs;
  const oneJudge = createSingleFlight<DecidedFile>();
  const oneFetch = createSingleFlight<Sha256>();

  /** Files whose last recorded verdict is known to be allow. */
  const allowed = new LRUCache<string, true>({ max: 20_000 });
  const keyOf = (index: string, sha256: Sha256) => `${index} ${sha256}`;

  /** The bytes of an accepted file, fetched again when the blob was lost. */
  async function fetchBytes(decided: DecidedFile): Promise<Sha256> {
    const { file, owner, path } = decided;
    if (file.sha256 !== undefined && (await blobs.size(file.sha256)) !== undefined) return file.sha256;
    return oneFetch(`${owner.name} ${file.sha256} ${file.url}`, async () => {
      const signal = AbortSignal.timeout(needs.downloadDeadlineMs);
      try {
        const { body } = await owner.openFile(file, signal);
        const expected = file.sha256 === undefined ? {} : { expected: file.sha256 };
        return (await blobs.receive(body, { ...expected, maxBytes: needs.maxFileBytes })).sha256;
      } catch (error) {
        if (hasCode(error, 'DIGEST_MISMATCH')) {
          const detail = { promised: file.sha256, problem: error.message };
          tellChangedBytes({ upstream: owner.name, path, detail });
        } else if (error instanceof WheelgateError && error.code.startsWith('UPSTREAM_')) {
          needs.onUpstreamError(owner.name, error);
        }
        throw error;
      }
    });
  }

  /** What the file is compared with must have been analysed by this engine too; a lost blob leaves the next one to it. */
  async function inspectNearestApproved(index: ServedIndex, asked: DecidedFile, sha256: Sha256): Promise<void> {
    const recorded = await store.verdicts.findByProject(index.name, asked.evidence.file.project);
    const approved = recorded.filter(({ verdict }) => verdict.kind === 'allow');
    for (const { sha256: digest, filename } of rankApproved(approved, asked.name, sha256)) {
      if ((await inspections.find(digest)) === undefined && (await blobs.size(digest)) === undefined) continue;
      await inspections.inspect(digest, filename);
      return;
    }
  }

  /**
   * A wheel is compared with the sdist of its release where that was met: one that only another engine has read is read
   * again. Nothing is fetched for it, and the page is the stored one.
   */
  async function inspectSdists(index: ServedIndex, { name, owner, evidence }: DecidedFile): Promise<void> {
    const { project } = evidence.file;
    if (name.kind !== 'wheel' || name.version === undefined) return;
    const { page } = (await store.pages.find(owner.name, project)) ?? {};
    const known = (await store.files.findByProject(project)).filter((file) => file.index === index.name);
    const sdists = knownSdists(page ?? { project, files: [] }, known, new Set([versionKey(name.version)]));
    for (const { sha256, filename } of [...sdists.values()].flat()) {
      if ((await inspections.find(sha256)) !== undefined || (await blobs.size(sha256)) === undefined) continue;
      await inspections.inspect(sha256, filename);
    }
  }

  async function judgeNow(index: ServedIndex, asked: DecidedFile): Promise<DecidedFile> {
    const started = clock().getTime();
    const { project } = asked.evidence.file;
    const sha256 = await fetchBytes(asked);
    const before = (await store.files.findByPath(index.name, asked.path))?.sha256;
    if (before !== undefined && before !== sha256) {
      tellChangedBytes({ upstream: asked.owner.name, path: asked.path, detail: { before, now: sha256 } });
      throw new WheelgateError(
        'DIGEST_MISMATCH',
        'upstream changed the bytes under this file name',
        'Compare the two files; the first one stays available.',
      );
    }
    await inspections.inspect(sha256, asked.file.filename);
    await inspectNearestApproved(index, asked, sha256);
    await inspectSdists(index, asked);
    const known: KnownFile = {
      index: index.name,
      path: asked.path,
      upstream: asked.owner.name,
      project,
      sha256,
      file: { ...asked.file, sha256, ...(asked.evidence.file.age && { uploadTime: asked.evidence.file.age.at }) },
      ...(asked.evidence.file.rawVersion !== undefined && { version: asked.evidence.file.rawVersion }),
    };
    await store.files.put(known);
    decide.forget(index.name, project);
    const decided = await decideAgain(index, known, asked);
    await record(index, decided);
    needs.onJudged((clock().getTime() - started) / 1000, decided);
    return decided;
  }

  async function decideAgain(index: ServedIndex, known: KnownFile, asked: DecidedFile): Promise<DecidedFile> {
    const project = await decide.decideProject(index, known.project);
    const onPage = typeof project === 'string' ? undefined : project.byPath.get(asked.path);
    if (onPage) return onPage;
    const [decided] = await decide.decideKnownFiles(index, known.project, asked.owner, [known]);
    return decided!;
  }

  /** Records a verdict with its audit event when it differs from the last one recorded for this file and policy. */
  async function record(index: ServedIndex, { evidence, verdict, policyRevision }: DecidedFile): Promise<boolean> {
    const { sha256, project, filename, rawVersion } = evidence.file;
    // The kill switch says nothing about the file: what was thought of it before must outlive an emergency.
    if (sha256 === undefined || isPending(verdict) || isEmergency(verdict)) return false;
    const last = await store.verdicts.find(index.name, sha256);
    if (last && last.policyRevision === policyRevision && sameOutcome(last.verdict, verdict)) return false;
    allowed.delete(keyOf(index.name, sha256));
    const at = clock();
    await store.verdicts.record(
      {
        index: index.name,
        sha256,
        project,
        filename,
        verdict,
        policyRevision,
        at,
        ...(rawVersion !== undefined && { version: rawVersion }),
      },
      {
        at,
        type: 'verdict.recorded',
        actor: 'gate',
        subject: `${project} ${filename}`,
        detail: {
          index: index.name,
          sha256,
          verdict: verdict.kind,
          reasons: verdict.reasons.map(({ rule, effect, message }) => ({ rule, effect, message })),
          policyRevision,
          engine: inspector.engine,
          ...(evidence.advisories.asOf && { advisoriesAsOf: evidence.advisories.asOf.toISOString() }),
          ...(last && { before: last.verdict.kind }),
        },
      },
    );
    if (verdict.kind === 'allow') knowledge.addInUse(index.name, project);
    return true;
  }

  /**
   * Makes sure that what is about to be served has a verdict on record that allows it: time or a person may have allowed it
   * since it was judged, and a crash may have come between the two.
   */
  async function recordAllowed(index: ServedIndex, decided: DecidedFile): Promise<void> {
    const { sha256 } = decided.evidence.file;
    if (sha256 === undefined || allowed.has(keyOf(index.name, sha256))) return;
    const last = await store.verdicts.find(index.name, sha256);
    if (last?.verdict.kind !== 'allow') await record(index, decided);
    allowed.set(keyOf(index.name, sha256), true);
  }

  return {
    judge: (index: ServedIndex, file: DecidedFile) =>
      oneJudge(`${index.name} ${file.path}`, () => judgeNow(index, file)),
    /**
     * Gets and inspects a file that somebody may ask for soon. Nothing is recorded: a project is not in use, and its updates
     * have not the shorter cooldown, because a page was looked at.
     */
    async prepare(decided: DecidedFile): Promise<void> {
      await inspections.inspect(await fetchBytes(decided), decided.file.filename);
    },
    fetchBytes,
    record,
    recordAllowed,
  };
}

export type Judge = ReturnType<typeof createJudge>;

function sameOutcome(a: DecidedFile['verdict'], b: DecidedFile['verdict']): boolean {
  const say = ({ kind, reasons }: DecidedFile['verdict']) =>
    JSON.stringify([kind, reasons.map(({ rule, effect }) => [rule, effect])]);
  return say(a) === say(b);
}
