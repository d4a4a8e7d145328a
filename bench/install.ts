// `pip install` of 25 packages into an empty folder, warm: through Wheelgate, from the same files as a static index on
// nginx, and through proxpi and devpi.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseProjectName } from '../src/core/python/name.ts';
import { noPip, pipInstall } from '../test/e2e/pip.ts';
import { startFakeIndex } from '../test/fakes/fake-index.ts';
import { addRealWheels, noRealWheels } from './material/real-wheels.ts';
import { type Later, temporaryFolder, withCleanUp } from './measure/clean-up.ts';
import { interleave } from './measure/interleave.ts';
import { PIP_HEADERS } from './measure/pip-headers.ts';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { settledPage } from './measure/settled-page.ts';
import { median, spreadOf } from './measure/statistics.ts';
import { type BenchGate, startBenchGate } from './servers/gate.ts';
import { noNginx, startNginx } from './servers/nginx.ts';
import { startPeers } from './servers/peers.ts';

const ROUNDS = 5;
const REPLAYS = 60;
const PACKAGES = 25;
const REQUIREMENTS = ['flask', 'requests', 'pytest', 'httpx', 'rich'];

type Index = { readonly name: string; readonly indexUrl: string };

const why = noPip || noRealWheels || noNginx;
printMachine('install');
if (why) skip('install', why);
else await withCleanUp(measure);

async function measure(later: Later): Promise<void> {
  const upstream = await startFakeIndex();
  later(() => upstream.stop());
  addRealWheels(upstream);
  const gate = await startBenchGate(upstream.simpleUrl, later);
  const installed = await install(gate);
  if (installed.length !== PACKAGES) throw new Error(`pip installed ${installed.length}: ${installed.join(' ')}`);

  const folder = await temporaryFolder(later);
  const addresses = await copyIndex(gate, installed, folder);
  const nginx = await startNginx(folder, later);
  const fixed: Index = { name: 'static index', indexUrl: `${nginx.url}/simple/` };
  const peers = await startPeers(upstream.simpleUrl, later);
  const indexes: readonly Index[] = [gate, fixed, ...peers];
  for (const index of indexes) await install(index);

  const waits = await interleave([gate, fixed], REPLAYS, ({ indexUrl }) => replaySeconds(indexUrl, addresses));
  const installs = await interleave(indexes, ROUNDS, async (index) => {
    const started = performance.now();
    await install(index);
    return (performance.now() - started) / 1000;
  });
  report(gate, fixed, waits, installs);
}

type Seconds = ReadonlyMap<Index, readonly number[]>;

/**
 * Whole runs of pip take seconds and differ by more than the budget on a machine that does other things too. pip itself
 * does the same work whichever index it asks, so the budget is checked on what differs: how long it waits for answers. Of
 * each the fastest counts, because other load only adds.
 */
function report(gate: Index, fixed: Index, waits: Seconds, installs: Seconds): void {
  const fastest = (seconds: Seconds, index: Index) => Math.min(...seconds.get(index)!);
  for (const [{ name }, seconds] of waits) {
    const what = `${name}: all that pip asks for, one request after the other`;
    note({ what, value: median(seconds) * 1000, unit: 'ms', spread: spreadOf(seconds.map((one) => one * 1000)) });
  }
  for (const [index, seconds] of installs) {
    note({ what: `${index.name}: pip install`, value: median(seconds), unit: 's', spread: spreadOf(seconds) });
    if (index === fixed) continue;
    const ratios = seconds.map((one, round) => one / installs.get(fixed)![round]!);
    note({
      what: `${index.name} / static index, whole runs`,
      value: median(ratios),
      unit: '',
      spread: spreadOf(ratios),
    });
  }
  const longer = fastest(waits, gate) - fastest(waits, fixed);
  const value = 1 + longer / fastest(installs, fixed);
  checkBudget({ what: 'wheelgate / static index, by the time waited for answers', value, unit: '' }, { atMost: 1.05 });
}

/** Addresses are relative to the index: the same at the gate and at its copy. */
async function replaySeconds(indexUrl: string, addresses: readonly string[]): Promise<number> {
  const started = performance.now();
  for (const address of addresses) {
    const answer = await fetch(new URL(address, indexUrl), { headers: PIP_HEADERS });
    await answer.arrayBuffer();
  }
  return (performance.now() - started) / 1000;
}

/** @returns `name-version` of all that was installed */
async function install({ name, indexUrl }: Index): Promise<readonly string[]> {
  const { code, output, target } = await pipInstall(indexUrl, ...REQUIREMENTS);
  await rm(target, { recursive: true, force: true });
  if (code !== 0) throw new Error(`pip install from ${name} failed:\n${output}`);
  return /Successfully installed (.*)/.exec(output)?.[1]?.split(' ') ?? [];
}

/**
 * Writes the pages as the gate shows them, with the files and metadata of what pip took.
 * @returns what pip asks for, relative to the index
 */
async function copyIndex(gate: BenchGate, installed: readonly string[], folder: string): Promise<readonly string[]> {
  const addresses: string[] = [];
  for (const release of installed) {
    const [, name, version] = /^(.*)-([^-]+)$/.exec(release)!;
    const project = parseProjectName(name!);
    const page = await settledPage(`${gate.indexUrl}${project}/`);
    await write(join(folder, 'simple', project, 'index.json'), page.body);
    addresses.push(`${project}/`);
    const { files } = JSON.parse(page.body.toString()) as { files: { filename: string; url: string }[] };
    const { url } = files.find(({ filename }) => filename.split('-')[1] === version)!;
    for (const address of [`${url}.metadata`, url]) {
      // From the page to the index.
      const relative = address.replace('../', '');
      const answer = await fetch(new URL(relative, gate.indexUrl), { headers: PIP_HEADERS });
      if (!answer.ok) throw new Error(`${relative}: ${answer.status} ${answer.statusText}`);
      await write(join(folder, 'simple', decodeURIComponent(relative)), Buffer.from(await answer.arrayBuffer()));
      addresses.push(relative);
    }
  }
  return addresses;
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
