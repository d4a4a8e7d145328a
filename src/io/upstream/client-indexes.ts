import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { hasCode } from '../../core/errors.ts';
import { withoutCredentials } from '../../core/without-credentials.ts';
import { type Environment, findPipIndexes, type ReadFile } from './pip-config.ts';
import { PYPI } from './pypi-address.ts';
import { readRequirementOptions } from './requirement-options.ts';

export type Client = 'pip' | 'uv' | 'poetry' | 'pdm' | 'pipenv';

/** An index that a client on this machine would use. */
export type ClientIndex = {
  readonly client: Client;
  /** Without credentials. */
  readonly location: string;
  /** The setting and where it stands, or that it is the client's own default. */
  readonly why: string;
};

export type ClientSurroundings = {
  readonly env: Environment;
  readonly readFile: ReadFile;
  /** Names in a folder; empty when there is none. */
  readonly listFolder: (path: string) => readonly string[];
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The folder of the project that somebody works in. */
  readonly cwd: string;
};

type Found = { readonly indexes: ClientIndex[]; readonly problems: string[] };
type Table = { readonly [key: string]: unknown };

/**
 * Every index that pip, uv, Poetry, PDM and Pipenv would use here, the gate included: whoever asks knows its address.
 * uv and pip are always counted with their default; the others only where the folder is one of their projects.
 * @returns also `problems`: files that could not be read, one line each
 */
export function findClientIndexes(around: ClientSurroundings): {
  readonly indexes: readonly ClientIndex[];
  readonly problems: readonly string[];
} {
  const found: Found = { indexes: [], problems: [] };
  const pyproject = readToml(join(around.cwd, 'pyproject.toml'), around, found);
  const tools = tableOf(pyproject?.tool);
  addPip(around, found);
  addRequirementFiles(around, found);
  addUv(around, found);
  addPoetry(tableOf(tools?.poetry), around, found);
  addPdm(tableOf(tools?.pdm), around, found);
  addPipenv(around, found);
  return found;
}

function add(found: Found, client: Client, location: unknown, why: string): void {
  if (typeof location !== 'string' || location === '') return;
  found.indexes.push({ client, location: withoutCredentials(location), why });
}

function addDefault(found: Found, client: Client): void {
  add(found, client, PYPI.indexUrl, `the default of ${client}`);
}

function addPip({ env, readFile, platform }: ClientSurroundings, found: Found): void {
  try {
    const { indexes, usesDefaultIndex } = findPipIndexes(env, readFile, platform);
    if (usesDefaultIndex) addDefault(found, 'pip');
    for (const { location, why } of indexes) add(found, 'pip', location, why);
  } catch (error) {
    if (!hasCode(error, 'CONFIG_INVALID')) throw error;
    found.problems.push(error.message);
  }
}

function addRequirementFiles({ cwd, listFolder, readFile }: ClientSurroundings, found: Found): void {
  const top = listFolder(cwd).filter((name) => /require|constraint/i.test(name));
  const below = listFolder(join(cwd, 'requirements')).map((name) => join('requirements', name));
  for (const name of [...top, ...below].filter((each) => /\.(?:txt|in)$/i.test(each))) {
    const text = readFile(join(cwd, name));
    if (text === undefined) continue;
    for (const { option, value, line } of readRequirementOptions(text)) {
      add(found, 'pip', value, `${option} in ${name}, line ${line}`);
    }
  }
}

/** uv: variables, then the nearest project file above the folder, then the user's and the machine's uv.toml. */
function addUv(around: ClientSurroundings, found: Found): void {
  const { env, home, platform } = around;
  const before = found.indexes.length;
  for (const variable of ['UV_DEFAULT_INDEX', 'UV_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS']) {
    for (const word of (env[variable] ?? '').split(/[\s,]+/)) {
      add(found, 'uv', word.replace(/^[\w.-]+=/, ''), `${variable} in the environment`);
    }
  }
  let hasDefault = Boolean(env.UV_DEFAULT_INDEX || env.UV_INDEX_URL);
  const roaming = env.APPDATA ?? join(home, 'AppData', 'Roaming');
  const userFolder = platform === 'win32' ? roaming : env.XDG_CONFIG_HOME || join(home, '.config');
  const machineFolder = platform === 'win32' ? (env.PROGRAMDATA ?? 'C:\\ProgramData') : '/etc';
  const files = env.UV_CONFIG_FILE
    ? [env.UV_CONFIG_FILE]
    : env.UV_NO_CONFIG
      ? []
      : [...projectFiles(around), join(userFolder, 'uv', 'uv.toml'), join(machineFolder, 'uv', 'uv.toml')];
  for (const path of files) {
    const file = readToml(path, around, found);
    const settings = path.endsWith('pyproject.toml') ? tableOf(tableOf(file?.tool)?.uv) : file;
    for (const table of [settings, tableOf(settings?.pip)]) {
      if (table === undefined) continue;
      for (const index of tablesOf(table.index)) add(found, 'uv', index.url, `index in ${path}`);
      add(found, 'uv', table['index-url'], `index-url in ${path}`);
      for (const key of ['extra-index-url', 'find-links']) {
        for (const location of listOf(table[key])) add(found, 'uv', location, `${key} in ${path}`);
      }
      hasDefault ||= typeof table['index-url'] === 'string' || table['no-index'] === true;
      hasDefault ||= tablesOf(table.index).some((index) => index.default === true);
    }
  }
  if (hasDefault || env.UV_NO_INDEX) return;
  // First, as its neighbours of the same client are additions to it.
  found.indexes.splice(before, 0, { client: 'uv', location: PYPI.indexUrl, why: 'the default of uv' });
}

/** uv.toml wins over pyproject.toml in one folder, and the nearest folder with either over those above it. */
function projectFiles({ cwd, readFile }: ClientSurroundings): readonly string[] {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const own = join(folder, 'uv.toml');
    if (readFile(own) !== undefined) return [own];
    const pyproject = join(folder, 'pyproject.toml');
    if (/^\s*\[+\s*tool\.uv\b/m.test(readFile(pyproject) ?? '')) return [pyproject];
    if (dirname(folder) === folder) return [];
  }
}

function addPoetry(poetry: Table | undefined, { cwd, readFile }: ClientSurroundings, found: Found): void {
  if (poetry === undefined && readFile(join(cwd, 'poetry.lock')) === undefined) return;
  const sources = tablesOf(poetry?.source);
  // A source of the first rank takes PyPI's place; supplemental and explicit ones stand beside it.
  const isPrimary = ({ priority }: Table) => priority === undefined || priority === 'primary' || priority === 'default';
  if (!sources.some(isPrimary)) addDefault(found, 'poetry');
  for (const source of sources) {
    const location = source.url ?? (isPypi(source) ? PYPI.indexUrl : undefined);
    add(found, 'poetry', location, `[[tool.poetry.source]] in ${join(cwd, 'pyproject.toml')}`);
  }
}

function addPdm(pdm: Table | undefined, around: ClientSurroundings, found: Found): void {
  const { cwd, env, home, platform, readFile } = around;
  const isProject =
    pdm !== undefined || ['pdm.lock', 'pdm.toml'].some((name) => readFile(join(cwd, name)) !== undefined);
  if (!isProject) return;
  const sources = tablesOf(pdm?.source);
  const userFolder =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
        : env.XDG_CONFIG_HOME || join(home, '.config');
  const files = [join(cwd, 'pdm.toml'), join(userFolder, 'pdm', 'config.toml')];
  const configured = files.flatMap((path) => {
    const url = tableOf(readToml(path, around, found)?.pypi)?.url;
    return typeof url === 'string' ? [{ url, why: `pypi.url in ${path}` }] : [];
  });
  const [first] = env.PDM_PYPI_URL ? [{ url: env.PDM_PYPI_URL, why: 'PDM_PYPI_URL in the environment' }] : configured;
  // A source called "pypi" takes its place.
  if (!sources.some(isPypi)) {
    if (first === undefined) addDefault(found, 'pdm');
    else add(found, 'pdm', first.url, first.why);
  }
  for (const { url } of sources) add(found, 'pdm', url, `[[tool.pdm.source]] in ${join(cwd, 'pyproject.toml')}`);
}

function addPipenv(around: ClientSurroundings, found: Found): void {
  const path = join(around.cwd, 'Pipfile');
  const pipfile = readToml(path, around, found);
  if (pipfile === undefined) return;
  const sources = tablesOf(pipfile.source);
  const { PIPENV_PYPI_MIRROR } = around.env;
  if (sources.length === 0 && !PIPENV_PYPI_MIRROR) addDefault(found, 'pipenv');
  add(found, 'pipenv', PIPENV_PYPI_MIRROR, 'PIPENV_PYPI_MIRROR in the environment');
  for (const { url } of sources) add(found, 'pipenv', url, `[[source]] in ${path}`);
}

function readToml(path: string, { readFile }: ClientSurroundings, { problems }: Found): Table | undefined {
  const text = readFile(path);
  if (text === undefined) return undefined;
  try {
    return parseToml(text);
  } catch (error) {
    problems.push(`${path} is no TOML: ${String((error as Error).message).split('\n')[0]}`);
    return undefined;
  }
}

function isPypi({ name }: Table): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'pypi';
}

function tableOf(value: unknown): Table | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function tablesOf(value: unknown): readonly Table[] {
  return listOf(value)
    .map(tableOf)
    .filter((each) => each !== undefined);
}
