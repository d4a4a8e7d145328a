// Importing a feed of 25,000 OSV records as a whole command, and matching releases of the 1,000 most used
// projects against it and what ships. In processor time: on a busy machine the clock would count the others'.
import { join } from 'node:path';
import type { ProjectName } from '../src/core/python/name.ts';
import { createAdvisorySource } from '../src/gate/advisory-source.ts';
import type { AdvisorySource } from '../src/gate/ports.ts';
import { loadTopProjects } from '../src/io/feeds/top-projects.ts';
import { openSqliteStore } from '../src/io/store/sqlite-store.ts';
import { runWheelgate } from '../test/e2e/start-gate.ts';
import { writeOsvZip } from './material/osv-zip.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { usageOf } from './measure/process-usage.ts';
import { checkBudget, note, printMachine } from './measure/report.ts';
import { median, spreadOf } from './measure/statistics.ts';

const RECORDS = 25_000;
/** The most used projects, most of which have no advisory at all. */
const PINS = 1_000;
/** Early enough to be in some ranges and behind others. */
const VERSIONS = ['0.9.2', '1.4', '2.31.0', '3.1.2', '4.2.1', '6.0', '23.1'];
const ROUNDS = 9;

type Pin = { readonly project: ProjectName; readonly version: string };

printMachine('advisories');
await withCleanUp(async (later) => {
  const folder = await temporaryFolder(later);
  await writeOsvZip(join(folder, 'all.zip'), RECORDS);
  await measureSync(folder);
  await measureMatch(join(folder, 'data', 'wheelgate.db'), later);
});

async function measureSync(folder: string): Promise<void> {
  const env = { WHEELGATE_DATA: join(folder, 'data'), WHEELGATE_UPSTREAM: folder };
  // The first command brings in the snapshot that ships with the package.
  const first = await runWheelgate(['feeds', 'status'], env);
  if (first.code !== 0) throw new Error(first.err);
  const before = usageOf(process.pid).cpuSeconds;
  const { code, err } = await runWheelgate(['feeds', 'import', join(folder, 'all.zip')], env);
  if (code !== 0) throw new Error(`wheelgate feeds import failed:\n${err}`);
  const seconds = usageOf(process.pid).cpuSeconds - before;
  const what = `processor time of the import of ${RECORDS} records, from start to exit`;
  checkBudget({ what, value: seconds, unit: 's' }, { atMost: 10 });
}

async function measureMatch(database: string, later: Later): Promise<void> {
  const store = await openSqliteStore(database);
  later(() => store.close());
  const pins = [...(await loadTopProjects())].slice(0, PINS).map((project, at): Pin => {
    return { project, version: VERSIONS[at % VERSIONS.length]! };
  });
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const source = createAdvisorySource(store.advisories);
    const first = await matchAll(source, pins);
    const second = await matchAll(source, pins);
    cold.push(first.ms);
    warm.push(second.ms);
    if (first.matched === 0 || first.matched !== second.matched) throw new Error('nothing matches, or not always');
    if (round === 0) note({ what: `of ${pins.length} pins with an advisory`, value: first.matched, unit: 'pins' });
  }
  note({
    what: `match of ${pins.length} pins with nothing in memory`,
    value: median(cold),
    unit: 'ms',
    spread: spreadOf(cold),
  });
  const what = `match of ${pins.length} pins in a gate that runs`;
  checkBudget({ what, value: median(warm), unit: 'ms', spread: spreadOf(warm) }, { atMost: 50 });
}

async function matchAll(source: AdvisorySource, pins: readonly Pin[]) {
  const before = process.cpuUsage();
  let matched = 0;
  for (const { project, version } of pins) {
    if ((await source.match(project, version)).length > 0) matched += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return { matched, ms: (user + system) / 1000 };
}
