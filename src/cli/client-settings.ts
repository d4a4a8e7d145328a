/** How a client is told to use the gate as its only index. */
export type ClientSetting = {
  readonly name: string;
  readonly file: string;
  readonly text: (url: string) => string;
  readonly hint?: string;
};

const ONLY_INDEX = 'Remove every extra index and find-links: they go round the gate. `wheelgate doctor` finds them.';

/** Every client that `wheelgate setup` knows. */
export const CLIENT_SETTINGS: readonly ClientSetting[] = [
  {
    name: 'pip',
    file: 'pip.conf (`pip config debug` shows where; pip.ini on Windows)',
    text: (url) => `[global]\nindex-url = ${url}\nextra-index-url =\nfind-links =\n${trustedHost(url)}`,
    hint: ONLY_INDEX,
  },
  {
    name: 'uv',
    file: 'uv.toml, or [tool.uv] of pyproject.toml as [[tool.uv.index]]',
    text: (url) => `[[index]]\nname = "wheelgate"\nurl = "${url}"\ndefault = true\n`,
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
function trustedHost(url: string): string {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    ? `trusted-host = ${hostname}\n`
    : '';
}
