import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { WheelgateError } from '../../core/errors.ts';
import type { ProjectName } from '../../core/python/name.ts';

/** Ships with the package; data/README.md says where it comes from. */
const SHIPPED = new URL('../../../data/top-projects.txt.br', import.meta.url);

/**
 * The 15,000 most downloaded projects by rank, for checks against confusable names. Normalised when the file was made.
 * @throws {WheelgateError} INPUT_UNREADABLE when the package is damaged
 */
export async function loadTopProjects(): Promise<readonly ProjectName[]> {
  try {
    const text = brotliDecompressSync(await readFile(SHIPPED), { maxOutputLength: 2 ** 24 }).toString();
    return text.trimEnd().split('\n') as ProjectName[];
  } catch (error) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      'The list of popular projects that ships with Wheelgate cannot be read.',
      'Install Wheelgate again.',
      error,
    );
  }
}
