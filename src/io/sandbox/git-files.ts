import { spawnSync } from 'node:child_process';
import { isAbsolute, join, posix, relative } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';
import type { FileSource } from '../../core/manifest/manifest.ts';

/** Files as a commit has them, by the paths that they would have in the working folder. */
export type GitFiles = Omit<FileSource, 'list'> & {
  /** Undefined for what is no folder there. */
  listEntries(
    path: string,
  ): readonly { readonly name: string; readonly kind: 'file' | 'folder' | 'other' }[] | undefined;
  isThere(path: string): boolean;
};

/** Nothing but what git needs to start, and nothing that makes it ask, wait or fetch. */
const KEPT_VARIABLES = ['PATH', 'HOME', 'SYSTEMROOT', 'USERPROFILE', 'TEMP', 'TMPDIR', 'GIT_DIR', 'GIT_WORK_TREE'];
const SETTINGS = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
const DEADLINE_MS = 30_000;
const MAX_BYTES = 256 * 2 ** 20;

/**
 * The files of this repository at a branch, tag or commit. git reads its object store alone: no checkout, no hook, no filter.
 * @param folder the working folder, to which paths are relative
 * @throws {WheelgateError} USAGE when git knows no such commit here
 */
export function openGitFiles(ref: string, folder: string, variable: FileSource['variable']): GitFiles {
  // A name with a dash in front would be an option.
  const found = ref.startsWith('-') ? undefined : git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], folder);
  const commit = found?.toString('latin1').trim();
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new WheelgateError(
      'USAGE',
      `git knows no commit ${JSON.stringify(ref)} here`,
      'Name a branch, tag or commit of this repository, or a JSON report; in CI, fetch the branch first.',
    );
  }
  const object = (path: string) => {
    const own = isAbsolute(path) ? relative(folder, path) : path;
    return `${commit}:./${posix.normalize(own.replaceAll('\\', '/')).replace(/^\.\/?$/, '')}`;
  };
  return {
    variable,
    read(path) {
      const bytes = git(['cat-file', 'blob', object(path)], folder);
      if (bytes !== undefined) return bytes;
      throw new WheelgateError('INPUT_UNREADABLE', `${path} is not in ${ref}`, 'Check the path.');
    },
    listEntries(path) {
      const lines = git(['ls-tree', '-z', object(path)], folder)
        ?.toString('utf8')
        .split('\0')
        .filter(Boolean);
      return lines?.flatMap((line) => {
        const [, type, name] = /^\d+ (\w+) [0-9a-f]+\t(.*)$/s.exec(line) ?? [];
        if (name === undefined) return [];
        return [{ name, kind: type === 'blob' ? 'file' : type === 'tree' ? 'folder' : 'other' }] as const;
      });
    },
    isThere: (path) => git(['cat-file', '-e', object(path)], folder) !== undefined,
    resolve: (from, target) => (isAbsolute(target) ? target : join(from, '..', target)),
  };
}

/** @returns what it printed, undefined when it failed */
function git(args: readonly string[], folder: string): Buffer | undefined {
  const kept = KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const run = spawnSync('git', ['-c', 'core.fsmonitor=false', '--no-pager', ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(kept), ...SETTINGS },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: DEADLINE_MS,
    maxBuffer: MAX_BYTES,
  });
  if (run.error !== undefined && (run.error as NodeJS.ErrnoException).code === 'ENOENT') {
    throw new WheelgateError(
      'USAGE',
      'there is no git on this machine',
      'Install git, or give a JSON report.',
      run.error,
    );
  }
  return run.status === 0 ? run.stdout : undefined;
}
