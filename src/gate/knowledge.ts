import { type Exemption, exemptionCovers, isExemptionFor, isInForce } from '../core/policy/exemption.ts';
import { type Fact, factApplies } from '../core/policy/fact.ts';
import { KILL_SWITCH_DOWN, type KillSwitch } from '../core/policy/kill-switch.ts';
import { indexLookalikes, type Lookalike, type LookalikeIndex } from '../core/policy/lookalike.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Sha256 } from '../core/sha256.ts';
import { collectSharedReviews, type SharedReviews, type TrustedPublisher } from '../core/shared-review/testimony.ts';
import type { Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

type Needs = {
  readonly store: Pick<Store, 'facts' | 'verdicts' | 'exemptions' | 'killSwitch' | 'sharedReviews' | 'revision'>;
  readonly indexes: readonly ServedIndex[];
  /** The most downloaded project names, by rank. */
  readonly topProjects: readonly string[];
  /** Whose shared reviews count; nobody's by default. */
  readonly trusted?: readonly TrustedPublisher[];
};

/**
 * What every decision needs and no request should wait for: the facts and the projects in use, held in memory and caught up
 * when the store's revision moved (another process may have written).
 */
export type Knowledge = {
  /** Rises whenever a decision could come out differently because of facts, advisories or projects in use. */
  revision(): number;
  factsFor(file: FileSubject): readonly Fact[];
  /** Those for everybody that cover a file and are in force at a moment. */
  exemptionsFor(file: FileSubject, now: Date): readonly Exemption[];
  /** Those for this one alone. */
  consumerExemptionsFor(
    file: FileSubject,
    who: { readonly name: string; readonly consumer?: string },
    now: Date,
  ): readonly Exemption[];
  killSwitch(): KillSwitch;
  /** Of the publishers that the configuration trusts. */
  sharedReviews(): SharedReviews;
  /** Something of the project was allowed or approved on the index. */
  isInUse(index: string, project: ProjectName): boolean;
  findLookalike(index: ServedIndex, project: ProjectName): Lookalike | undefined;
  /** Notes that a file of the project was just allowed. */
  addInUse(index: string, project: ProjectName): void;
  /** The revision of the store that was read last. */
  storeRevision(): number;
  /** Reads again what another process may have changed. True when something had. */
  refresh(): Promise<boolean>;
};

/** A file as facts and exemptions are asked about it. */
export type FileSubject = { index: string; project: ProjectName; version?: string; sha256?: Sha256 };

export async function loadKnowledge({ store, indexes, topProjects, trusted = [] }: Needs): Promise<Knowledge> {
  let storeRevision = -1;
  let ownChanges = 0;
  /** The number of the last fact that is known. */
  let lastFact = 0;
  const factsByProject = new Map<ProjectName, Fact[]>();
  /** Projects with an approval, by its index; undefined: every index. */
  const approved = new Map<string | undefined, ProjectName[]>();
  let exemptions: readonly Exemption[] = [];
  let killSwitch = KILL_SWITCH_DOWN;
  let sharedReviews: SharedReviews = new Map();
  let readIssues = '';
  const inUse = new Map<string, Set<ProjectName>>();
  /** Per index, made when first asked: most runs of the CLI never need it. */
  const teamLookalikes = new Map<string, LookalikeIndex>();
  const topLookalikes = new Map<number, LookalikeIndex>();

  /** Facts are only appended: those behind the last one that is known are enough. */
  async function readFacts(): Promise<void> {
    let { facts, last } = await store.facts.after(lastFact);
    if (last < lastFact) {
      // Another database: a backup was brought back.
      ({ facts, last } = await store.facts.after(0));
      factsByProject.clear();
      approved.clear();
      lastFact = 0;
    }
    for (const { seq, fact } of facts) {
      // Who read at the same time was quicker.
      if (seq <= lastFact) continue;
      lastFact = seq;
      addTo(factsByProject, fact.project, fact);
      if (fact.kind === 'approval') addTo(approved, fact.index, fact.project);
    }
  }

  /** Sets are large: they are read when one of them is another. */
  async function readSharedReviews(): Promise<void> {
    if (trusted.length === 0) return;
    const issues = JSON.stringify(await store.sharedReviews.issues());
    if (issues === readIssues) return;
    sharedReviews = collectSharedReviews(await store.sharedReviews.all(), trusted);
    readIssues = issues;
  }

  async function load(): Promise<void> {
    await readFacts();
    exemptions = (await store.exemptions.all()).filter(({ ended }) => ended === undefined);
    killSwitch = await store.killSwitch.read();
    await readSharedReviews();
    for (const { name } of indexes) {
      const allowed = await store.verdicts.allowedProjects(name);
      inUse.set(name, new Set([...allowed, ...(approved.get(undefined) ?? []), ...(approved.get(name) ?? [])]));
    }
    teamLookalikes.clear();
  }

  async function refresh(): Promise<boolean> {
    const now = await store.revision();
    if (now === storeRevision) return false;
    await load();
    storeRevision = now;
    return true;
  }

  await refresh();
  return {
    revision: () => storeRevision + ownChanges,
    storeRevision: () => storeRevision,
    refresh,
    factsFor: (file) => (factsByProject.get(file.project) ?? []).filter((fact) => factApplies(fact, file)),
    exemptionsFor: (file, now) =>
      exemptions.filter((one) => one.consumer === undefined && exemptionCovers(one, file) && isInForce(one, now)),
    consumerExemptionsFor: (file, who, now) =>
      exemptions.filter(
        (one) =>
          one.consumer !== undefined && isExemptionFor(one, who) && exemptionCovers(one, file) && isInForce(one, now),
      ),
    killSwitch: () => killSwitch,
    sharedReviews: () => sharedReviews,
    isInUse: (index, project) => inUse.get(index)?.has(project) ?? false,
    addInUse(index, project) {
      const projects = inUse.get(index) ?? new Set();
      if (projects.has(project)) return;
      inUse.set(index, projects.add(project));
      teamLookalikes.delete(index);
      ownChanges++;
    },
    findLookalike(index, project) {
      const { top } = index.policy().rules['name-confusion'];
      const popular = topLookalikes.get(top) ?? indexLookalikes(topProjects.slice(0, top));
      topLookalikes.set(top, popular);
      // A very popular name is nobody's typo, not even beside a name of the team.
      if (popular.has(project)) return undefined;
      const team = teamLookalikes.get(index.name) ?? indexLookalikes(teamNames(index));
      teamLookalikes.set(index.name, team);
      return team.find(project) ?? popular.find(project);
    },
  };

  function teamNames(index: ServedIndex): readonly string[] {
    const reserved = index.policy().rules['reserved-names'].names.filter((pattern) => !pattern.endsWith('*'));
    return [...reserved, ...(inUse.get(index.name) ?? [])];
  }
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const there = lists.get(key);
  if (there) there.push(value);
  else lists.set(key, [value]);
}
