// A warm wheel: Wheelgate, nginx and plain node:http send the same bytes, and so do proxpi and devpi. Then memory, while a
// hundred clients pull a file that is far too large to keep.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { aWheel, aWheelName } from '../test/builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../test/fakes/fake-index.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { compareLoad, type Subject } from './measure/compare-load.ts';
import { PIP_HEADERS } from './measure/pip-headers.ts';
import { usageOf } from './measure/process-usage.ts';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { settledPage } from './measure/settled-page.ts';
import { loadWith, noWrk } from './measure/wrk.ts';
import { startBenchGate } from './servers/gate.ts';
import { noNginx, startNginx } from './servers/nginx.ts';
import { type PeerServer, startPeers } from './servers/peers.ts';
import { startPlainNode } from './servers/plain-node.ts';
import type { BenchServer } from './servers/server.ts';

const ROUNDS = 7;
const LOAD = { connections: 8, seconds: 2 };
const CROWD = { connections: 100, seconds: 15 };
const MB = 1_000_000;

const why = noWrk || noNginx;
printMachine('file');
if (why) skip('file', why);
else await withCleanUp(measure);

async function measure(later: Later): Promise<void> {
  const upstream = await startFakeIndex();
  later(() => upstream.stop());
  const small = addWheel(upstream, 'small', MB);
  const large = addWheel(upstream, 'large', 50 * MB);
  const gate = await startBenchGate(upstream.simpleUrl, later);

  const folder = await temporaryFolder(later);
  const file = join(folder, small.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, small.bytes);
  const same = [gate, await startNginx(folder, later), await startPlainNode(file, {}, later)].map(
    (server): Subject => ({ server, url: `${server.url}${small.path}` }),
  );
  const peers = await startPeers(upstream.simpleUrl, later);
  const theirs = await Promise.all(peers.map(async (server) => ({ server, url: await fileUrl(server, 'small') })));
  for (const { server, url } of [...same, ...theirs]) await fetchWhole(server, url, small.bytes);

  const { ratio } = await compareLoad([...same, ...theirs], ROUNDS, LOAD);
  const [own, nginx] = same as [Subject, Subject, Subject];
  checkBudget(ratio(own, nginx), { atLeast: 0.5 });
  for (const peer of theirs) note(ratio(own, peer));

  checkBudget(await growthUnderCrowd(gate, `${gate.url}${large.path}`, large.bytes), { atMost: 64 });
  for (const server of peers) note(await growthUnderCrowd(server, await fileUrl(server, 'large'), large.bytes));
}

/** Random content: nothing that a server does gets cheaper because it compresses. */
function addWheel(upstream: FakeIndex, project: string, size: number): { path: string; bytes: Uint8Array } {
  const wheel = { project, files: { [`${project}/data.bin`]: randomBytes(size) } };
  const bytes = aWheel(wheel);
  return { bytes, path: upstream.addFile(project, aWheelName(wheel), bytes).path };
}

async function fileUrl({ indexUrl }: PeerServer, project: string): Promise<string> {
  const page = await settledPage(`${indexUrl}${project}/`);
  const { files } = JSON.parse(page.body.toString()) as { files: { url: string }[] };
  return new URL(files[0]!.url, `${indexUrl}${project}/`).href.replace(/#.*/, '');
}

/** The first request makes a caching server fetch the file; a second one shows that it now answers by itself. */
async function fetchWhole(server: BenchServer, url: string, bytes: Uint8Array): Promise<void> {
  for (let request = 0; request < 2; request++) {
    const response = await fetch(url, { headers: PIP_HEADERS });
    const body = Buffer.from(await response.arrayBuffer());
    if (!body.equals(bytes)) throw new Error(`${server.name} sends other bytes (${response.status})`);
  }
}

/** How far memory rises above what it was before, at its highest. */
async function growthUnderCrowd(server: BenchServer, url: string, bytes: Uint8Array) {
  await fetchWhole(server, url, bytes);
  const before = usageOf(server.pid).rssBytes;
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, usageOf(server.pid).rssBytes);
  }, 200);
  await loadWith(url, server.pid, CROWD);
  clearInterval(watch);
  const what = `${server.name}, memory at ${CROWD.connections} clients × 50 MB above the ${Math.round(before / MB)} MB before`;
  return { what, value: (highest - before) / MB, unit: 'MB' };
}
