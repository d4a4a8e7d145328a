import { open, rm } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';

/**
 * Writes a file that is not there yet, whole or not at all.
 * @throws {WheelgateError} INPUT_UNREADABLE when there is one, or it cannot be written
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new WheelgateError('INPUT_UNREADABLE', `${path} is there already`, 'Give another path, or move it away.', error)
      : unwritable(path, error);
  });
  try {
    await file.writeFile(bytes);
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
