import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used. */
export type Usage = {
  /** User and system time, with that of children that ended. */
  readonly cpuSeconds: number;
  /** Resident set now. Pages that processes share are counted once per process. */
  readonly rssBytes: number;
};

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

type Stat = { readonly parent: number; readonly ticks: number; readonly rssPages: number };

/** Reads /proc, so Linux only. Processes that end while it reads count as gone. */
export function usageOf(pid: number): Usage {
  const stats = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const stat = readStat(`/proc/${name}/stat`);
        return stat ? [[Number(name), stat] as const] : [];
      }),
  );
  const tree = [...stats].filter(([member]) => descendsFrom(member, pid, stats)).map(([, stat]) => stat);
  return {
    cpuSeconds: tree.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    rssBytes: tree.reduce((sum, { rssPages }) => sum + rssPages, 0) * PAGE_BYTES,
  };
}

/** Processor time of the thread that runs a server's JavaScript: what makes its other clients wait. */
export function mainThreadSeconds(pid: number): number {
  const stat = readStat(`/proc/${pid}/task/${pid}/stat`);
  if (!stat) throw new Error(`process ${pid} is gone`);
  return stat.ticks / TICKS_PER_SECOND;
}

/** proc(5): the name in parentheses may hold anything, so fields are counted from behind it (`state` is field 3). */
function readStat(path: string): Stat | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17), rssPages: field(24) };
  } catch {
    return undefined;
  }
}

function descendsFrom(pid: number, ancestor: number, stats: ReadonlyMap<number, Stat>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = stats.get(at)?.parent) {
    if (at === ancestor) return true;
  }
  return false;
}
