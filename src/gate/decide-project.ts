import { LRUCache } from 'lru-cache';
import { filePath } from '../core/index/file-path.ts';
import type { IndexFile, ProjectPage } from '../core/index/page.ts';
import { decide } from '../core/policy/decide.ts';
import type { Evidence, Inspection } from '../core/policy/evidence.ts';
import { isSameRelease } from '../core/policy/fact.ts';
import type { Policy } from '../core/policy/policy.ts';
import { isPending, type Verdict } from '../core/policy/verdict.ts';
import type { DistFilename } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Version } from '../core/python/version.ts';
import type { TellChangedBytes } from './changed-bytes.ts';
import { type DatedFiles, RETRY_DATES_AFTER_MS } from './date-files.ts';
import { createGatherEvidence, type EvidenceContext, type FileToDecide, type Inspected } from './gather-evidence.ts';
import type { Inspections } from './inspections.ts';
import type { Knowledge } from './knowledge.ts';
import { nameOn, namesOnPage } from './names-on-page.ts';
import { nextChange } from './next-change.ts';
import type { AdvisorySource, Clock, KnownFile, Store, Upstream } from './ports.ts';
import type { ProjectView } from './read-project.ts';
import type { ServedIndex } from './served-index.ts';
import { createSingleFlight } from './single-flight.ts';

/** One file of a project with the verdict on it. */
export type DecidedFile = {
  readonly file: IndexFile;
  /** Below the index root: `packages/aa/bb/…/name.whl`. */
  readonly path: string;
  readonly name: DistFilename;
  readonly version?: Version;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  /** Of the policy that decided, which another one may have replaced since. */
  readonly policyRevision: string;
  /** Present once the bytes were inspected. */
  readonly inspection?: Inspection;
  readonly owner: Upstream;
  /** Still on the upstream's page; false for a file that we keep although the upstream took it away or changed it. */
  readonly listed: boolean;
  /** This index has judged the file before. */
  readonly met: boolean;
};

/** A project as an index shows it at one moment: every file decided with what is known. */
export type DecidedProject = {
  readonly project: ProjectName;
  readonly page: ProjectPage;
  readonly files: readonly DecidedFile[];
  readonly byPath: ReadonlyMap<string, DecidedFile>;
  readonly policy: Policy;
  /** When the upstream last confirmed the page. */
  readonly fetchedAt: Date;
  /** Time alone changes nothing before this moment. */
  readonly validUntil: Date;
};

export type DecideProjectNeeds = {
  readonly readProject: (index: ServedIndex, project: ProjectName) => Promise<ProjectView>;
  readonly dateFiles: (
    policy: Policy,
    upstream: Upstream,
    files: readonly IndexFile[],
    versionOf: (file: IndexFile) => string | undefined,
  ) => Promise<DatedFiles>;
  readonly store: Pick<Store, 'files' | 'verdicts' | 'pages'>;
  readonly advisories: AdvisorySource;
  readonly knowledge: Knowledge;
  readonly inspections: Pick<Inspections, 'find'>;
  readonly tellChangedBytes: TellChangedBytes;
  readonly clock: Clock;
};

export type DecideProject = {
  /** Decides every file of a project. @returns 'absent' or 'reserved' when no upstream (that may be asked) has it */
  decideProject(index: ServedIndex, project: ProjectName): Promise<DecidedProject | 'absent' | 'reserved'>;
  /** Decides files of one project and upstream by what is stored: nothing is asked of the upstream. */
  decideKnownFiles(
    index: ServedIndex,
    project: ProjectName,
    owner: Upstream,
    files: readonly KnownFile[],
  ): Promise<readonly DecidedFile[]>;
  /** Forgets what was decided about a project, because its evidence changed. */
  forget(index: string, project: ProjectName): void;
  /** Rises with every `forget`, so that rendered pages notice. */
  generation(index: string, project: ProjectName): number;
};

/** Files over all decided projects in memory. */
const MAX_FILES_IN_MEMORY = 50_000;
/** Even when no cooldown ends, a page is decided again after this: the age of the advisory data counts too. */
const LONGEST_VALID_MS = 10 * 60_000;

type Remembered = { readonly decided: DecidedProject; readonly page: ProjectPage; readonly key: string };

export function createDecideProject(needs: DecideProjectNeeds): DecideProject {
  const { readProject, dateFiles, store, knowledge, tellChangedBytes, clock } = needs;
  const { contextOf, evidenceOf, inspectionsOf } = createGatherEvidence(needs);
  const memory = new LRUCache<string, Remembered>({
    maxSize: MAX_FILES_IN_MEMORY,
    sizeCalculation: ({ decided }) => 1 + decided.files.length,
  });
  const oneDecision = createSingleFlight<DecidedProject>();
  const generations = new Map<string, number>();
  const keyOf = (index: string, project: ProjectName) => `${index} ${project}`;
  const generation = (index: string, project: ProjectName) => generations.get(keyOf(index, project)) ?? 0;

  function forget(index: string, project: ProjectName): void {
    const key = keyOf(index, project);
    generations.set(key, (generations.get(key) ?? 0) + 1);
    memory.delete(key);
  }

  async function decideProject(index: ServedIndex, project: ProjectName) {
    const view = await readProject(index, project);
    if (view.kind !== 'page') return view.kind;
    const policy = index.policy();
    const key = `${policy.revision} ${knowledge.revision()} ${generation(index.name, project)}`;
    const memoryKey = keyOf(index.name, project);
    const there = memory.get(memoryKey);
    if (there && there.page === view.page && there.key === key && clock() < there.decided.validUntil)
      return there.decided;
    return oneDecision(`${memoryKey} ${key}`, async () => {
      const decided = await decideView(index, policy, view);
      memory.set(memoryKey, { decided, page: view.page, key });
      return decided;
    });
  }

  async function decideView(
    index: ServedIndex,
    policy: Policy,
    view: ProjectView & { kind: 'page' },
  ): Promise<DecidedProject> {
    const { page, owner } = view;
    const { project } = page;
    const names = namesOnPage(page);
    // Only files that some index has met can have been inspected: a page of thousands asks the store for these alone.
    const met = await store.files.findByProject(project);
    const inspected = await inspectionsOf(met);
    const known = met.filter((file) => file.index === index.name);
    const knownByName = new Map(known.map((file) => [file.file.filename, file]));
    const { ages, rest, hasFailed } = await dateFiles(
      policy,
      owner,
      [...names.keys()],
      (file) => names.get(file)?.rawVersion,
    );
    rest?.then(() => forget(index.name, project)).catch(() => undefined);
    const context = await contextOf(index, policy, page, owner, view.isPrivate, known, inspected);

    const files: DecidedFile[] = [];
    for (const [file, name] of names) {
      const before = knownByName.get(file.filename);
      const changed =
        before !== undefined && file.sha256 !== undefined && before.sha256 !== file.sha256 ? before : undefined;
      if (changed)
        tellChangedBytes({
          upstream: owner.name,
          path: changed.path,
          detail: { before: changed.sha256, now: file.sha256 },
        });
      const sha256 = file.sha256 ?? before?.sha256;
      const age = ages.get(file.url);
      files.push(
        decideFile(context, {
          file: sha256 === undefined || sha256 === file.sha256 ? file : { ...file, sha256 },
          name,
          listed: true,
          inspection: sha256 && inspected.get(sha256),
          met: before !== undefined && before.sha256 === sha256,
          ...(age && { age }),
          ...(changed && { replaces: changed.sha256 }),
        }),
      );
    }
    const kept = known.length === 0 ? [] : keptFiles(context, files, known, inspected);
    const ours = kept.filter(({ verdict }) => verdict.kind === 'allow');
    const ourNames = new Set(ours.map(({ file }) => file.filename));
    const offered = ours.length === 0 ? files : [...files.filter(({ file }) => !ourNames.has(file.filename)), ...ours];
    // Ours wins over a changed file of the same path, so it is set last; a kept file that is not allowed any more is found
    // here too, so that its URL answers with the reason.
    const byPath = new Map<string, DecidedFile>();
    for (const file of files) byPath.set(file.path, file);
    for (const file of kept) byPath.set(file.path, file);
    return {
      project,
      page,
      files: offered,
      byPath,
      policy,
      fetchedAt: view.fetchedAt,
      validUntil: nextChange(offered, clock(), hasFailed ? RETRY_DATES_AFTER_MS : LONGEST_VALID_MS),
    };
  }

  /** What we approved once stays available: a file that the upstream removed or replaced is served from our bytes. */
  function keptFiles(
    context: EvidenceContext,
    files: readonly DecidedFile[],
    known: readonly KnownFile[],
    inspected: Inspected,
  ): DecidedFile[] {
    const listed = new Set(
      files.filter((file) => file.evidence.file.replaces === undefined).map(({ file }) => file.filename),
    );
    return known
      .filter(({ file }) => !listed.has(file.filename))
      .map((file) => decideFile(context, keptFile(file, inspected)));
  }

  function decideFile(context: EvidenceContext, file: FileToDecide): DecidedFile {
    const { policy, owner } = context;
    const { listed, met, name, inspection } = file;
    const evidence = evidenceOf(context, file);
    const verdict = decide(policy, evidence, context.now);
    return {
      file: file.file,
      path: filePath(file.file),
      name,
      policyRevision: policy.revision,
      evidence,
      verdict,
      owner,
      listed,
      met,
      ...(name.version && { version: name.version }),
      ...(inspection && { inspection }),
    };
  }

  async function decideKnownFiles(
    index: ServedIndex,
    project: ProjectName,
    owner: Upstream,
    files: readonly KnownFile[],
  ): Promise<readonly DecidedFile[]> {
    const isPrivate = index.upstreams.some(({ upstream, isPrivate }) => upstream === owner && isPrivate);
    // The status of the project when it was last read is not known to have changed.
    const { page } = (await store.pages.find(owner.name, project)) ?? {};
    const known = (await store.files.findByProject(project)).filter((file) => file.index === index.name);
    const inspected = await inspectionsOf(files);
    const context = await contextOf(
      index,
      index.policy(),
      page ?? { project, status: 'active', files: [] },
      owner,
      isPrivate,
      known,
      inspected,
    );
    return files.map((known) => decideFile(context, keptFile(known, inspected)));
  }

  return { decideProject, decideKnownFiles, forget, generation };
}

function keptFile({ file, project, sha256 }: KnownFile, inspected: Inspected): FileToDecide {
  return {
    file: { ...file, sha256 },
    name: nameOn(project, file.filename) ?? { kind: 'other', filename: file.filename },
    listed: false,
    met: true,
    inspection: inspected.get(sha256),
    ...(file.uploadTime && { age: { at: file.uploadTime, source: 'upload-time' } as const }),
  };
}

/** True when a client may get the file now or after its first inspection. */
export function isOffered(file: DecidedFile): boolean {
  return file.verdict.kind === 'allow' || isPending(file.verdict);
}

/** True when the file belongs to the release that `version` names (`1.0` and `1.0.0` are one). */
export function isOfRelease({ evidence }: DecidedFile, version: string): boolean {
  const own = evidence.file.rawVersion;
  return own !== undefined && isSameRelease(own, version);
}
