import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainEnvironment, runWheelgate, type StartedGate, startGate } from '../start-gate.ts';
import { type Clients, installClients } from './install-clients.ts';
import { MALWARE_REPORT, POLICY, startScriptedUpstream, YOUNG_REASON } from './scripted-upstream.ts';

const SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json';
const COMMAND_TIMEOUT_MS = 120_000;
/** A running gate looks for new facts every second. */
const NOTICED_WITHIN_MS = 20_000;

export type Ran = {
  readonly code: number;
  /** Both streams; every run of white space is one space, for clients wrap their lines. */
  readonly output: string;
};

/** A folder of its own with a home, so that no test meets another's cache, and a venv without anything. */
export type Workspace = {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  remove(file: string): Promise<void>;
  /** Starts all over: an empty venv and an empty home. */
  reset(): Promise<void>;
  pip(...args: readonly string[]): Promise<Ran>;
  /** The pip that came with this Python. */
  bundledPip(...args: readonly string[]): Promise<Ran>;
  uv(...args: readonly string[]): Promise<Ran>;
  poetry(...args: readonly string[]): Promise<Ran>;
  pdm(...args: readonly string[]): Promise<Ran>;
  pipenv(...args: readonly string[]): Promise<Ran>;
  pipCompile(...args: readonly string[]): Promise<Ran>;
};

export type PageFile = {
  readonly filename: string;
  readonly url: string;
  readonly hashes: { readonly sha256: string };
};

/** The texts of one refusal. */
export type Refusal = {
  /** The reason phrase, for pip and its kin. */
  readonly phrase: string;
  /** Title and detail of the problem, as uv puts them. */
  readonly problem: string;
  /** The URL that PDM shows. */
  readonly url: string;
};

/** Real clients, one gate and the index behind it. */
export type ClientLab = {
  readonly clients: Clients;
  readonly gate: StartedGate;
  workspace(): Promise<Workspace>;
  /** What `wheelgate setup <client>` says to configure. */
  setup(client: string): Promise<string>;
  /** What is said about a young release. */
  held(release: string): Refusal;
  /** The files of a page; their URLs absolute. */
  page(project: string): Promise<readonly PageFile[]>;
  /** Records a fact as the person at the machine would, and waits until the gate acts on it. */
  decide(verb: 'approve' | 'revoke', release: string): Promise<void>;
  stop(): Promise<void>;
};

export async function startClientLab(): Promise<ClientLab> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-clients-'));
  const clients = await installClients(folder);
  const upstream = await startScriptedUpstream();
  const data = join(folder, 'data');
  await writeFile(join(folder, 'policy.toml'), POLICY);
  await mkdir(join(folder, 'osv'));
  await writeFile(join(folder, 'osv', `${MALWARE_REPORT.id}.json`), JSON.stringify(MALWARE_REPORT));
  const env = {
    WHEELGATE_DATA: data,
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
    WHEELGATE_POLICY: join(folder, 'policy.toml'),
  };
  const gate = await wheelgate('feeds', 'import', join(folder, 'osv'))
    .then(() => startGate({ upstream: upstream.simpleUrl, data, env }))
    .catch(async (error: unknown) => {
      // An open port would keep the test from ending.
      await upstream.stop();
      throw error;
    });
  const setups = new Map<string, Promise<string>>();
  let workspaces = 0;

  async function wheelgate(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await runWheelgate(args, env);
    assert.equal(code, 0, out + err);
    return out;
  }

  async function page(project: string): Promise<readonly PageFile[]> {
    const url = `${gate.indexUrl}${project}/`;
    const { files } = (await (await fetch(url, { headers: { accept: SIMPLE_JSON } })).json()) as { files: PageFile[] };
    return files.map((file) => ({ ...file, url: new URL(file.url, url).href }));
  }

  return {
    clients,
    gate,
    page,
    workspace: () => openWorkspace(join(folder, `workspace-${++workspaces}`), clients),
    setup(client) {
      const text = setups.get(client) ?? wheelgate('setup', client, '--url', gate.indexUrl);
      setups.set(client, text);
      return text;
    },
    held(release) {
      const link = `${gate.url}/r/${release.replace('==', '/')}`;
      return {
        phrase: `held by Wheelgate: ${YOUNG_REASON}; ${link}`,
        problem: `${release.replace('==', ' ')} is held by Wheelgate, U${YOUNG_REASON.slice(1)}. Details and how to approve: ${link}`,
        url: `${link}?refused=held-by-Wheelgate-${YOUNG_REASON.replace(/\W+/g, '-')}`,
      };
    },
    async decide(verb, release) {
      const [project = '', version = ''] = release.split('==');
      const file = (await page(project)).find(({ filename }) => filename.includes(`-${version}-`));
      assert.ok(file, `${release} is not listed`);
      await wheelgate(verb, release, '--reason', 'a test');
      const expected = verb === 'approve' ? 200 : 403;
      const giveUpAt = Date.now() + NOTICED_WITHIN_MS;
      while ((await fetch(file.url)).status !== expected) {
        assert.ok(Date.now() < giveUpAt, `the gate did not notice: ${verb} ${release}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async stop() {
      await gate.stop();
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openWorkspace(folder: string, { python, bundledPip, uv, pdm }: Clients): Promise<Workspace> {
  const home = join(folder, 'home');
  const env: Record<string, string> = {
    ...plainEnvironment(),
    HOME: home,
    COLUMNS: '1000',
    NO_COLOR: '1',
    PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring',
    PIP_CONFIG_FILE: join(folder, 'pip.conf'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_CONFIG_FILE: join(folder, 'uv.toml'),
    UV_PYTHON_DOWNLOADS: 'never',
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    PDM_CHECK_UPDATE: 'false',
    // Under hishel 1 no request of PDM times out.
    PDM_REQUEST_TIMEOUT: '100',
    PIPENV_VENV_IN_PROJECT: '1',
    PIPENV_IGNORE_VIRTUALENVS: '1',
    PIPENV_NOSPIN: '1',
    PIPENV_YES: '1',
  };
  for (const name of ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']) delete env[name];

  function run(program: string, args: readonly string[], cwd = folder): Promise<Ran> {
    return new Promise((resolve) => {
      execFile(
        program,
        args,
        { cwd, env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, output: `${stdout}${stderr}`.replace(/\s+/g, ' ') });
        },
      );
    });
  }

  async function reset(): Promise<void> {
    await Promise.all([
      rm(home, { recursive: true, force: true }),
      rm(join(folder, '.venv'), { recursive: true, force: true }),
    ]);
    await mkdir(home, { recursive: true });
    const { code, output } = await run(uv, ['venv', '--python', python, join(folder, '.venv')], home);
    assert.equal(code, 0, output);
  }

  await mkdir(folder);
  await Promise.all(['pip.conf', 'uv.toml'].map((file) => writeFile(join(folder, file), '')));
  await reset();
  return {
    folder,
    reset,
    write: (file, text) => writeFile(join(folder, file), text),
    read: (file) => readFile(join(folder, file), 'utf8'),
    remove: (file) => rm(join(folder, file), { recursive: true, force: true }),
    pip: (...args) => run(python, ['-m', 'pip', ...args]),
    bundledPip: (...args) => run(bundledPip, ['-m', 'pip', ...args]),
    uv: (...args) => run(uv, args),
    poetry: (...args) => run(python, ['-m', 'poetry', '--no-ansi', '--no-interaction', ...args]),
    pdm: (...args) => run(python, [pdm, ...args]),
    pipenv: (...args) => run(python, ['-m', 'pipenv', ...args]),
    pipCompile: (...args) => run(python, ['-m', 'piptools', 'compile', '--strip-extras', ...args]),
  };
}

/** The command did what it was asked to, and said so. */
export function passes({ code, output }: Ran, ...texts: readonly string[]): void {
  assert.equal(code, 0, output);
  for (const text of texts) assert.ok(output.includes(text), `${text}\nis not in\n${output}`);
}

/** The command failed with the status that its client gives and with every text on screen. */
export function fails({ code, output }: Ran, expectedCode: number, ...texts: readonly string[]): void {
  for (const text of texts) assert.ok(output.includes(text), `${text}\nis not in\n${output}`);
  assert.equal(code, expectedCode, output);
}
