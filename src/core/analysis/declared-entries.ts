import { parse } from 'smol-toml';

/** Something that a distribution has others call by name: a command it installs, or a plug-in (entry points specification). */
export type EntryPoint = { readonly module: string; readonly attribute: string };

/** What the files beside the code say of how it is started and built. */
export type DeclaredEntries = {
  readonly entryPoints: readonly EntryPoint[];
  /** Build back ends inside of the distribution (PEP 517 `backend-path`) and hooks of others, as paths without their ending. */
  readonly backends: readonly string[];
  /** True when they name modules to install, or folders of packages. */
  readonly namesModules: boolean;
};

const ENTRY_POINTS =
  /^[^/]+\.(?:dist-info|egg-info)\/entry_points\.txt$|^(?:[^/]+\/){0,3}[^/]+\.egg-info\/entry_points\.txt$/;
/** `module:object.attribute [extra]`, as in every place where an entry point is declared. */
const TARGET = /^\s*([\w.]{1,300})\s*(?::\s*([\w.]{1,300}))?\s*(?:\[[^\]]{0,200}\])?\s*$/;
const MAX_ENTRIES = 500;

/** True for the files that `declaredEntries` reads. */
export function declaresEntries(path: string): boolean {
  return ENTRY_POINTS.test(path) || /^(?:[^/]+\/)?(?:pyproject\.toml|setup\.cfg)$/.test(path);
}

/** Reads entry_points.txt, pyproject.toml and setup.cfg. A file that cannot be parsed declares nothing here. */
export function declaredEntries(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): DeclaredEntries {
  const entryPoints: EntryPoint[] = [];
  const backends: string[] = [];
  let namesModules = false;
  for (const { path, bytes } of files) {
    if (!declaresEntries(path) || bytes.length > 1_000_000) continue;
    const text = Buffer.from(bytes).toString('utf8');
    namesModules ||= /^\s*(?:py[-_]modules|package[-_]dir|packages)\s*=/m.test(text);
    if (path.endsWith('.toml')) readProject(text, entryPoints, backends);
    else entryPoints.push(...entriesOfLines(text, path.endsWith('.cfg')));
    if (path.endsWith('.cfg')) backends.push(...commandModules(text));
  }
  return { entryPoints: entryPoints.slice(0, MAX_ENTRIES), backends, namesModules };
}

/** One target of an entry point, undefined when it is none. */
export function parseEntryPoint(target: string): EntryPoint | undefined {
  const found = TARGET.exec(target.slice(0, 1000));
  return found === null ? undefined : { module: found[1]!, attribute: found[2] ?? '' };
}

/** `name = module:object` lines; in setup.cfg only those below `[options.entry_points]`. */
function entriesOfLines(text: string, isConfiguration: boolean): EntryPoint[] {
  let inside = !isConfiguration;
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('[')) inside = !isConfiguration || /^\[options\.entry_points\]/.test(line);
    const target = inside ? /^[^=#;[]{1,200}=([^=]{1,600})$/.exec(line)?.[1] : undefined;
    return target === undefined ? [] : (parseEntryPoint(target) ?? []);
  });
}

/** Modules of the command classes that setup.cfg names: `cmdclass =` below `[options]`, then `name = module.Class` lines. */
function commandModules(text: string): string[] {
  const options = /^\[options\][^\n]*\n([^[]*)/m.exec(text)?.[1] ?? '';
  const classes = /^cmdclass\s*=([^\n]*(?:\n[ \t]+[^\n]*)*)/m.exec(options)?.[1] ?? '';
  return Array.from(classes.matchAll(/=\s*([\w.]{1,300})\.\w{1,100}\s*$/gm), ([, module = '']) =>
    module.replaceAll('.', '/'),
  );
}

/** Files that hatchling, poetry-core and PDM run when they build. */
function hookFiles(tool: Table, backend: string): string[] {
  const build = tableOf(tableOf(tool.hatch).build);
  const custom = [build, tableOf(tableOf(tool.hatch).metadata), ...Object.values(tableOf(build.targets)).map(tableOf)]
    .map((part) => tableOf(part.hooks).custom)
    .filter((hook) => hook !== undefined)
    .map((hook) => tableOf(hook).path ?? 'hatch_build.py');
  const poetry = tableOf(tool.poetry).build;
  const pdm = tableOf(tableOf(tool.pdm).build)['custom-hook'] ?? 'pdm_build.py';
  const files = [...custom, typeof poetry === 'string' ? poetry : tableOf(poetry).script];
  if (/^pdm\b/.test(backend)) files.push(pdm);
  return files.flatMap((file) => (typeof file === 'string' ? [file.replace(/^\.\//, '').replace(/\.py$/, '')] : []));
}

type Table = Readonly<Record<string, unknown>>;

function readProject(text: string, entryPoints: EntryPoint[], backends: string[]): void {
  let document: Table;
  try {
    document = parse(text);
  } catch {
    // pip refuses to build it; the archive check says so.
    return;
  }
  const project = tableOf(document.project);
  const tables = [
    project.scripts,
    project['gui-scripts'],
    tableOf(tableOf(document.tool).poetry).scripts,
    ...Object.values(tableOf(project['entry-points'])),
  ];
  for (const target of tables.flatMap((table) => Object.values(tableOf(table)))) {
    const text = typeof target === 'string' ? target : tableOf(target).reference;
    const entry = typeof text === 'string' ? parseEntryPoint(text) : undefined;
    if (entry !== undefined) entryPoints.push(entry);
  }
  const build = tableOf(document['build-system']);
  const backend = typeof build['build-backend'] === 'string' ? parseEntryPoint(build['build-backend']) : undefined;
  backends.push(...hookFiles(tableOf(document.tool), backend?.module ?? ''));
  if (backend === undefined || !Array.isArray(build['backend-path'])) return;
  for (const folder of build['backend-path'].slice(0, 10))
    if (typeof folder === 'string') backends.push(placeBelow(folder, backend.module));
}

/** `./_build/` and `backend` make `_build/backend`. */
function placeBelow(folder: string, module: string): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  return [...parts, ...module.split('.')].join('/');
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
