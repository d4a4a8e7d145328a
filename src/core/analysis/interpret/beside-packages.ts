import type { PackageLayout } from '../package-layout.ts';
import { firstOf, plainText, unknown, type Value } from '../values/value.ts';
import type { Run } from './run.ts';

/** Arguments of `setup()` by which it installs more than packages, or packages from elsewhere. */
const INSTALLS_MODULES = ['py_modules', '**'];
const INSTALLS_FILES = ['scripts', 'data_files'];

export type BesidePackages = {
  /** Modules that lie beside the packages and are not installed: importing the project does not reach them. */
  readonly notInstalled: ReadonlySet<string>;
  /** Those of them that nobody but the authors starts, because they are no files of the project either. */
  readonly ofAuthors: ReadonlySet<string>;
};

/**
 * The modules of an sdist that `setup()` leaves out: it names packages, and they lie in none. Empty whenever that cannot be
 * told for certain: packages computed by other code, folders renamed, modules named in setup.cfg or pyproject.toml.
 */
export function besidePackages({ setups }: Run, { modules, namesModules }: PackageLayout): BesidePackages {
  const nothing = { notInstalled: new Set<string>(), ofAuthors: new Set<string>() };
  if (namesModules || setups.length === 0) return nothing;
  const packages = new Set(modules.filter(({ isPackage }) => isPackage).map(({ name }) => name));
  for (const { keywords } of setups) {
    const named = namedPackages(keywords.get('packages') ?? unknown());
    if (named === undefined || INSTALLS_MODULES.some((each) => keywords.has(each))) return nothing;
    const folders = firstOf(keywords.get('package_dir') ?? unknown());
    if (keywords.has('package_dir') && (folders.kind !== 'dict' || [...folders.entries.keys()].join() !== 't:'))
      return nothing;
    for (const name of named) packages.add(name);
  }
  const notInstalled = new Set(
    modules.filter(({ name, isPackage }) => !isPackage && !packages.has(parentOf(name))).map(({ name }) => name),
  );
  const installsFiles = setups.some(({ keywords }) => INSTALLS_FILES.some((each) => keywords.has(each)));
  return { notInstalled, ofAuthors: installsFiles ? new Set() : notInstalled };
}

/** The packages that are written down; none for `find_packages()`, which takes folders with `__init__.py`. */
function namedPackages(value: Value): readonly string[] | undefined {
  const packages = firstOf(value);
  if (packages.kind === 'external') return /\.find_packages\(\)$|\.find\(\)$/.test(packages.path) ? [] : undefined;
  if (packages.kind !== 'list' || packages.open) return undefined;
  const names = packages.items.map((item) => plainText(firstOf(item)));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
