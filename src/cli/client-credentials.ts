/** Where a client finds its token. */
export const CREDENTIALS = ['netrc', 'keyring', 'environment'] as const;
export type Credentials = (typeof CREDENTIALS)[number];

/** How one client gets a token from one place. */
type CredentialSetting = {
  /** The index URL as the setting has it. */
  readonly url: (index: URL) => string;
  /** Lines of the setting itself. */
  readonly text?: string;
  /** Replaces the setting: where the file of the client cannot name a variable. */
  readonly instead?: (index: URL) => { readonly file: string; readonly text: string };
  /** What is left to do, one step a line. */
  readonly steps: (index: URL) => readonly string[];
};

const AS_IT_IS = (index: URL) => index.href;
const WITH_USER = (index: URL) => index.href.replace('://', '://__token__@');
// biome-ignore lint/suspicious/noTemplateCurlyInString: the client puts the variable in
const WITH_VARIABLE = (index: URL) => index.href.replace('://', '://__token__:${WHEELGATE_TOKEN}@');

const NETRC: CredentialSetting = {
  url: AS_IT_IS,
  steps: ({ hostname }) => [
    `~/.netrc, readable by its owner alone: machine ${hostname} login __token__ password <token>`,
    'WHEELGATE_TOKEN=… wheelgate setup <client> --credentials netrc --save-token writes that line.',
    'A user name in the index URL switches it off; it knows no ports, so one host has one login.',
  ],
};
const KEYRING: CredentialSetting = {
  url: WITH_USER,
  steps: ({ host }) => [`Once, with the \`keyring\` program on the PATH: keyring set ${host} __token__`],
};
const variables = (prefix: string): CredentialSetting => ({
  url: AS_IT_IS,
  steps: () => [`In the environment: ${prefix}_USERNAME=__token__ and ${prefix}_PASSWORD=<token>`],
});
const IN_URL: CredentialSetting = {
  url: WITH_VARIABLE,
  steps: () => ['In the environment: WHEELGATE_TOKEN=<token>. The file has only the name of the variable.'],
};

/** By client; what is missing does not work there. */
const SETTINGS: Readonly<Record<string, Partial<Readonly<Record<Credentials, CredentialSetting>>>>> = {
  pip: {
    netrc: NETRC,
    keyring: { ...KEYRING, text: 'keyring-provider = subprocess\n' },
    environment: {
      url: AS_IT_IS,
      instead: (index) => ({
        file: 'the environment of the job: pip.conf cannot name a variable',
        text: `export PIP_INDEX_URL="${WITH_VARIABLE(index)}"\n`,
      }),
      steps: () => ['WHEELGATE_TOKEN=<token> has to be set before that line. pip hides it in what it prints.'],
    },
  },
  uv: {
    netrc: NETRC,
    keyring: { ...KEYRING, text: 'keyring-provider = "subprocess"\n' },
    environment: variables('UV_INDEX_WHEELGATE'),
  },
  poetry: {
    keyring: {
      url: AS_IT_IS,
      steps: () => [
        'Once: poetry config http-basic.wheelgate __token__',
        'It asks for the token and keeps it in the keyring; without one it ends in a file (auth.toml): use environment then.',
      ],
    },
    environment: variables('POETRY_HTTP_BASIC_WHEELGATE'),
  },
  pdm: { netrc: NETRC, keyring: KEYRING, environment: IN_URL },
  pipenv: { netrc: NETRC, environment: IN_URL },
};

/** How `client` gets its token from there; undefined when it cannot. */
export function credentialsOf(client: string, credentials: Credentials): CredentialSetting | undefined {
  return SETTINGS[client]?.[credentials];
}

/** Where `client` can get a token from. */
export function credentialsFor(client: string): readonly Credentials[] {
  return CREDENTIALS.filter((one) => SETTINGS[client]?.[one] !== undefined);
}
