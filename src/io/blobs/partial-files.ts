import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Tells the files of this process from those of an earlier one that had the same process id (pid 1 in a container). */
const PROCESS_TOKEN = randomBytes(6).toString('hex');
const HOST = Buffer.from(hostname()).toString('hex').slice(0, 64);
const NAME = /^([0-9a-f]*)\.(\d+)\.([0-9a-f]{12})\.\d+$/;
/** A process of another machine cannot be asked whether it lives; no download takes this long. */
const FOREIGN_MAX_AGE_MS = 24 * 3_600_000;

let count = 0;

/** A path that nobody else writes to, in a folder for files that are not whole yet. */
export function newPartialPath(folder: string): string {
  count += 1;
  return join(folder, `${HOST}.${process.pid}.${PROCESS_TOKEN}.${count}`);
}

/**
 * Creates the folder and removes what killed processes left in it. Files of processes that live stay: the server and the
 * command line share a folder.
 */
export async function preparePartialFolder(folder: string, now = Date.now()): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path, name, now)) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string, name: string, now: number): Promise<boolean> {
  const [, host, pid, token] = NAME.exec(name) ?? [];
  if (host === HOST) {
    return Number(pid) === process.pid ? token !== PROCESS_TOKEN : !isAlive(Number(pid));
  }
  // Nothing there: its owner has finished. Not mtime: a second name for an old blob has the old one's.
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && now - status.ctimeMs > FOREIGN_MAX_AGE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
