/** Where PyPI is: the only place in the program that names it. Everything else takes an upstream from the configuration. */
export const PYPI = {
  indexUrl: 'https://pypi.org/simple/',
  /** Its pages link here. */
  fileHosts: ['files.pythonhosted.org'],
  /** Pages of projects for people. */
  projects: 'https://pypi.org/project',
  /** Shows the members of a file. */
  inspector: 'https://inspector.pypi.io/project',
  /** Takes reports of malware, at `<project>/observations`. */
  observations: 'https://pypi.org/danger-api/projects',
} as const;
