/** Where PyPI is: the only place in the program that names it. Everything else takes an upstream from the configuration. */
export const PYPI = {
  indexUrl: 'https://pypi.org/simple/',
  /** Its pages link here. */
  fileHosts: ['files.pythonhosted.org'],
} as const;
