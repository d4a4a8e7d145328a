// Resident memory of a server that does nothing: after its first start, and after it read a feed of 25,000 records itself.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startFakeIndex } from '../test/fakes/fake-index.ts';
import { writeOsvZip } from './material/osv-zip.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { usageOf } from './measure/process-usage.ts';
import { checkBudget, note, printMachine } from './measure/report.ts';
import { startBenchGate } from './servers/gate.ts';

const RECORDS = 25_000;

printMachine('rss');
await withCleanUp(async (later) => {
  const upstream = await startFakeIndex();
  later(() => upstream.stop());
  const first = await startBenchGate(upstream.simpleUrl, later);
  checkBudget({ what: 'idle after the first start', value: await settledMb(first.pid), unit: 'MiB' }, { atMost: 150 });

  const data = await temporaryFolder(later);
  const env = { WHEELGATE_CONFIG: await configureFeed(later) };
  const reading = await startBenchGate(upstream.simpleUrl, later, { data, env });
  const what = `idle after it read ${RECORDS} records`;
  checkBudget({ what, value: await settledMb(reading.pid), unit: 'MiB' }, { atMost: 250 });
  const second = await startBenchGate(upstream.simpleUrl, later, { data });
  note({ what: 'idle after a restart with them', value: await settledMb(second.pid), unit: 'MiB' });
});

async function configureFeed(later: Later): Promise<string> {
  const folder = await temporaryFolder(later);
  const zip = join(folder, 'all.zip');
  await writeOsvZip(zip, RECORDS);
  const configuration = join(folder, 'wheelgate.toml');
  await writeFile(configuration, `[feeds]\nurls = [${JSON.stringify(zip)}]\n`);
  return configuration;
}

/** Resident memory once the process has used next to no processor for five seconds. */
async function settledMb(pid: number): Promise<number> {
  for (;;) {
    const before = usageOf(pid).cpuSeconds;
    await wait(5_000);
    const { cpuSeconds, rssBytes } = usageOf(pid);
    if (cpuSeconds - before < 0.25) return rssBytes / 2 ** 20;
  }
}
