import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';
import type { FileSource } from '../../core/manifest/manifest.ts';

/** A manifest of this size is none. */
const MAX_BYTES = 256 * 2 ** 20;
/** Where projects keep what is not theirs, or not source. */
const PASSED_OVER = /^(?:\.|node_modules$|__pycache__$|site-packages$|build$|dist$)/;
const LOCK = /^(?:uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock\.(?:[^.]+\.)?toml)$/;
const LOCKED_BY = /^(?:pyproject\.toml|Pipfile)$/;
const MANIFEST =
  /^(?:pyproject\.toml|Pipfile|environment\.ya?ml|.*requirements.*\.txt|constraints.*\.txt|.*\.cdx\.(?:json|xml)|bom\.(?:json|xml)|.*\.spdx(?:\.json)?)$/;
/** Requirements by topic: `requirements/dev.txt`. */
const REQUIREMENTS_FOLDER = /^requirements$/;

/**
 * Manifests on disk; `-` is standard input.
 * @param within nothing is read outside of this folder, nor from git's own in it: errors quote what was read, and in CI a
 * requirements file may be written by anyone who names another file in it
 */
export function diskFiles(variable: FileSource['variable'], within?: string): FileSource {
  return {
    variable,
    read(path) {
      try {
        if (within !== undefined && path !== '-') checkWithin(within, path);
        if (path !== '-' && statSync(path).size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
        return readFileSync(path === '-' ? 0 : path);
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    list: (path) => listFolder(path)?.map(({ name }) => name),
    resolve: (from, target) => (isAbsolute(target) ? normalize(target) : join(dirname(from), target)),
  };
}

function checkWithin(folder: string, path: string): void {
  const inside = relative(realpathSync(folder), realpathSync(path));
  const parts = inside.split(/[\\/]/);
  if (isAbsolute(inside) || parts[0] === '..' || parts.includes('.git')) throw new Error(`not within ${folder}`);
}

/** Folders, on disk or at a commit. */
export type Folders = {
  /** Undefined for what is no folder. */
  listEntries(
    path: string,
  ): readonly { readonly name: string; readonly kind: 'file' | 'folder' | 'other' }[] | undefined;
  isThere(path: string): boolean;
};

const diskFolders: Folders = {
  listEntries: (path) =>
    listFolder(path)?.map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
    })),
  isThere: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
};

/**
 * What to read for a path of the command line: the file itself; of a virtual environment its site-packages; else what a
 * folder and those below hold of manifests and locks. A manifest beside its lock is left out, for the lock says more.
 * @throws {WheelgateError} INPUT_UNREADABLE when there is no such path
 */
export function findManifests(path: string, folders: Folders = diskFolders): readonly string[] {
  if (path === '-') return [path];
  const entries = folders.listEntries(path);
  if (entries === undefined) {
    if (!folders.isThere(path)) throw unreadable(path, undefined);
    return [normalize(path)];
  }
  const names = entries.map(({ name }) => name);
  if (names.some((name) => name.endsWith('.dist-info'))) return [normalize(path)];
  if (names.includes('pyvenv.cfg')) return sitePackagesOf(path, folders);
  const hasLock = names.some((name) => LOCK.test(name));
  const isRequirements = REQUIREMENTS_FOLDER.test(normalize(path).split(/[\\/]/).at(-1) ?? '');
  const isWanted = (name: string) =>
    LOCK.test(name) ||
    (isRequirements && name.endsWith('.txt')) ||
    (MANIFEST.test(name) && !(hasLock && LOCKED_BY.test(name)));
  return entries.flatMap(({ name, kind }) => {
    const inner = join(path, name);
    if (kind === 'file') return isWanted(name) ? [inner] : [];
    return kind === 'folder' && !PASSED_OVER.test(name) ? findManifests(inner, folders) : [];
  });
}

function sitePackagesOf(environment: string, folders: Folders): readonly string[] {
  const windows = join(environment, 'Lib', 'site-packages');
  if (folders.listEntries(windows) !== undefined) return [windows];
  return (folders.listEntries(join(environment, 'lib')) ?? [])
    .map(({ name }) => join(environment, 'lib', name, 'site-packages'))
    .filter((folder) => folders.listEntries(folder) !== undefined);
}

function listFolder(path: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause: unknown): WheelgateError {
  const what = path === '-' ? 'standard input' : path;
  return new WheelgateError('INPUT_UNREADABLE', `${what} cannot be read`, 'Check the path and its permissions.', cause);
}
