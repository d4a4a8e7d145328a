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

/**
 * True when Python would execute something of this hook. Of a `.pth` file it executes the lines that begin with `import`
 * and a space or tab; every other line is a path (documentation of the site module).
 */
export function runsCode(path: string, bytes: Uint8Array): boolean {
  if (!path.toLowerCase().endsWith('.pth')) return true;
  return /^import[ \t]/m.test(new TextDecoder('latin1').decode(bytes).replace(/^\u00ef\u00bb\u00bf/, ''));
}
