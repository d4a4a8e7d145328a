import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plainEnvironment } from './start-gate.ts';

const run = promisify(execFile);

/** Why there is no pip to test with, or false. Passed to `skip`. */
export const noPip: string | false = await run('python3', ['-m', 'pip', '--version'])
  .then(() => false as const)
  .catch(() => 'there is no python3 with pip on this machine');

export type PipResult = { readonly code: number; readonly output: string };

/** Runs real pip against one index only, without cache. @param args behind `pip` */
export async function pip(indexUrl: string, verb: string, ...args: readonly string[]): Promise<PipResult> {
  const flags = ['--isolated', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--index-url', indexUrl];
  try {
    const { stdout, stderr } = await run('python3', ['-m', 'pip', verb, ...flags, ...args], {
      env: plainEnvironment(),
      timeout: 180_000,
      maxBuffer: 64 * 2 ** 20,
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, output: stdout + stderr };
  }
}

/** `pip install --target` into an empty folder. */
export async function pipInstall(
  indexUrl: string,
  ...requirements: readonly string[]
): Promise<PipResult & { readonly target: string }> {
  const target = await mkdtemp(join(tmpdir(), 'wheelgate-target-'));
  return { ...(await pip(indexUrl, 'install', '--target', target, ...requirements)), target };
}
