import { LRUCache } from 'lru-cache';
import type { Advisory } from '../core/advisories/advisory.ts';
import type { AdvisoryStore } from '../core/advisories/advisory-store.ts';
import { compileAdvisories } from '../core/advisories/compile.ts';
import { oneEach } from '../core/advisories/one-each.ts';
import { createReleaseMatcher, type ReleaseMatcher } from '../core/advisories/release-matcher.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Store } from './ports.ts';
import { teamAdvisories } from './team-advisories.ts';

type Needs = {
  readonly advisories: Pick<AdvisoryStore, 'findByProject' | 'findById'>;
  readonly store: Pick<Store, 'revision'> & { readonly facts: Pick<Store['facts'], 'all'> };
};

export type QueryOsv = {
  /** Records that touch a release, or without a version a project; withdrawn ones never. Sorted by id. */
  query(project: ProjectName, version: string | undefined): Promise<readonly Advisory[]>;
  /** A record by its id, withdrawn or not. */
  record(id: string): Promise<Advisory | undefined>;
};

/** What changes with the store's revision, thrown away as a whole. */
type Held = {
  readonly revision: number;
  readonly team: readonly Advisory[];
  readonly projects: LRUCache<ProjectName, readonly MatchedRecord[]>;
};

/** Each record by itself: OSV answers with records, not with groups of aliases. */
type MatchedRecord = { readonly advisory: Advisory; readonly match: ReleaseMatcher };

const MAX_PROJECTS = 500;

/** Answers what OSV is asked, from the advisories in force and the team's own decisions. */
export function createQueryOsv({ advisories, store }: Needs): QueryOsv {
  let held: Held | undefined;

  async function current(): Promise<Held> {
    const revision = await store.revision();
    if (held?.revision === revision) return held;
    const team = teamAdvisories(await store.facts.all());
    held = { revision, team, projects: new LRUCache({ max: MAX_PROJECTS }) };
    return held;
  }

  async function recordsOf(project: ProjectName): Promise<readonly MatchedRecord[]> {
    const { projects, team } = await current();
    const known = projects.get(project);
    if (known) return known;
    const own = team.filter(({ affected }) => affected.some((entry) => entry.project === project));
    const records = [...oneEach(await advisories.findByProject(project)), ...own]
      .filter(({ withdrawn }) => withdrawn === undefined)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((advisory) => ({ advisory, match: createReleaseMatcher(compileAdvisories(project, [advisory])) }));
    projects.set(project, records);
    return records;
  }

  return {
    async query(project, version) {
      const records = await recordsOf(project);
      const touching = version === undefined ? records : records.filter(({ match }) => match(version).length > 0);
      return touching.map(({ advisory }) => advisory);
    },
    async record(id) {
      const { team } = await current();
      return team.find((advisory) => advisory.id === id) ?? oneEach(await advisories.findById(id))[0];
    },
  };
}
