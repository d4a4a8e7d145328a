import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAnalysed } from '../../core/analysis/analyse.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseSha256, type Sha256 } from '../../core/sha256.ts';

/** What `scan` looks for below a folder. */
const DISTRIBUTION = /\.(?:whl|tar\.gz|tgz|tar\.bz2|tar\.xz|zip)$/;

/**
 * What a path to scan means: itself when it is a file (or is not there: reading it then says so) or a folder with build settings of
 * its own, a source tree; else the distribution files below the folder, sorted, and before them the folder itself when
 * code lies in it beside them, or nothing but other files. Empty when the folder is.
 */
export async function findScanInputs(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return [path];
  // What cannot be listed is told by the scan of the folder.
  const top = await readdir(path).catch(() => undefined);
  if (top === undefined) return [path];
  if (top.includes('pyproject.toml') || top.includes('setup.py')) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const distributions = files.filter((file) => DISTRIBUTION.test(file)).sort();
  const isTree = files.length > 0 && (distributions.length === 0 || files.some(isAnalysed));
  return isTree ? [path, ...distributions] : distributions;
}

/**
 * Hashes a file without holding it in memory.
 * @throws {WheelgateError} INPUT_UNREADABLE
 */
export async function digestOf(path: string): Promise<{ sha256: Sha256; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      isAbsent ? 'there is no such file' : 'the file cannot be read',
      isAbsent
        ? 'Check the path; a release that is not on this machine is asked about with `wheelgate why`.'
        : 'Check that it is a file and that you may read it.',
      error,
    );
  }
  return { sha256: parseSha256(hash.digest('hex')), size };
}
