// Reading a feed of 25,000 OSV records into an empty store as a whole command, and matching 1,000 pins against them.
import { join } from 'node:path';
import { parseProjectName } from '../src/core/python/name.ts';
import { createAdvisorySource } from '../src/gate/advisory-source.ts';
import type { AdvisorySource } from '../src/gate/ports.ts';
import { openSqliteStore } from '../src/io/store/sqlite-store.ts';
import { runWheelgate } from '../test/e2e/start-gate.ts';
import { type Pin, writeOsvZip } from './material/osv-zip.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { usageOf } from './measure/process-usage.ts';
import { checkBudget, note, printMachine } from './measure/report.ts';
import { median, spreadOf } from './measure/statistics.ts';

const RECORDS = 25_000;
const PINS = 1_000;
/** One of so many pins has advisories, and each of those has several. */
const PER_VULNERABLE_PIN = 4;
const ROUNDS = 9;

printMachine('advisories');
await withCleanUp(async (later) => {
  const folder = await temporaryFolder(later);
  const vulnerable = await writeOsvZip(join(folder, 'all.zip'), RECORDS);
  await measureSync(folder);
  await measureMatch(join(folder, 'data', 'wheelgate.db'), vulnerable, later);
});

async function measureSync(folder: string): Promise<void> {
  const env = { WHEELGATE_DATA: join(folder, 'data'), WHEELGATE_UPSTREAM: folder };
  // The first command brings in the snapshot that ships with the package.
  const first = await runWheelgate(['feeds', 'status'], env);
  if (first.code !== 0) throw new Error(first.err);
  const before = usageOf(process.pid).cpuSeconds;
  const started = performance.now();
  const { code, err } = await runWheelgate(['feeds', 'import', join(folder, 'all.zip')], env);
  if (code !== 0) throw new Error(`wheelgate feeds import failed:\n${err}`);
  const seconds = (performance.now() - started) / 1000;
  note({ what: 'processor time of the import', value: usageOf(process.pid).cpuSeconds - before, unit: 's' });
  checkBudget({ what: `import of ${RECORDS} records, from start to exit`, value: seconds, unit: 's' }, { atMost: 10 });
}

/** Processor time: the work is one thread's, and on a busy machine the clock would count the others'. */
async function measureMatch(database: string, vulnerable: readonly Pin[], later: Later): Promise<void> {
  const store = await openSqliteStore(database);
  later(() => store.close());
  const pins = Array.from({ length: PINS }, (_, n) =>
    n % PER_VULNERABLE_PIN === 0 ? vulnerable[n / PER_VULNERABLE_PIN]! : { project: `quiet-${n}`, version: '1.0' },
  );
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const source = createAdvisorySource(store.advisories);
    cold.push(await matchAll(source, pins));
    warm.push(await matchAll(source, pins));
  }
  note({
    what: `match of ${PINS} pins with nothing in memory`,
    value: median(cold),
    unit: 'ms',
    spread: spreadOf(cold),
  });
  const what = `match of ${PINS} pins in a gate that runs`;
  checkBudget({ what, value: median(warm), unit: 'ms', spread: spreadOf(warm) }, { atMost: 50 });
}

async function matchAll(source: AdvisorySource, pins: readonly Pin[]): Promise<number> {
  const before = process.cpuUsage();
  let vulnerable = 0;
  for (const { project, version } of pins) {
    if ((await source.match(parseProjectName(project), version)).length > 0) vulnerable += 1;
  }
  const { user, system } = process.cpuUsage(before);
  if (vulnerable !== PINS / PER_VULNERABLE_PIN) throw new Error(`${vulnerable} pins are vulnerable`);
  return (user + system) / 1000;
}
