import { posix, win32 } from 'node:path';
import { parseIni } from './ini.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The text of a file, or undefined when there is none. */
export type ReadFile = (path: string) => string | undefined;

/** A place that pip looks for packages in. */
export type PipIndex = {
  /** As pip was given it: a URL, which may carry credentials, or a path. */
  readonly location: string;
  readonly kind: 'index' | 'find-links';
  /** The setting and where it stands: `index-url in /etc/pip.conf`. */
  readonly why: string;
};

export type PipSettings = {
  /** In the order in which pip looks: index-url, extra-index-url, find-links. */
  readonly indexes: readonly PipIndex[];
  /** True when pip would ask PyPI besides: no index-url is set, and no-index neither. */
  readonly usesDefaultIndex: boolean;
  /** PEM file of the certificate authorities that pip trusts. */
  readonly caFile?: string;
  /** Proxy URL; may carry credentials. */
  readonly proxy?: string;
};

type Setting = { readonly value: string; readonly why: string };

/** Later ones win (pip, "Configuration": precedence of sections). */
const SECTIONS = ['global', 'install', ':env:'];

/**
 * What pip itself is configured with, on the same precedence: files from the machine to the user to the environment, then
 * `PIP_*` variables; within what results, `[global]`, then `[install]`, then variables. A setting replaces, never adds to,
 * the same setting of lower precedence.
 * @throws {WheelgateError} CONFIG_INVALID for a file that pip could not read either
 */
export function findPipIndexes(env: Environment, readFile: ReadFile, platform: NodeJS.Platform): PipSettings {
  const settings = readSettings(env, readFile, platform);
  const words = (key: string, kind: PipIndex['kind']): PipIndex[] => {
    const { value, why } = settings.get(key) ?? { value: '', why: '' };
    return value
      .split(/\s+/)
      .filter(Boolean)
      .map((location) => ({ location: expandHome(location, env), kind, why }));
  };
  const noIndex = /^(?:y|yes|t|true|on|1)$/i.test(settings.get('no-index')?.value ?? '');
  const ownIndex = settings.get('index-url') ?? settings.get('pypi-url');
  const indexUrl =
    ownIndex === undefined ? [] : [{ location: ownIndex.value, kind: 'index' as const, why: ownIndex.why }];
  const caFile = settings.get('cert')?.value;
  const proxy = settings.get('proxy')?.value;
  return {
    indexes: [
      ...(noIndex ? [] : [...indexUrl, ...words('extra-index-url', 'index')]),
      ...words('find-links', 'find-links'),
    ],
    usesDefaultIndex: !noIndex && ownIndex === undefined,
    ...(caFile !== undefined && { caFile: expandHome(caFile, env) }),
    ...(proxy !== undefined && { proxy }),
  };
}

/** The settings in force for `pip install`, by name without leading dashes. */
function readSettings(env: Environment, readFile: ReadFile, platform: NodeJS.Platform): ReadonlyMap<string, Setting> {
  const bySection = new Map<string, Map<string, Setting>>(SECTIONS.map((section) => [section, new Map()]));
  for (const path of configFiles(env, readFile, platform)) {
    const text = readFile(path);
    if (text === undefined) continue;
    for (const [section, entries] of parseIni(text, path)) {
      for (const [key, value] of entries)
        bySection.get(section)?.set(nameOf(key), { value, why: `${nameOf(key)} in ${path}` });
    }
  }
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('PIP_') || value === undefined) continue;
    bySection
      .get(':env:')!
      .set(nameOf(variable.slice('PIP_'.length)), { value, why: `${variable} in the environment` });
  }
  const inForce = new Map<string, Setting>();
  for (const section of SECTIONS) {
    // An empty value is none: it does not even take the place of another one.
    for (const [key, setting] of bySection.get(section)!) if (setting.value !== '') inForce.set(key, setting);
  }
  return inForce;
}

/** Every file that pip would read, lowest precedence first. */
function configFiles(env: Environment, readFile: ReadFile, platform: NodeJS.Platform): readonly string[] {
  const isWindows = platform === 'win32';
  const { join } = isWindows ? win32 : posix;
  const name = isWindows ? 'pip.ini' : 'pip.conf';
  const named = env.PIP_CONFIG_FILE;
  if (named === (isWindows ? 'nul' : '/dev/null')) return [];
  const home = homeOf(env);
  const prefix = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  const site = prefix === undefined ? [] : [join(prefix, name)];
  // A file that PIP_CONFIG_FILE names stands in for those of the user, if it is there.
  const replacesUser = named !== undefined && named !== '' && readFile(named) !== undefined;
  const user = replacesUser || home === undefined ? [] : userFiles(home, name, env, readFile, platform);
  return [
    ...machineFolders(env, platform).map((folder) => join(folder, name)),
    ...user,
    ...site,
    ...(named ? [named] : []),
  ];
}

function machineFolders(env: Environment, platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32') return [win32.join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'pip')];
  if (platform === 'darwin') return ['/Library/Application Support/pip'];
  const folders = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').filter(Boolean);
  return [...folders.map((folder) => posix.join(folder, 'pip')), '/etc'];
}

function userFiles(
  home: string,
  name: string,
  env: Environment,
  readFile: ReadFile,
  platform: NodeJS.Platform,
): readonly string[] {
  if (platform === 'win32') {
    const roaming = env.APPDATA ?? win32.join(home, 'AppData', 'Roaming');
    return [win32.join(home, 'pip', name), win32.join(roaming, 'pip', name)];
  }
  const legacy = posix.join(home, '.pip', name);
  const ofMac = posix.join(home, 'Library', 'Application Support', 'pip', name);
  if (platform === 'darwin') {
    return [legacy, readFile(ofMac) === undefined ? posix.join(home, '.config', 'pip', name) : ofMac];
  }
  return [legacy, posix.join(env.XDG_CONFIG_HOME || posix.join(home, '.config'), 'pip', name)];
}

/** `INDEX_URL`, `index_url` and `--index-url` are one. */
function nameOf(key: string): string {
  return key.toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}

function homeOf(env: Environment): string | undefined {
  return env.HOME ?? env.USERPROFILE;
}

function expandHome(location: string, env: Environment): string {
  const home = homeOf(env);
  return home !== undefined && /^~[/\\]/.test(location) ? home + location.slice(1) : location;
}
