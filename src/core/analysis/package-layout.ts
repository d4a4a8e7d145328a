import { declaredEntries, type EntryPoint } from './declared-entries.ts';
import type { PackageModule } from './interpret/modules.ts';
import { isScript } from './other-files/script-lines.ts';
import type { PackageFile } from './package-file.ts';

export type PackageKind = 'wheel' | 'sdist' | 'folder';

/** The Python side of a distribution: its modules by import name, and what runs without being imported. */
export type PackageLayout = {
  readonly modules: readonly PackageModule[];
  /** `setup.py` of an sdist or folder. */
  readonly setup: PackageModule | undefined;
  /** Top-level packages and modules: what `import <name>` reaches first. */
  readonly roots: readonly string[];
  /** Tests, documentation and examples: analysed only when other code imports them. */
  readonly asides: ReadonlySet<string>;
  readonly startup: readonly PackageFile[];
  /** Shell, PowerShell, JavaScript and the like: followed where Python code starts them. */
  readonly scripts: readonly PackageFile[];
  /** All members that were kept, for code that reads them. */
  readonly files: readonly PackageFile[];
  /** Modules that are build back ends of the distribution itself. */
  readonly buildBackends: readonly string[];
  readonly entryPoints: readonly EntryPoint[];
  /** True when pyproject.toml or setup.cfg name modules to install, or folders of packages. */
  readonly namesModules: boolean;
};

const ASIDE = /^(?:tests?|docs?|examples?|benchmarks?|\.github)$/i;
/** What test runners take for tests, below the top. */
const TEST_MODULE = /\/(?:test_[^/]*|[^/]*_test|tests?)$/;
const ASIDE_FILE = /^(?:conftest|conf|noxfile|tasks|fabfile|versioneer)$/;
const STARTUP_MODULE = /^(?:sitecustomize|usercustomize)$/;

/** Sorts the files of a distribution as an installer would. */
export function layOut(files: readonly PackageFile[], kind: PackageKind): PackageLayout {
  const prefix = kind === 'wheel' ? '' : commonFolder(files);
  const inside = files.map((file) => ({ ...file, place: installedPlace(file.path.slice(prefix.length), kind) }));
  const python = inside.filter((file) => /\.pyw?$/i.test(file.path));
  const folders = new Set(
    python
      .filter((file) => /(?:^|\/)__init__\.py$/.test(file.place))
      .map((file) => file.place.replace(/\/?__init__\.py$/, '')),
  );
  const modules: PackageModule[] = [];
  const roots = new Set<string>();
  const asides = new Set<string>();
  let setup: PackageModule | undefined;
  for (const file of python) {
    const place = file.place.replace(/\.pyw?$/i, '');
    if (kind !== 'wheel' && place === 'setup') {
      setup = { name: 'setup', path: file.path, bytes: file.bytes, isPackage: false, alwaysRead: true };
      modules.push(setup);
      continue;
    }
    const base = sourceRoot(place, folders, kind);
    const isPackage = place.endsWith('/__init__') || place === '__init__';
    const dotted = place
      .slice(base.length)
      .replace(/\/?__init__$/, '')
      .replaceAll('/', '.');
    const name = dotted === '' ? '__init__' : dotted;
    modules.push({
      name,
      path: file.path,
      bytes: file.bytes,
      isPackage,
      alwaysRead: isPackage && file.bytes.length < 40_000,
    });
    // What a wheel holds at its top is installed, whatever its name.
    const around = place.split('/').slice(kind === 'wheel' ? 1 : 0, -1);
    const isTest = !isPackage && TEST_MODULE.test(place);
    if (isTest || around.some((part) => ASIDE.test(part)) || (kind !== 'wheel' && ASIDE_FILE.test(place)))
      asides.add(name);
    else if (isRoot(name, isPackage, folders, place, base)) roots.add(name);
  }
  // A package of that name only: then it is what the distribution is about.
  if (roots.size === 0) {
    for (const name of asides) if (!name.includes('.')) roots.add(name);
    asides.clear();
  }
  const startup = inside.filter(
    (file) => /^[^/]+\.(?:pth|start)$/.test(file.place) || STARTUP_MODULE.test(file.place.replace(/\.py$/, '')),
  );
  const { entryPoints, backends, namesModules } = declaredEntries(
    inside.map(({ path, bytes }) => ({ path: path.slice(prefix.length), bytes })),
  );
  const buildBackends = modules
    .filter(({ path }) => backends.includes(path.slice(prefix.length).replace(/(?:\/__init__)?\.py$/, '')))
    .map(({ name }) => name);
  return {
    modules,
    setup,
    roots: [...roots],
    asides,
    startup,
    scripts: files.filter(({ path }) => isScript(path)),
    files,
    buildBackends,
    entryPoints,
    namesModules,
  };
}

/** sdists hold everything in one folder, `<name>-<version>`; hand-made archives and folders may not. */
function commonFolder(files: readonly PackageFile[]): string {
  const prefix = `${files[0]?.path.split('/')[0]}/`;
  if (!files.every((file) => file.path.startsWith(prefix))) return '';
  const isProject = files.some((file) => file.path === `${prefix}setup.py` || file.path === `${prefix}pyproject.toml`);
  return isProject || !/^[A-Za-z_]\w*\/$/.test(prefix) ? prefix : '';
}

/** Where a wheel's member lands below site-packages: `<x>.data/purelib/` is stripped (PEP 427). */
function installedPlace(path: string, kind: PackageKind): string {
  return kind === 'wheel' ? path.replace(/^[^/]+\.data\/(?:purelib|platlib|scripts)\//, '') : path;
}

/** The folder that would be on `sys.path`: above the outermost package, `src/` included. */
function sourceRoot(place: string, folders: ReadonlySet<string>, kind: PackageKind): string {
  if (kind === 'wheel') return '';
  const parts = place.split('/').slice(0, -1);
  for (let depth = 0; depth < parts.length; depth++) {
    if (folders.has(parts.slice(0, depth + 1).join('/')))
      return depth === 0 ? '' : `${parts.slice(0, depth).join('/')}/`;
  }
  return parts[0] === 'src' || parts[0] === 'lib' ? `${parts[0]}/` : '';
}

function isRoot(name: string, isPackage: boolean, folders: ReadonlySet<string>, place: string, base: string): boolean {
  if (!name.includes('.')) return isPackage || name !== '__main__';
  // The shallowest package of a namespace (`google/cloud/x/__init__.py`) is what users import.
  if (!isPackage) return false;
  const parents = place.slice(base.length).split('/').slice(0, -2);
  return parents.every((_part, index) => !folders.has(base + parents.slice(0, index + 1).join('/')));
}
