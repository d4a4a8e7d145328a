import { compareWithSdist } from '../core/archive/compare-with-sdist.ts';
import { type PythonMembers, unpackPythonMembers } from '../core/archive/python-members.ts';
import type { IndexFile, ProjectPage } from '../core/index/page.ts';
import type { Age, Evidence, Inspection } from '../core/policy/evidence.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { DistFilename } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';
import { type Version, versionKey } from '../core/python/version.ts';
import type { Sha256 } from '../core/sha256.ts';
import { testimonyOf } from '../core/shared-review/testimony.ts';
import { findApprovedSibling } from './approved-sibling.ts';
import { findFixes } from './find-fixes.ts';
import type { Inspections } from './inspections.ts';
import type { Knowledge } from './knowledge.ts';
import { knownSdists } from './known-sdists.ts';
import { nameOn } from './names-on-page.ts';
import { nearestApproved, rankApproved } from './nearest-approved.ts';
import type { AdvisorySource, Clock, KnownFile, RecordedVerdict, Store, Upstream } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

type GatherEvidenceNeeds = {
  readonly store: Pick<Store, 'verdicts'>;
  readonly advisories: AdvisorySource;
  readonly knowledge: Knowledge;
  readonly inspections: Pick<Inspections, 'find'>;
  readonly clock: Clock;
};

/** What inspections told, by digest. */
export type Inspected = ReadonlyMap<Sha256, Inspection | undefined>;

/** A file as it is listed, and what was seen of its bytes. */
export type FileToDecide = {
  readonly file: IndexFile;
  readonly name: DistFilename;
  /** Still on the upstream's page. */
  readonly listed: boolean;
  /** This index has judged the file before. */
  readonly met: boolean;
  readonly inspection: Inspection | undefined;
  readonly age?: Age;
  readonly replaces?: Sha256;
};

/** What the files of one project share at one moment. */
export type EvidenceContext = {
  readonly index: ServedIndex;
  readonly policy: Policy;
  readonly owner: Upstream;
  readonly project: Evidence['project'];
  readonly name: ProjectName;
  readonly matcher: Awaited<ReturnType<AdvisorySource['matcher']>>;
  readonly asOf: Date | undefined;
  readonly fixesOf: (version: Version) => readonly string[];
  /** Recorded verdicts of this index that are allow. */
  readonly approved: readonly RecordedVerdict[];
  readonly allowed: ReadonlySet<Sha256>;
  /** Names of files on the page that have a provenance. */
  readonly attested: ReadonlySet<string>;
  readonly inspectedApproved: Inspected;
  /** Python files of inspected sdists, by release. */
  readonly sdists: ReadonlyMap<string, readonly PythonMembers[]>;
  readonly now: Date;
};

/** Collects what is known of a project and of each of its files: what `decide` is asked with. Asks no upstream. */
export function createGatherEvidence({ store, advisories, knowledge, inspections, clock }: GatherEvidenceNeeds) {
  async function contextOf(
    index: ServedIndex,
    policy: Policy,
    page: Pick<ProjectPage, 'project' | 'status' | 'statusReason' | 'files'>,
    owner: Upstream,
    isPrivate: boolean,
    known: readonly KnownFile[],
    inspected: Inspected,
  ): Promise<EvidenceContext> {
    const name = page.project;
    const approvedBefore = knowledge.isInUse(index.name, name);
    const lookalike = approvedBefore || isPrivate ? undefined : knowledge.findLookalike(index, name);
    const [matcher, asOf] = await Promise.all([advisories.matcher(name), advisories.dataAsOf()]);
    const approved = approvedBefore ? await approvedFiles(index.name, name) : [];
    const inspectedApproved = await inspectionsOf(approved);
    return {
      index,
      policy,
      owner,
      name,
      matcher,
      asOf,
      approved,
      allowed: new Set(approved.map(({ sha256 }) => sha256)),
      attested: new Set(
        approved.length === 0
          ? []
          : page.files.flatMap(({ provenance, filename }) => (provenance === undefined ? [] : filename)),
      ),
      inspectedApproved,
      sdists: await sdistsBeside(page, known, inspected),
      fixesOf: findFixes(approved, matcher),
      now: clock(),
      project: {
        status: page.status,
        ...(page.statusReason !== undefined && { statusReason: page.statusReason }),
        approvedBefore,
        upstream: owner.name,
        privateUpstream: isPrivate,
        ...(lookalike && { lookalike }),
      },
    };
  }

  function factsOf({ index, project, sha256, version }: RecordedVerdict) {
    return knowledge.factsFor({ index, project, sha256, ...(version !== undefined && { version }) });
  }

  async function approvedFiles(index: string, project: ProjectName): Promise<readonly RecordedVerdict[]> {
    const recorded = await store.verdicts.findByProject(index, project);
    return recorded.filter(({ verdict }) => verdict.kind === 'allow');
  }

  async function inspectionsOf(files: readonly { readonly sha256: Sha256 }[]): Promise<Inspected> {
    const digests = [...new Set(files.map(({ sha256 }) => sha256))];
    return new Map(await Promise.all(digests.map(async (sha256) => [sha256, await inspections.find(sha256)] as const)));
  }

  /** The sdists of releases whose wheels were inspected, as far as they were inspected too. */
  async function sdistsBeside(
    page: Pick<ProjectPage, 'project' | 'files'>,
    known: readonly KnownFile[],
    inspected: Inspected,
  ): Promise<EvidenceContext['sdists']> {
    const releases = new Set<string>();
    for (const { file, sha256 } of known) {
      const name = inspected.get(sha256) && nameOn(page.project, file.filename);
      if (name?.kind === 'wheel' && name.version) releases.add(versionKey(name.version));
    }
    const sdists = new Map<string, readonly PythonMembers[]>();
    for (const [release, files] of knownSdists(page, known, releases)) {
      const found = [...(await inspectionsOf(files)).values()].flatMap(membersOf);
      if (found.length > 0) sdists.set(release, found);
    }
    return sdists;
  }

  function evidenceOf(
    context: EvidenceContext,
    { file, name, inspection, met, age, replaces }: FileToDecide,
  ): Evidence {
    const { index, matcher, now } = context;
    const { version } = name;
    const versionText = version?.text ?? name.rawVersion;
    const { sha256 } = file;
    // Only a file whose bytes were read can be compared.
    const nearest =
      inspection &&
      nearestApproved(rankApproved(context.approved, name, sha256), context.inspectedApproved, context.attested);
    const subject = {
      index: index.name,
      project: context.name,
      ...(versionText !== undefined && { version: versionText }),
      ...(sha256 !== undefined && { sha256 }),
    };
    const sibling =
      inspection && findApprovedSibling(context.approved, context.inspectedApproved, inspection, name, sha256, factsOf);
    const exemptions = knowledge.exemptionsFor(subject, now);
    const isApproved = (from: Sha256) => context.approved.some((row) => row.sha256 === from);
    const testimony = testimonyOf(knowledge.sharedReviews(), sha256, isApproved, now);
    const killSwitch = knowledge.killSwitch();
    const sdists = inspection && version && context.sdists.get(versionKey(version));
    const sourceDifferences = sdists && name.kind === 'wheel' ? differencesOf(inspection, sdists) : undefined;
    return {
      file: {
        index: index.name,
        project: context.name,
        filename: file.filename,
        kind: name.kind,
        ...(version && { version }),
        ...(versionText !== undefined && { rawVersion: versionText }),
        ...(sha256 !== undefined && { sha256 }),
        ...(file.size !== undefined && { size: file.size }),
        ...(age && { age }),
        ...(file.yanked !== undefined && { yanked: file.yanked }),
        ...(replaces && { replaces }),
        attested: file.provenance !== undefined,
        met,
        allowedBefore: sha256 !== undefined && context.allowed.has(sha256),
      },
      project: context.project,
      advisories: {
        matches: matcher(version ?? versionText ?? '', sha256),
        fixes: version ? context.fixesOf(version) : [],
        ...(context.asOf && { asOf: context.asOf }),
      },
      facts: knowledge.factsFor(subject),
      ...(exemptions.length > 0 && { exemptions }),
      ...(testimony && { testimony }),
      ...(killSwitch.level > 0 && { killSwitch }),
      ...(sibling && { approvedSibling: sibling }),
      ...(nearest && { nearestApproved: nearest }),
      ...(sourceDifferences && { sourceDifferences }),
      inspection: inspection ?? 'not-run',
    };
  }

  return { contextOf, evidenceOf, inspectionsOf };
}

/** Undefined for an inspection of something that could not be read whole. */
function membersOf(inspection: Inspection | undefined): readonly PythonMembers[] {
  return inspection?.pythonMembers === undefined ? [] : [unpackPythonMembers(inspection.pythonMembers)];
}

function differencesOf(wheel: Inspection, sdists: readonly PythonMembers[]): Evidence['sourceDifferences'] {
  const [members] = membersOf(wheel);
  return members && compareWithSdist(members, sdists);
}
