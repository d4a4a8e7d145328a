// The page of a project with 3,000 files, decided and rendered anew because something that every decision rests on changed.
import { setTimeout as wait } from 'node:timers/promises';
import { parseProjectName } from '../src/core/python/name.ts';
import { aWheel, aWheelName } from '../test/builders/a-wheel.ts';
import { runWheelgate } from '../test/e2e/start-gate.ts';
import { type FakeIndex, startFakeIndex } from '../test/fakes/fake-index.ts';
import { type Later, withCleanUp } from './measure/clean-up.ts';
import { PIP_HEADERS } from './measure/pip-headers.ts';
import { mainThreadSeconds } from './measure/process-usage.ts';
import { checkBudget, note, printMachine } from './measure/report.ts';
import { settledPage } from './measure/settled-page.ts';
import { median, spreadOf } from './measure/statistics.ts';
import { type BenchGate, startBenchGate } from './servers/gate.ts';

const FILES = 3_000;
const PROJECTS = Array.from({ length: 6 }, (_, n) => parseProjectName(`wide-${n}`));
/** The first ones warm the compiler up and are not counted. */
const WARM_UPS = 2;
const ROUNDS = 6;

printMachine('render');
await withCleanUp(measure);

async function measure(later: Later): Promise<void> {
  const upstream = await startFakeIndex();
  later(() => upstream.stop());
  for (const project of PROJECTS) addWideProject(upstream, project);
  const gate = await startBenchGate(upstream.simpleUrl, later);
  const first: number[] = [];
  for (const project of PROJECTS) {
    const url = `${gate.indexUrl}${project}/`;
    first.push(await timeOf(url));
    await settledPage(url);
  }
  const what = 'first answer ever: fetched, parsed, stored, decided, rendered';
  note({ what, value: median(first.slice(WARM_UPS)), unit: 'ms' });
  await measureAnew(gate, upstream);
}

/** A thousand releases of three wheels each, all of them past every cooldown. */
function addWideProject(index: FakeIndex, project: string): void {
  for (let i = 0; i < FILES; i++) {
    const tag = ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64', 'cp312-cp312-win_amd64'][i % 3]!;
    const wheel = { project, version: `${Math.floor(i / 3)}.0`, tag };
    index.addFile(project, aWheelName(wheel), aWheel(wheel), { requiresPython: '>=3.9' });
  }
}

async function measureAnew({ data, pid, indexUrl }: BenchGate, upstream: FakeIndex): Promise<void> {
  const walls: number[] = [];
  let busySeconds = 0;
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    await changeFacts(data, upstream, round);
    const before = mainThreadSeconds(pid);
    const taken: number[] = [];
    for (const project of PROJECTS) taken.push(await timeOf(`${indexUrl}${project}/`));
    if (round < WARM_UPS) continue;
    walls.push(...taken);
    busySeconds += mainThreadSeconds(pid) - before;
  }
  note({ what: 'until the whole page is with the client', value: median(walls), unit: 'ms', spread: spreadOf(walls) });
  const what = `page of ${FILES} files, decided, rendered and sent: time of the server's thread`;
  checkBudget({ what, value: (busySeconds * 1000) / walls.length, unit: 'ms' }, { atMost: 50 });
}

/** Denies a release that has nothing to do with the pages: after that, any decision could come out differently. */
async function changeFacts(data: string, upstream: FakeIndex, round: number): Promise<void> {
  const env = { WHEELGATE_DATA: data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
  const { code, err } = await runWheelgate(['deny', `pkg:pypi/unrelated@${round}.0`, '--reason', 'bench'], env);
  if (code !== 0) throw new Error(`wheelgate deny failed:\n${err}`);
  // The gate looks for changes once a second.
  await wait(2_500);
}

/** Milliseconds until the whole page is here. */
async function timeOf(url: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, { headers: { ...PIP_HEADERS, 'accept-encoding': 'identity' } });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return performance.now() - started;
}
