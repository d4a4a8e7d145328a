// A warm project page of 18 KB: Wheelgate, nginx and plain node:http send the same bytes; proxpi and devpi send their own.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aWheel, aWheelName } from '../test/builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../test/fakes/fake-index.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { compareLoad, type Subject } from './measure/compare-load.ts';
import { PIP_HEADERS } from './measure/pip-headers.ts';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { settledPage } from './measure/settled-page.ts';
import { noWrk } from './measure/wrk.ts';
import { startBenchGate } from './servers/gate.ts';
import { noNginx, startNginx } from './servers/nginx.ts';
import { startPeers } from './servers/peers.ts';
import { startPlainNode } from './servers/plain-node.ts';

const ROUNDS = 7;
const LOAD = { connections: 64, seconds: 2, headers: PIP_HEADERS };
const PATH = 'simple/demo/';

const why = noWrk || noNginx;
printMachine('page');
if (why) skip('page', why);
else await withCleanUp(measure);

async function measure(later: Later): Promise<void> {
  const upstream = await startUpstream(later);
  const gate = await startBenchGate(upstream.simpleUrl, later);
  const page = await settledPage(`${gate.url}/${PATH}`);
  note({ what: 'size of the page', value: page.body.length / 1000, unit: 'KB' });

  const folder = await temporaryFolder(later);
  const file = join(folder, PATH, 'index.json');
  await mkdir(join(folder, PATH), { recursive: true });
  await writeFile(file, page.body);
  const sent = ['content-type', 'etag', 'cache-control', 'vary'].map((name) => [name, page.headers.get(name) ?? '']);
  const same = [gate, await startNginx(folder, later), await startPlainNode(file, Object.fromEntries(sent), later)].map(
    (server): Subject => ({ server, url: `${server.url}/${PATH}` }),
  );
  for (const { server, url } of same) {
    if (!(await settledPage(url)).body.equals(page.body)) throw new Error(`${server.name} sends other bytes`);
  }
  const peers = (await startPeers(upstream.simpleUrl, later)).map((server) => ({
    server,
    url: `${server.indexUrl}demo/`,
  }));
  for (const { url } of peers) await settledPage(url);

  const { ratio, p99 } = await compareLoad([...same, ...peers], ROUNDS, LOAD);
  const [own, nginx, plain] = same as [Subject, Subject, Subject];
  checkBudget(ratio(own, nginx), { atLeast: 0.4 });
  checkBudget(ratio(own, plain), { atLeast: 0.75 });
  checkBudget(p99(own), { atMost: 15 });
}

/** One project whose page has about 18 KB. */
async function startUpstream(later: Later): Promise<FakeIndex> {
  const upstream = await startFakeIndex();
  later(() => upstream.stop());
  for (let i = 0; i < 50; i++) {
    const wheel = { project: 'demo', version: `1.${i}.0` };
    upstream.addFile('demo', aWheelName(wheel), aWheel(wheel), { requiresPython: '>=3.9' });
  }
  return upstream;
}
