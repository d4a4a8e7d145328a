import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WHEELS = fileURLToPath(new URL('../../../shared/data/clients', import.meta.url));

/** The folder to put on the PATH for uv, or why there is none: it may be installed, or come as a wheel beside the repository. */
export async function findUv(): Promise<{ readonly path?: string; readonly skip: string | false }> {
  const isThere = await run('uv', ['--version']).then(
    () => true,
    () => false,
  );
  if (isThere) return { skip: false };
  const wheel = existsSync(WHEELS) ? readdirSync(WHEELS).find((name) => name.startsWith('uv-')) : undefined;
  if (wheel === undefined) return { skip: 'there is no uv on this machine' };
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-uv-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    await run('python3', ['-m', 'zipfile', '-e', join(WHEELS, wheel), folder]);
    const data = readdirSync(folder).find((name) => name.endsWith('.data'))!;
    const path = join(folder, data, 'scripts');
    chmodSync(join(path, 'uv'), 0o755);
    await run(join(path, 'uv'), ['--version']);
    return { path, skip: false };
  } catch {
    return { skip: 'the wheel of uv is not for this machine' };
  }
}
