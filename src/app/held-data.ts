import type { Advisory } from '../core/advisories/advisory.ts';
import { dataAsOf } from '../core/advisories/data-age.ts';
import { cvesOf, type ExploitationAge, type Exploitations } from '../core/advisories/exploitation.ts';
import type { Fact } from '../core/policy/fact.ts';
import type { ProjectName } from '../core/python/name.ts';
import { readFromSnapshot } from '../io/feeds/snapshot.ts';

/** What this machine knows of some projects. */
export type HeldData = {
  readonly advisories: readonly Advisory[];
  /** All records, of whichever project. */
  readonly records: number;
  readonly asOf: Date | undefined;
  /** Of the CVEs of the advisories; nothing without a data folder. */
  readonly exploitations: Exploitations;
  readonly exploitationAge: ExploitationAge;
  /** Decisions of the team; none without a data folder. */
  readonly facts: readonly Fact[];
};

/** From the data folder, when there is one that knows something, else from the advisories that ship. */
export async function readHeldData(
  databasePath: string | undefined,
  projects: ReadonlySet<ProjectName>,
): Promise<HeldData> {
  const stored = databasePath === undefined ? undefined : await storedData(databasePath, projects);
  if (stored !== undefined && stored.records > 0) return stored;
  return {
    ...(await shippedData(projects)),
    facts: stored?.facts ?? [],
    exploitations: new Map(),
    exploitationAge: {},
  };
}

async function storedData(path: string, projects: ReadonlySet<ProjectName>): Promise<HeldData> {
  // Loaded when there is a data folder: without one the command starts in half the time.
  const { openSqliteStore } = await import('../io/store/sqlite-store.ts');
  const store = await openSqliteStore(path);
  try {
    const statuses = await store.advisories.statuses();
    const records = statuses.reduce((sum, { malware, vulnerabilities }) => {
      return sum + (malware?.records ?? 0) + (vulnerabilities?.records ?? 0);
    }, 0);
    const advisories: Advisory[] = [];
    for (const project of projects) advisories.push(...(await store.advisories.findByProject(project)));
    const feeds = await store.exploitation.statuses();
    return {
      advisories,
      records,
      asOf: dataAsOf(statuses),
      exploitations: feeds.length === 0 ? new Map() : await store.exploitation.find(cvesOf(advisories)),
      exploitationAge: Object.fromEntries(feeds.map(({ feed, asOf }) => [feed, asOf])),
      facts: await store.facts.all(),
    };
  } finally {
    await store.close();
  }
}

/** The snapshot is as old as the oldest of its sources. */
async function shippedData(
  projects: ReadonlySet<ProjectName>,
): Promise<Pick<HeldData, 'advisories' | 'records' | 'asOf'>> {
  const { header, advisories } = await readFromSnapshot(projects);
  const [oldest] = header.sources.map(({ asOf }) => asOf).sort();
  return {
    advisories,
    records: header.sources.reduce((sum, { records }) => sum + records, 0),
    asOf: oldest === undefined ? undefined : new Date(oldest),
  };
}
