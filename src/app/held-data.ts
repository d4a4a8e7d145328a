import type { Advisory } from '../core/advisories/advisory.ts';
import { type DataDates, dataDates } from '../core/advisories/data-age.ts';
import { cvesOf, type ExploitationAge, type Exploitations } from '../core/advisories/exploitation.ts';
import type { Exemption } from '../core/policy/exemption.ts';
import type { Fact } from '../core/policy/fact.ts';
import type { ProjectName } from '../core/python/name.ts';
import { readFromSnapshot, type SnapshotSource } from '../io/feeds/snapshot.ts';

/** What this machine knows of some projects. */
export type HeldData = {
  readonly advisories: readonly Advisory[];
  /** All records, of whichever project. */
  readonly records: number;
  readonly dates: DataDates;
  /** Of the CVEs of the advisories; nothing without a data folder. */
  readonly exploitations: Exploitations;
  readonly exploitationAge: ExploitationAge;
  /** Decisions of the team; none without a data folder. */
  readonly facts: readonly Fact[];
  readonly exemptions: readonly Exemption[];
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
    exemptions: stored?.exemptions ?? [],
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
      dates: dataDates(statuses),
      exploitations: feeds.length === 0 ? new Map() : await store.exploitation.find(cvesOf(advisories)),
      exploitationAge: Object.fromEntries(feeds.map(({ feed, asOf }) => [feed, asOf])),
      facts: await store.facts.all(),
      exemptions: await store.exemptions.all(),
    };
  } finally {
    await store.close();
  }
}

async function shippedData(
  projects: ReadonlySet<ProjectName>,
): Promise<Pick<HeldData, 'advisories' | 'records' | 'dates'>> {
  const { header, advisories } = await readFromSnapshot(projects);
  const ofKind = (kind: SnapshotSource['kind']) => {
    // As old as the oldest of its sources.
    const [oldest] = header.sources.flatMap((one) => (one.kind === kind ? one.asOf : [])).sort();
    return oldest === undefined ? undefined : new Date(oldest);
  };
  const [malware, vulnerabilities] = [ofKind('malware'), ofKind('vulnerability')];
  return {
    advisories,
    records: header.sources.reduce((sum, { records }) => sum + records, 0),
    dates: { ...(malware && { malware }), ...(vulnerabilities && { vulnerabilities }) },
  };
}
