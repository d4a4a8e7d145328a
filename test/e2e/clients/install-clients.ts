import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plainEnvironment } from '../start-gate.ts';

const run = promisify(execFile);
const WHEELS = ['clients', 'wheels'].map((folder) =>
  fileURLToPath(new URL(`../../../../shared/data/${folder}`, import.meta.url)),
);
const BUNDLED_PIP = `import ensurepip, pathlib
print(next(pathlib.Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")))`;

/**
 * PDM 2.29 wants httpx and hishel 1; beside hishel 2 and an unearth on httpx2, which a fresh install brings, it does not
 * start. The new names stand in for the old ones then.
 */
const START_PDM = `import sys
import hishel

if not hasattr(hishel, "SyncSqliteStorage"):
    import hishel.httpx2
    import httpx2._utils

    sys.modules |= {"httpx": httpx2, "httpx._utils": httpx2._utils, "hishel.httpx": hishel.httpx2}
    hishel.httpx = hishel.httpx2
    hishel.SyncSqliteStorage = hishel.SqliteStorage
    hishel.httpx2.SyncCacheTransport = hishel.httpx2.CacheTransport

from pdm.core import main

main()
`;

/** Where the clients are. `python` has all of them as modules but uv, which is a program. */
export type Clients = {
  readonly python: string;
  readonly uv: string;
  /** Another one, whose pip is the one that came with this Python. */
  readonly bundledPip: string;
  /** A script that starts PDM. */
  readonly pdm: string;
  /** `uv==0.13.9`: what is tested, to be printed. */
  readonly versions: readonly string[];
};

/** Why the real clients cannot be tested here, or false. Passed to `skip`. */
export const noClients: string | false = await (async () => {
  const missing = WHEELS.find((folder) => !existsSync(folder));
  if (missing !== undefined) return `the clients' wheels are not here: ${missing}`;
  if (process.platform !== 'linux' || process.arch !== 'x64') return "the clients' wheels are for Linux on x86_64";
  try {
    const { stdout } = await run('python3', [
      '-c',
      `import sys; print(sys.version_info[:2] == (3, 11))\n${BUNDLED_PIP}`,
    ]);
    return stdout.startsWith('True') ? false : "the clients' wheels are for Python 3.11, and python3 is another one";
  } catch {
    return 'there is no python3 with ensurepip on this machine';
  }
})();

/** Installs pip, uv, Poetry, PDM, Pipenv and pip-tools below `folder`, from files only. */
export async function installClients(folder: string): Promise<Clients> {
  const env = { ...plainEnvironment(), UV_NO_CONFIG: '1', UV_OFFLINE: '1', UV_CACHE_DIR: join(folder, 'uv-cache') };
  const uvWheel = join(WHEELS[0]!, readdirSync(WHEELS[0]!).find((name) => name.startsWith('uv-'))!);
  await run('python3', ['-m', 'zipfile', '-e', uvWheel, join(folder, 'uv')], { env });
  const data = readdirSync(join(folder, 'uv')).find((name) => name.endsWith('.data'))!;
  const uv = join(folder, 'uv', data, 'scripts', 'uv');
  chmodSync(uv, 0o755);

  async function venv(name: string, ...what: readonly string[]): Promise<string> {
    const python = join(folder, name, 'bin', 'python');
    await run(uv, ['venv', '--python', 'python3', join(folder, name)], { env });
    await run(uv, ['pip', 'install', '--compile-bytecode', '--no-index', '--python', python, ...what], { env });
    return python;
  }

  const bundledWheel = (await run('python3', ['-c', BUNDLED_PIP], { env })).stdout.trim();
  const links = WHEELS.flatMap((wheels) => ['--find-links', wheels]);
  const names = ['pip', 'poetry', 'pdm', 'pipenv', 'pip-tools', 'setuptools'];
  const [python, bundledPip] = await Promise.all([venv('venv', ...links, ...names), venv('bundled', bundledWheel)]);
  const pdm = join(folder, 'start-pdm.py');
  await writeFile(pdm, START_PDM);
  const listed = await Promise.all(
    [python, bundledPip].map((one) => run(uv, ['pip', 'list', '--format', 'freeze', '--python', one], { env })),
  );
  const versions = listed.flatMap(({ stdout }) => stdout.match(/^(?:pip|poetry|pdm|pipenv|pip-tools)==.*$/gm) ?? []);
  return { python, bundledPip, uv, pdm, versions: [uvWheel.replace(/^.*\/uv-([^-]+)-.*$/, 'uv==$1'), ...versions] };
}
