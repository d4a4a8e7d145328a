import { readFileSync } from 'node:fs';
import { WheelgateError } from '../core/errors.ts';
import { readVex, type VexFile } from '../core/report/read-vex.ts';

/** What several VEX files say together. @throws {WheelgateError} INPUT_UNREADABLE */
export function readVexFiles(paths: readonly string[]): VexFile {
  const files = paths.map((path) => readVex(readText(path), path));
  return { ignores: files.flatMap(({ ignores }) => ignores), warnings: files.flatMap(({ warnings }) => warnings) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `the VEX file ${path} cannot be read`,
      'Check the path and its permissions.',
      error,
    );
  }
}
