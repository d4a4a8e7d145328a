import { spawnSync } from 'node:child_process';

/**
 * Runs a module on a disk of its own that is mounted over `folder` for that process alone; it needs user namespaces, not
 * root. The script finds the folder in `process.env.SMALL_DISK` and says its result as JSON on standard output.
 * @returns undefined where no disk can be mounted
 */
export function runOnSmallDisk(folder: string, kilobytes: number, script: string): unknown {
  const run = spawnSync('sh', ['-c', 'exec unshare --map-root-user --mount sh -c "$RUN"'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      SMALL_DISK: folder,
      RUN: `mount -t tmpfs -o size=${kilobytes}k tmpfs "$SMALL_DISK" || exit 77; exec "$NODE" --import tsx --input-type=module -e "$SCRIPT"`,
      NODE: process.execPath,
      SCRIPT: script,
    },
  });
  if (run.error || run.status === 77 || run.status === 127 || run.stderr.startsWith('unshare:')) return undefined;
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}
