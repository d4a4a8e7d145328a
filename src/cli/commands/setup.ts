import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { WheelgateError } from '../../core/errors.ts';
import { CREDENTIALS, type Credentials, credentialsFor, credentialsOf } from '../client-credentials.ts';
import { CLIENT_SETTINGS, type ClientSetting, isThisMachine } from '../client-settings.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { ServeFlags } from '../program.ts';

type Flags = ServeFlags & {
  readonly url?: string;
  readonly index?: string;
  readonly credentials?: Credentials;
  readonly saveToken?: true;
  readonly tokenStdin?: true;
};

export function addSetup(root: Command, { program, terminal, run }: CommandContext): void {
  root
    .command('setup')
    .description('print what makes a client use the gate as its only index')
    .argument('<client>', CLIENT_SETTINGS.map(({ name }) => name).join(', '))
    .option('--url <url>', 'address of the index (default: of WHEELGATE_URL, else from the configuration)')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--config <file>', 'configuration file (default: wheelgate.toml, when it is there)')
    .addOption(
      new Option('--credentials <where>', 'the index takes a token: where the client finds it').choices(CREDENTIALS),
    )
    .option('--save-token', 'write the token of WHEELGATE_TOKEN into the netrc file, for its owner alone')
    .option('--token-stdin', 'the same with a token from standard input')
    .action((name: string, flags: Flags) =>
      run(async () => {
        const client = CLIENT_SETTINGS.find((one) => one.name === name);
        if (!client) {
          throw new WheelgateError(
            'USAGE',
            `there is no set-up for ${JSON.stringify(name)}`,
            `Choose one of ${CLIENT_SETTINGS.map((one) => one.name).join(', ')}.`,
          );
        }
        const isSaving = flags.saveToken === true || flags.tokenStdin === true;
        if (isSaving && flags.credentials !== 'netrc')
          throw new WheelgateError('USAGE', 'a token is saved in the netrc file only', 'Add --credentials netrc.');
        const url = indexUrlOf(flags.url ?? (await program.indexUrl(flags, flags.index)));
        const { file, content, steps } = settingOf(client, url, flags.credentials);
        if (isSaving) {
          const token = flags.tokenStdin ? (await text(process.stdin)).trim() : undefined;
          terminal.err(`# the token for ${url.hostname} is in ${await program.saveToken(url.hostname, token)}\n`);
        }
        // The text goes to stdout, so that it can be redirected into the file; the talk does not.
        terminal.err(`# ${file}\n`);
        terminal.out(content);
        for (const step of isSaving ? [] : steps) terminal.err(`# ${step.replace('<client>', name)}\n`);
        if (flags.credentials !== undefined && url.protocol === 'http:' && !isThisMachine(url))
          terminal.err('# Over plain http everybody on the way reads the token: put the gate behind https.\n');
        if (client.hint) terminal.err(`# ${client.hint}\n`);
        return EXIT.clean;
      }),
    );
}

/** What to print, and what is left to do. @throws {WheelgateError} USAGE when the client cannot find a token there */
function settingOf(
  client: ClientSetting,
  url: URL,
  credentials: Credentials | undefined,
): { readonly file: string; readonly content: string; readonly steps: readonly string[] } {
  if (credentials === undefined) return { file: client.file, content: client.text(url.href), steps: [] };
  const setting = credentialsOf(client.name, credentials);
  if (setting === undefined)
    throw new WheelgateError(
      'USAGE',
      `${client.name} finds no token by ${credentials}`,
      `Choose ${credentialsFor(client.name).join(' or ')}.`,
    );
  const steps = setting.steps(url);
  const instead = setting.instead?.(url);
  if (instead) return { file: instead.file, content: instead.text, steps };
  return { file: client.file, content: client.text(setting.url(url), setting.text), steps };
}

/** @throws {WheelgateError} USAGE for what is no address, or has a login in it, which would end in files and logs */
function indexUrlOf(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new WheelgateError('USAGE', '--url is no address', 'Write it like https://gate.example.com/simple/.');
  if (url.username !== '' || url.password !== '')
    throw new WheelgateError('USAGE', 'there is a login in --url', 'Leave it out, and use --credentials.');
  return url;
}
