import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';

/**
 * Writes a file that is not there yet, whole or not at all; never over one that is, which may be the only copy of a key.
 * @param options.mode 0o600 for what only its owner may read
 * @param options.makeFolders the folders around it are made when they are missing
 * @throws {WheelgateError} INPUT_UNREADABLE when there is one, or it cannot be written
 */
export async function writeNewFile(
  path: string,
  content: Uint8Array | string,
  { mode = 0o644, makeFolders = false }: { readonly mode?: number; readonly makeFolders?: boolean } = {},
): Promise<void> {
  if (makeFolders) {
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw unwritable(path, error);
    });
  }
  const file = await open(path, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new WheelgateError('INPUT_UNREADABLE', `${path} is there already`, 'Give another path, or move it away.', error)
      : unwritable(path, error);
  });
  try {
    await file.writeFile(content);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): WheelgateError {
  return new WheelgateError('INPUT_UNREADABLE', `${path} cannot be written`, 'Check the folder and its space.', cause);
}
