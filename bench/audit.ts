// The whole cold process of `wheelgate audit` beside osv-scanner over the same records, run in turns:
//   node --import tsx bench/audit.ts [rounds]
// Needs ../shared/data (requirements, osv-pypi.zip, peers). Prints medians of wall and CPU time and their ratios.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHARED = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const PEER = join(SHARED, 'peers/osv-scanner-2.6.0-linux-amd64.xz');
/** DESIGN section 10: the share of osv-scanner's time that we may take. */
const BUDGETS: Readonly<Record<string, number>> = { '113': 0.5, '1000': 0.2 };

type Run = { readonly wallMs: number; readonly cpuMs: number };

if (!existsSync(PEER)) throw new Error(`there is no ${PEER}`);
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'wheelgate-bench-'));
try {
  const scanner = preparePeer();
  const inputs = {
    '113': join(SHARED, 'requirements/a.txt'),
    '1000': join(SHARED, 'requirements/b.txt'),
    '10000': tenThousand(),
  };
  // The first start compiles.
  measure(process.execPath, [join(ROOT, 'bin/wheelgate.js'), '--version']);
  for (const [pins, path] of Object.entries(inputs)) {
    const ours: Run[] = [];
    const theirs: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(measure(process.execPath, [join(ROOT, 'dist/main.js'), 'audit', '--format', 'json', path]));
      const args = ['scan', 'source', '--offline', '-L', `requirements.txt:${path}`, '--format', 'json'];
      theirs.push(measure(scanner, args, { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: folder }));
    }
    report(pins, ours, theirs);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function preparePeer(): string {
  const scanner = join(folder, 'osv-scanner');
  const unpacked = spawnSync('xz', ['-dc', PEER], { maxBuffer: 2 ** 30 });
  if (unpacked.status !== 0) throw new Error('xz could not unpack osv-scanner');
  writeFileSync(scanner, unpacked.stdout, { mode: 0o755 });
  mkdirSync(join(folder, 'osv-scalibr/PyPI'), { recursive: true });
  copyFileSync(join(SHARED, 'osv-pypi.zip'), join(folder, 'osv-scalibr/PyPI/all.zip'));
  return scanner;
}

/** The thousand pins, and nine thousand that no advisory names. */
function tenThousand(): string {
  const path = join(folder, 'requirements.txt');
  const made = Array.from({ length: 9_000 }, (_, at) => `bench-project-${at}==1.${at % 50}\n`);
  writeFileSync(path, readFileSync(join(SHARED, 'requirements/b.txt'), 'utf8') + made.join(''));
  return path;
}

function measure(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const before = childCpuMs();
  const start = performance.now();
  const { error } = spawnSync(command, args, { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 2 ** 30 });
  if (error) throw error;
  return { wallMs: performance.now() - start, cpuMs: childCpuMs() - before };
}

/** CPU time of all children that ended, from the kernel (Linux, in hundredths of a second). */
function childCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function report(pins: string, ours: readonly Run[], theirs: readonly Run[]): void {
  const median = (runs: readonly Run[], of: keyof Run) =>
    runs.map((run) => run[of]).sort((a, b) => a - b)[runs.length >> 1]!;
  const line = (['wallMs', 'cpuMs'] as const).map((of) => {
    const [mine, peer] = [median(ours, of), median(theirs, of)];
    return `${of} ${mine.toFixed(0)} / ${peer.toFixed(0)} = ${(mine / peer).toFixed(2)}`;
  });
  const budget = BUDGETS[pins];
  console.log(`${pins} pins: ${line.join(', ')}${budget === undefined ? '' : ` (budget ${budget})`}`);
}
