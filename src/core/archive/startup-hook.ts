import type { Sha256 } from '../sha256.ts';

/** A member that Python executes, or takes paths from, at every start once it is installed. */
export type StartupHook = {
  readonly file: string;
  readonly sha256: Sha256;
  /** False for a `.pth` file that only adds paths. */
  readonly runsCode: boolean;
};

/** Files that Python runs at every start when they lie in site-packages (site module; `.start`: PEP 829). */
const HOOK = /^(?:[^/]+\.(?:pth|start)|(?:site|user)customize(?:\.[^/]+|\/__init__\.[^/]+))$/i;
const DATA_SCHEME = /^[^/]+\.data\/(?:purelib|platlib)\//;
const SITE_PACKAGES = /^[^/]+\.data\/data\/.*\/(?:site|dist)-packages\//s;
/** Lower down, where they only run when a `.pth` file adds their folder. */
const CUSTOMIZE = /\/(?:site|user)customize(?:\.[^/]+|\/__init__\.[^/]+)$/i;
/**
 * A line that begins with `import` and white space. What ends a line differs between Python versions and encodings: here
 * whatever is neither printable ASCII nor a space does.
 */
const IMPORT_LINE = /(?:^|[^\x20-\x7e])import[ \t]/;

/** True for a member of a wheel that would be installed as a start-up hook. */
export function isStartupHook(path: string): boolean {
  return HOOK.test(path.replace(DATA_SCHEME, '').replace(SITE_PACKAGES, ''));
}

/** True for a file of an sdist (below its folder) that its build may install as a start-up hook. */
export function mayBecomeStartupHook(path: string): boolean {
  return HOOK.test(path.replace(/^(?:src|lib)\//, ''));
}

/**
 * True when Python would execute something of this hook: all but a `.pth` file without a line that begins with `import`
 * (documentation of the site module).
 */
export function runsCode(path: string, bytes: Uint8Array): boolean {
  if (!path.toLowerCase().endsWith('.pth')) return true;
  return IMPORT_LINE.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
}

/** A `.pth` file that only adds paths runs code after all when a sitecustomize may lie at one of them. */
export function withNestedCustomize(hooks: readonly StartupHook[], paths: readonly string[]): readonly StartupHook[] {
  if (!paths.some((path) => CUSTOMIZE.test(path) && !isStartupHook(path))) return hooks;
  return hooks.map((hook) => ({ ...hook, runsCode: true }));
}
