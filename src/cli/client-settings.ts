/** How a client is told to use the gate as its only index. */
export type ClientSetting = {
  readonly name: string;
  readonly file: string;
  /** @param more lines of the same section */
  readonly text: (url: string, more?: string) => string;
  readonly hint?: string;
};

const ONLY_INDEX = 'Remove every extra index and find-links: they go round the gate. `wheelgate doctor` finds them.';

/** Every client that `wheelgate setup` knows. */
export const CLIENT_SETTINGS: readonly ClientSetting[] = [
  {
    name: 'pip',
    file: 'pip.conf (`pip config debug` shows where; pip.ini on Windows)',
    text: (url, more = '') =>
      `[global]\nindex-url = ${url}\nextra-index-url =\nfind-links =\n${more}${trustedHost(url)}`,
    hint: ONLY_INDEX,
  },
  {
    name: 'uv',
    file: 'uv.toml, or [tool.uv] of pyproject.toml as [[tool.uv.index]]',
    text: (url, more = '') => `${more}[[index]]\nname = "wheelgate"\nurl = "${url}"\ndefault = true\n`,
    hint: 'With `default = true` uv leaves PyPI out. An index in pyproject.toml wins over uv.toml: keep only one.',
  },
  {
    name: 'poetry',
    file: 'pyproject.toml',
    text: (url) => `[[tool.poetry.source]]\nname = "wheelgate"\nurl = "${url}"\npriority = "primary"\n`,
    hint: 'A primary source switches PyPI off. Run `poetry lock` once, so that the lock file names the gate.',
  },
  {
    name: 'pdm',
    file: 'pyproject.toml',
    text: (url) => `[[tool.pdm.source]]\nname = "pypi"\nurl = "${url}"\nverify_ssl = ${url.startsWith('https:')}\n`,
    hint: 'The name "pypi" replaces the built-in source.',
  },
  {
    name: 'pipenv',
    file: 'Pipfile',
    text: (url) => `[[source]]\nname = "wheelgate"\nurl = "${url}"\nverify_ssl = ${url.startsWith('https:')}\n`,
    hint: 'It must be the only [[source]]. Run `pipenv lock` once.',
  },
];

/** pip refuses plain http but from this machine. */
function trustedHost(text: string): string {
  const url = new URL(text);
  return url.protocol === 'http:' && !isThisMachine(url) ? `trusted-host = ${url.hostname}\n` : '';
}

export function isThisMachine({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
