import type { PackageFile } from '../package-file.ts';
import { decodePythonSource } from '../syntax/source-text.ts';
import { TAINT } from '../values/taint.ts';
import { bytes, HOLE, text, type Value } from '../values/value.ts';

/** The members of a package by base name: paths are mostly put together while the code runs, so that only their end is known. */
export type PackageData = ReadonlyMap<string, readonly PackageFile[]>;

const MAX_READ = 2_000_000;
/** Folders of the machine and of its user: what lies there is not of the package. */
const ELSEWHERE = /^(?:\/|~|%|[A-Za-z]:|\$)/;

export function indexPackageData(files: readonly PackageFile[]): PackageData {
  const byName = new Map<string, PackageFile[]>();
  for (const file of files) {
    const name = baseName(file.path);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return byName;
}

/**
 * The content of a member that a path means, undefined when none or several are meant. Marked, so that it is judged by what
 * is done with it and not by what it says.
 * @param from path of the member whose code reads it
 */
export function packageContent(data: PackageData, path: string, from: string, isText: boolean): Value | undefined {
  const known = path.replaceAll('\\', '/').slice(path.lastIndexOf(HOLE) + 1);
  if (ELSEWHERE.test(path) || known.length > 300) return undefined;
  const candidates = data.get(baseName(known)) ?? [];
  const file = candidates.length < 2 ? candidates[0] : nearest(candidates, known, from);
  if (file === undefined || file.bytes.length > MAX_READ) return undefined;
  const isCode = /\.pyw?$/i.test(file.path);
  const taint = TAINT.file | TAINT.packageFile | (isCode ? 0 : TAINT.dataFile);
  return isText ? text(decodePythonSource(file.bytes), taint) : bytes(file.bytes, taint);
}

function nearest(candidates: readonly PackageFile[], path: string, from: string): PackageFile | undefined {
  const ranked = candidates
    .map((file) => ({ file, rank: 100 * sharedEnd(file.path, path) + sharedStart(file.path, from) }))
    .sort((a, b) => b.rank - a.rank);
  return ranked[0]!.rank > ranked[1]!.rank ? ranked[0]!.file : undefined;
}

/** How many folders and names two paths have in common at their ends. */
function sharedEnd(one: string, other: string): number {
  const others = other.split('/').filter((part) => part !== '' && part !== '.');
  const parts = one.split('/');
  let shared = 0;
  while (shared < others.length && parts.at(-1 - shared) === others.at(-1 - shared)) shared++;
  return shared;
}

function sharedStart(one: string, other: string): number {
  const [parts, others] = [one.split('/'), other.split('/')];
  let shared = 0;
  while (shared < parts.length - 1 && parts[shared] === others[shared]) shared++;
  return shared;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
