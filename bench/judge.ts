// The first request for each of many real wheels: fetched from loopback, inspected, decided, recorded, sent.
import { startFakeIndex } from '../test/fakes/fake-index.ts';
import { addRealWheels, noRealWheels, type RealWheel } from './material/real-wheels.ts';
import { withCleanUp } from './measure/clean-up.ts';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { median, percentile } from './measure/statistics.ts';
import { startBenchGate } from './servers/gate.ts';

/** Of the clients that wait longest for a first inspection (src/server/client.ts). */
const USER_AGENT = 'pdm/2.29.3';

printMachine('judge');
if (noRealWheels) skip('judge', noRealWheels);
else
  await withCleanUp(async (later) => {
    const upstream = await startFakeIndex();
    later(() => upstream.stop());
    const wheels = addRealWheels(upstream);
    const gate = await startBenchGate(upstream.simpleUrl, later);
    const cold: number[] = [];
    for (const wheel of wheels) cold.push(await secondsFor(gate.url, wheel));
    const warm: number[] = [];
    for (const wheel of wheels) warm.push(await secondsFor(gate.url, wheel));
    note({ what: 'wheels', value: wheels.length, unit: '' });
    note({ what: 'second request, median', value: median(warm), unit: 's' });
    note({ what: 'first request, slowest', value: Math.max(...cold), unit: 's' });
    checkBudget({ what: 'first request, median', value: median(cold), unit: 's' }, { atMost: 0.3 });
    checkBudget({ what: 'first request, p99', value: percentile(cold, 99), unit: 's' }, { atMost: 5 });
  });

async function secondsFor(url: string, { filename, path, bytes }: RealWheel): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${url}${path}`, { headers: { 'user-agent': USER_AGENT } });
  const body = await response.arrayBuffer();
  // A wheel that a rule holds (an update that gained something) was judged too, and that is what is measured.
  const isJudged = response.status === 403 || body.byteLength === bytes;
  if (!isJudged) throw new Error(`${filename}: ${response.status} ${response.statusText}`);
  return (performance.now() - started) / 1000;
}
