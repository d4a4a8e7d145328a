// `wheelgate scan` over many real wheels: CPU time per wheel as a whole process, and inside of it beside what only reading and
// hashing the same members costs. BENCH_HARD names a list of further files (one path per line) that only the memory is measured on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesSource } from '../src/core/archive/byte-source.ts';
import { inspectDistribution } from '../src/core/archive/distribution.ts';
import { noRealWheels, realWheelPaths } from './material/real-wheels.ts';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { median, percentile } from './measure/statistics.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
type InspectWorker = {
  default(task: { readonly path: string; readonly filename: string }): Promise<unknown>;
};

printMachine('scan');
if (noRealWheels) skip('scan', noRealWheels);
else {
  // Compiles at its first start.
  spawnSync(process.execPath, [join(ROOT, 'bin/wheelgate.js'), '--version']);
  const wheels = realWheelPaths();
  const whole = scanProcess(wheels);
  checkBudget(
    { what: 'wheels per minute of CPU, whole process, mean', value: (60 * wheels.length) / whole, unit: '' },
    { atLeast: 300 },
  );
  // The built worker, as `scan` runs it.
  const { default: inspect } = (await import(join(ROOT, 'dist/io/workers/inspect-worker.js'))) as InspectWorker;
  const ours: number[] = [];
  const ceiling: number[] = [];
  for (const path of wheels) {
    const filename = basename(path);
    ceiling.push(await cpuSeconds(() => inspectDistribution(bytesSource(readFileSync(path)), filename)));
    ours.push(await cpuSeconds(() => inspect({ path, filename })));
  }
  checkBudget({ what: 'wheels per minute of CPU, median', value: 60 / median(ours), unit: '' }, { atLeast: 300 });
  checkBudget({ what: 'CPU of one wheel, p99', value: percentile(ours, 99), unit: 's' }, { atMost: 10 });
  note({ what: 'CPU of all against reading and hashing alone', value: sum(ours) / sum(ceiling), unit: '' });
  const hard = process.env.BENCH_HARD;
  if (hard !== undefined && existsSync(hard))
    for (const path of readFileSync(hard, 'utf8').trim().split('\n')) await inspect({ path, filename: basename(path) });
  const peak = process.resourceUsage().maxRSS / 1024;
  checkBudget({ what: 'memory at its peak', value: peak, unit: 'MB' }, { atMost: 1024 });
}

/** @returns CPU seconds of `wheelgate scan --jobs 1` from its start to its end */
function scanProcess(paths: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-bench-'));
  try {
    const list = join(folder, 'wheels.txt');
    writeFileSync(list, paths.join('\n'));
    const args = [join(ROOT, 'dist/main.js'), 'scan', '--no-advisories', '--format', 'json', '--jobs', '1'];
    const before = childCpuSeconds();
    const { error } = spawnSync(process.execPath, [...args, '--files-from', list], { maxBuffer: 2 ** 30 });
    if (error) throw error;
    return childCpuSeconds() - before;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU time of all children that ended (proc(5), fields 16 and 17, in hundredths of a second). */
function childCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function cpuSeconds(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
