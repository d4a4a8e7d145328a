import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFilename } from '../../src/core/python/filename.ts';
import type { FakeIndex } from '../../test/fakes/fake-index.ts';

const FOLDER = process.env.BENCH_WHEELS ?? fileURLToPath(new URL('../../../shared/data/wheels', import.meta.url));

/** Why there are no wheels of real projects to measure with, or false. */
export const noRealWheels: string | false =
  existsSync(FOLDER) && readdirSync(FOLDER).length > 0
    ? false
    : `there are no wheels in ${FOLDER} (BENCH_WHEELS names another folder)`;

export type RealWheel = { readonly filename: string; readonly path: string; readonly bytes: number };

/** Their paths, sorted. */
export function realWheelPaths(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((filename) => filename.endsWith('.whl'))
    .sort()
    .map((filename) => join(FOLDER, filename));
}

/** Lists every wheel of the folder on an index, old enough for any cooldown. */
export function addRealWheels(upstream: FakeIndex): readonly RealWheel[] {
  const uploadTime = new Date(Date.now() - 300 * 86_400_000);
  return readdirSync(FOLDER).flatMap((filename) => {
    const name = parseFilename(filename);
    if (name.kind !== 'wheel') return [];
    const bytes = readFileSync(join(FOLDER, filename));
    const { path } = upstream.addFile(name.project, filename, bytes, { uploadTime });
    return [{ filename, path, bytes: bytes.length }];
  });
}
