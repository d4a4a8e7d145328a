import { access, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';

/** Where things are in a data folder. */
export type DataFolder = { readonly databasePath: string; readonly blobsRoot: string };

/**
 * Creates the data folder for its owner only, or checks the one that is there.
 * @throws {WheelgateError} CONFIG_INVALID when the path is no folder or cannot be written, DISK_FULL
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explain(folder, error);
  }
  return { databasePath: join(folder, 'wheelgate.db'), blobsRoot: folder };
}

function explain(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return unusable(folder, 'is not a folder', error);
    case 'ENOSPC':
    case 'EDQUOT':
      return new WheelgateError('DISK_FULL', `No room to create the data folder ${folder}`, 'Free some space.', error);
    case 'EROFS':
      return unusable(folder, 'is on a disk that is mounted read-only', error);
    default:
      return unusable(folder, 'cannot be created or written', error);
  }
}

function unusable(folder: string, problem: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'CONFIG_INVALID',
    `The data folder ${folder} ${problem}`,
    'Give another folder with --data or WHEELGATE_DATA, or make this one writable for the user who runs wheelgate.',
    cause,
  );
}
