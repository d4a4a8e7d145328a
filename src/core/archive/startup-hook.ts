/** Files that Python runs at every start when they lie in site-packages (site module; `.start`: PEP 829). */
const HOOK = /^(?:[^/]+\.(?:pth|start)|(?:site|user)customize(?:\.[^/]+|\/__init__\.[^/]+))$/i;
const DATA_SCHEME = /^[^/]+\.data\/(?:purelib|platlib)\//;
const SITE_PACKAGES = /^[^/]+\.data\/data\/.*\/(?:site|dist)-packages\//s;

/** True for a member of a wheel that would be installed as a start-up hook. */
export function isStartupHook(path: string): boolean {
  return HOOK.test(path.replace(DATA_SCHEME, '').replace(SITE_PACKAGES, ''));
}

/** True for a file of an sdist (below its folder) that its build may install as a start-up hook. */
export function mayBecomeStartupHook(path: string): boolean {
  return HOOK.test(path.replace(/^(?:src|lib)\//, ''));
}
