import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';

/**
 * Gives a file other bytes, whole or not at all: they are written beside it, synced, and renamed over it. Mode and links
 * stay.
 * @param before what it must still hold, so that nobody's work is overwritten
 * @throws {WheelgateError} INPUT_UNREADABLE when it changed meanwhile or cannot be written
 */
export async function replaceFile(path: string, before: Uint8Array, after: Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path);
    const file = await open(target, 'r');
    const now = await file.readFile().finally(() => file.close());
    if (!now.equals(before)) {
      throw new WheelgateError('INPUT_UNREADABLE', `${path} changed meanwhile`, 'Run the command again.');
    }
    temporary = join(dirname(target), `.${randomUUID()}.wheelgate`);
    const { mode } = await stat(target);
    const written = await open(temporary, 'wx', 0o600);
    try {
      await written.writeFile(after);
      await written.chmod(mode);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    if (error instanceof WheelgateError) throw error;
    throw new WheelgateError('INPUT_UNREADABLE', `${path} cannot be written`, 'Check its permissions.', error);
  }
}
