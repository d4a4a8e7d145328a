import { LRUCache } from 'lru-cache';
import type { AdvisoryStore } from '../core/advisories/advisory-store.ts';
import { type CompiledAdvisories, compileAdvisories } from '../core/advisories/compile.ts';
import { dataAsOf } from '../core/advisories/data-age.ts';
import { cvesOf } from '../core/advisories/exploitation.ts';
import type { ExploitationStore } from '../core/advisories/exploitation-store.ts';
import { oneEach } from '../core/advisories/one-each.ts';
import { createReleaseMatcher } from '../core/advisories/release-matcher.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { AdvisorySource } from './ports.ts';

export type AdvisorySourceOptions = {
  /** What EPSS and KEV say of their CVEs. */
  readonly exploitation?: Pick<ExploitationStore, 'find'>;
  /** Raised by every change to the advisories, in whichever process: compared before each answer. */
  readonly revision?: () => Promise<number>;
  /** Projects whose advisories are kept compiled; most have a handful. */
  readonly maxProjects?: number;
};

/** All that is held in memory; thrown away as a whole, so that nothing read before a change outlives it. */
type Held = {
  projects?: Promise<ReadonlySet<ProjectName>>;
  asOf?: Promise<Date | undefined>;
  readonly compiled: LRUCache<ProjectName, Promise<CompiledAdvisories>>;
};

/**
 * Answers from memory: the names that have advisories at all, and the advisories of the projects asked last, compiled.
 * `forget` makes the next answer read the store again.
 */
export function createAdvisorySource(
  store: AdvisoryStore,
  { exploitation, revision, maxProjects = 2_000 }: AdvisorySourceOptions = {},
): AdvisorySource & { forget(): void } {
  let held: Held | undefined;
  let heldRevision: number | undefined;

  async function current(): Promise<Held> {
    const now = await revision?.();
    if (now !== heldRevision) held = undefined;
    heldRevision = now;
    held ??= { compiled: new LRUCache({ max: maxProjects }) };
    return held;
  }

  /** A failure is not kept: the next question asks the store again. */
  async function ask<T>(question: (held: Held) => Promise<T>): Promise<T> {
    const asked = await current();
    try {
      return await question(asked);
    } catch (error) {
      if (held === asked) held = undefined;
      throw error;
    }
  }

  async function compile(project: ProjectName): Promise<CompiledAdvisories> {
    const advisories = oneEach(await store.findByProject(project));
    return compileAdvisories(project, advisories, await exploitation?.find(cvesOf(advisories)));
  }

  async function matcher(project: ProjectName) {
    return ask(async (asked) => {
      asked.projects ??= store.projects().then((names) => new Set(names));
      if (!(await asked.projects).has(project)) return () => [];
      let compiling = asked.compiled.get(project);
      if (compiling === undefined) {
        compiling = compile(project);
        asked.compiled.set(project, compiling);
      }
      return createReleaseMatcher(await compiling);
    });
  }

  return {
    matcher,
    match: async (project, version, sha256) => (await matcher(project))(version, sha256),
    dataAsOf: () => ask((asked) => (asked.asOf ??= store.statuses().then(dataAsOf))),
    forget() {
      held = undefined;
    },
  };
}
