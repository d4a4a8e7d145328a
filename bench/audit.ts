// The whole cold process of `wheelgate audit` beside osv-scanner over the same records, run in turns. Needs ../shared/data
// (requirements, osv-pypi.zip, peers). `node --import tsx bench/audit.ts [rounds]`
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBudget, note, printMachine, skip } from './measure/report.ts';
import { median, spreadOf } from './measure/statistics.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHARED = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const PEER = join(SHARED, 'peers/osv-scanner-2.6.0-linux-amd64.xz');
/** Pins, and the share of osv-scanner's processor time that we may take (DESIGN section 10). */
const BUDGETS = { 113: 0.5, 1000: 0.2, 10000: 0.2 } as const;
/** osv-scanner takes half a minute for ten thousand pins. */
const ROUNDS = { 113: 7, 1000: 5, 10000: 2 } as const;

type Run = { readonly wallMs: number; readonly cpuMs: number };

printMachine('audit');
const asked = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'wheelgate-bench-'));
try {
  if (!existsSync(PEER)) skip('audit beside osv-scanner', `there is no ${PEER}`);
  else compare(preparePeer());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(scanner: string): void {
  const inputs = {
    113: join(SHARED, 'requirements/a.txt'),
    1000: join(SHARED, 'requirements/b.txt'),
    10000: tenThousand(),
  };
  // The first start compiles.
  measure(process.execPath, [join(ROOT, 'bin/wheelgate.js'), '--version']);
  for (const pins of [113, 1000, 10000] as const) {
    const path = inputs[pins];
    const ours: Run[] = [];
    const theirs: Run[] = [];
    for (let round = 0; round < Number(asked ?? ROUNDS[pins]); round++) {
      ours.push(measure(process.execPath, [join(ROOT, 'dist/main.js'), 'audit', '--format', 'json', path]));
      const args = ['scan', 'source', '--offline', '-L', `requirements.txt:${path}`, '--format', 'json'];
      theirs.push(measure(scanner, args, { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: folder }));
    }
    report(pins, ours, theirs);
  }
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

function report(pins: keyof typeof BUDGETS, ours: readonly Run[], theirs: readonly Run[]): void {
  const cpu = ours.map(({ cpuMs }) => cpuMs);
  note({ what: `audit of ${pins} pins, processor time`, value: median(cpu), unit: 'ms', spread: spreadOf(cpu) });
  const ratios = (of: keyof Run) => ours.map((run, round) => run[of] / theirs[round]![of]);
  const say = (what: string, values: readonly number[]) => ({
    what: `audit of ${pins} pins, ${what} against osv-scanner`,
    value: median(values),
    unit: '',
    spread: spreadOf(values),
  });
  note(say('time', ratios('wallMs')));
  checkBudget(say('processor time', ratios('cpuMs')), { atMost: BUDGETS[pins] });
}
