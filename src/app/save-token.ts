import { chmod, readFile, stat } from 'node:fs/promises';
import { readNetrcPath, readToken } from '../config.ts';
import { WheelgateError } from '../core/errors.ts';
import { withNetrcEntry } from '../core/identity/netrc.ts';
import { tokenDigest } from '../core/identity/token.ts';
import { replaceFile } from '../io/files/replace-file.ts';
import { writeNewFile } from '../io/files/write-new-file.ts';

/**
 * Keeps a token for a host where pip, uv and PDM look for one, in a file that only its owner reads.
 * @param token absent: the one in WHEELGATE_TOKEN
 * @returns the file's path
 * @throws {WheelgateError} USAGE for what is no token of a gate, CONFLICT, INPUT_UNREADABLE
 */
export async function saveToken(host: string, token = readToken()): Promise<string> {
  if (token === undefined || tokenDigest(token) === undefined)
    throw new WheelgateError(
      'USAGE',
      token === undefined ? 'there is no token to save' : 'this is no token of a gate: those begin with wg_',
      'Set WHEELGATE_TOKEN, or pipe the token in with --token-stdin.',
    );
  const path = readNetrcPath();
  const entry = { host, login: '__token__', password: token };
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (there === undefined) {
    await writeNewFile(path, withNetrcEntry('', entry), { mode: 0o600 });
    return path;
  }
  const before = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  // First, so that no token ever stands in a file that others read.
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0) await chmod(path, there.mode & 0o700);
  await replaceFile(path, before, Buffer.from(withNetrcEntry(before.toString('latin1'), entry), 'latin1'));
  return path;
}

function unreadable(path: string, cause: unknown): WheelgateError {
  return new WheelgateError('INPUT_UNREADABLE', `${path} cannot be read`, 'Check its permissions.', cause);
}
