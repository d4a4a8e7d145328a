import type { Command } from 'commander';
import { WheelgateError } from '../../core/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { ServeFlags } from '../program.ts';

type Client = {
  readonly name: string;
  readonly file: string;
  readonly text: (url: string) => string;
  readonly hint?: string;
};

const ONLY_INDEX = 'Remove every extra index and find-links: they go round the gate. `wheelgate doctor` finds them.';

/** How each client is told to use the gate as its only index. */
const CLIENTS: readonly Client[] = [
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

export function addSetup(root: Command, { program, terminal, run }: CommandContext): void {
  root
    .command('setup')
    .description('print what makes a client use the gate as its only index')
    .argument('<client>', CLIENTS.map(({ name }) => name).join(', '))
    .option('--url <url>', 'address of the index (default: from the configuration)')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--config <file>', 'configuration file (default: wheelgate.toml, when it is there)')
    .action((name: string, flags: ServeFlags & { url?: string; index?: string }) =>
      run(async () => {
        const client = CLIENTS.find((one) => one.name === name);
        if (!client) {
          throw new WheelgateError(
            'USAGE',
            `there is no set-up for ${JSON.stringify(name)}`,
            `Choose one of ${CLIENTS.map((one) => one.name).join(', ')}.`,
          );
        }
        const url = flags.url ?? (await program.indexUrl(flags, flags.index));
        // The text goes to stdout, so that it can be redirected into the file; the talk does not.
        terminal.err(`# ${client.file}\n`);
        terminal.out(client.text(url));
        if (client.hint) terminal.err(`# ${client.hint}\n`);
        return EXIT.clean;
      }),
    );
}

/** pip refuses plain http but from this machine. */
function trustedHost(url: string): string {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    ? `trusted-host = ${hostname}\n`
    : '';
}
