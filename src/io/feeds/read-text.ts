import { readFile, stat } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';
import { download } from './download.ts';
import { defaultFeedLimits } from './limits.ts';

const MAX_BYTES = 64 * 2 ** 20;

/**
 * The text of a file, or of what is at an http or https address.
 * @throws {WheelgateError} INPUT_UNREADABLE, FEED_UNREACHABLE, FEED_INVALID past 64 MiB
 */
export async function readText(
  location: string,
  signal: AbortSignal,
  proxy?: Parameters<typeof download>[4],
): Promise<string> {
  if (/^https?:/i.test(location)) {
    const limits = { ...defaultFeedLimits, maxBytes: MAX_BYTES };
    const answer = await download(new URL(location), {}, limits, signal, proxy);
    return answer.kind === 'bytes' ? new TextDecoder().decode(answer.bytes) : '';
  }
  try {
    if ((await stat(location)).size > MAX_BYTES) throw new Error('too large');
    return await readFile(location, 'utf8');
  } catch (error) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `${location} cannot be read`,
      'Check the path and its permissions.',
      error,
    );
  }
}
