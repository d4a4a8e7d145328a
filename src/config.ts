import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import { z } from 'zod';
import { parseDurationMs } from './core/duration.ts';
import { WheelgateError } from './core/errors.ts';
import { ROLES } from './core/identity/identity.ts';
import { channelSchema, resolveSecrets } from './core/notify/channel-settings.ts';
import { parsedWith } from './core/parsed-with.ts';
import { JUSTIFICATION_NAMES } from './core/report/justification.ts';
import { parseSize } from './core/size.ts';

const duration = z.string().transform(parsedWith(parseDurationMs));
const size = z.string().transform(parsedWith(parseSize));
const upstream = z.strictObject({
  /** Root of a simple index (http, https, file), a folder of wheels and sdists, or a page of links. */
  url: z.string().min(1),
  /** The team's own index: reserved names may come from there, and its names are no lookalikes. */
  private: z.boolean().default(false),
  /** Hosts besides the index's own that its files may be on. */
  file_hosts: z.array(z.string()).default([]),
});
const index = z.strictObject({
  /** Urls of upstreams, in order; absent: all of them. */
  upstreams: z.array(z.string()).optional(),
  /** Path of a policy file; absent: the main one. */
  policy: z.string().optional(),
});

const day = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)), 'is no day, such as 2027-01-31');
const ignore = z
  .strictObject({
    /** Any id of the advisory; malware by the id of its own report only. */
    id: z.string().min(1),
    reason: z.string().min(1),
    expires: day.optional(),
    until_fixed: z.literal(true).optional(),
    /** Why it does not affect us, for VEX; absent: it does, and is accepted. */
    not_affected: z.enum(JUSTIFICATION_NAMES).optional(),
  })
  .refine(
    ({ expires, until_fixed }) => expires !== undefined || until_fixed === true,
    'give expires or until_fixed = true',
  );

/** Who signs tokens is asked over https; on this machine, for a try, http will do. */
const issuer = z.url().refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(?:127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname));
}, 'must be an https address');

const trustedPublisher = z.strictObject({
  /** As its sets name it. */
  name: z.string().min(1),
  /** Ed25519, Base64 of the SPKI or PEM. */
  key: z.string().min(1),
  /** The last day of the trust: renew it after a look at how they review. */
  expires: day,
  /** Where its set is, fetched with the feeds: an address or a path. */
  url: z.string().optional(),
});

const access = z.strictObject({
  /** What people may do who do not say who they are: read pages, files and verdicts, or nothing. */
  anonymous: z.enum(['read', 'none']).default('read'),
  /** CI whose OpenID tokens are taken. */
  ci: z
    .array(
      z.strictObject({
        provider: z.enum(['github', 'gitlab']),
        /** Absent: that of github.com or gitlab.com. */
        issuer: issuer.optional(),
        audience: z.string().min(1).default('wheelgate'),
        /** Claims that a token must have: the whole world has tokens of these issuers. */
        claims: z
          .record(z.string(), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]))
          .refine((claims) => Object.keys(claims).length > 0, 'name at least one claim, such as repository_owner'),
        roles: z.array(z.enum(ROLES)).default(['machine']),
        indexes: z.array(z.string()).min(1).optional(),
        /** Absent: the repository. */
        consumer: z.string().optional(),
      }),
    )
    .default([]),
  /** The OpenID provider that people log in with. */
  oidc: z
    .strictObject({
      issuer,
      client_id: z.string().min(1),
      client_secret: z.string().optional(),
      scopes: z.string().default('openid profile email'),
      /** The claim that becomes the name of the account. */
      name_claim: z.string().default('preferred_username'),
      /** The claim with the groups that `roles` is about. */
      groups_claim: z.string().default('groups'),
      /** Roles by group. With it the provider says at each login who has which role. */
      roles: z.record(z.string(), z.array(z.enum(ROLES))).default({}),
      /** What everybody may who can log in. */
      default_roles: z.array(z.enum(ROLES)).default(['requester']),
    })
    .optional(),
  /** How long a login lasts. */
  session: duration.prefault('12h'),
  /** Proxies whose `X-Forwarded-For` is believed: addresses and networks. */
  trusted_proxies: z.array(z.string()).default([]),
  /** Logins of one address within a minute. */
  logins_per_minute: z.int().min(1).default(10),
  /** Changes of one identity within a minute, over the API. */
  writes_per_minute: z.int().min(1).default(300),
});

/** What wheelgate.toml may hold; docs/configuration.md is checked against it. */
export const configSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(8080),
  data: z.string().default('./wheelgate-data'),
  policy: z.string().optional(),
  /** The address that users see, when it is not the one that they ask at (a proxy in front). */
  public_url: z.url({ protocol: /^https?$/ }).optional(),
  upstreams: z.array(upstream).default([]),
  indexes: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'index names are lower case letters, digits and dashes'), index)
    .default({}),
  feeds: z
    .strictObject({
      /** OSV bulk zips: `https://…/PyPI/all.zip`, or a file or folder. */
      urls: z.array(z.string()).default([]),
      /** FIRST's scores (CSV or CSV.gz) and CISA's catalogue (JSON): an address or a path. */
      epss: z.string().min(1).optional(),
      kev: z.string().min(1).optional(),
      interval: duration.prefault('1h'),
    })
    .prefault({}),
  access: access.prefault({}),
  /** Findings of `audit` that the team accepts for now. */
  ignore: z.array(ignore).default([]),
  /** Teams whose shared reviews count (docs/shared-reviews.md). */
  trust: z.array(trustedPublisher).default([]),
  /** Where notices go (docs/notifications.md). */
  notify: z.array(channelSchema).prefault([]),
  /** Where `report --send` sends to; absent: PyPI. */
  report_url: z.url({ protocol: /^https?$/ }).optional(),
  /** An API token of that index. */
  report_token: z.string().optional(),
  /** How long a project page is served before its upstream is asked again. */
  page_ttl: duration.prefault('5m'),
  analysis: z
    .strictObject({
      /** Files of the team's own YARA rules; `*` in the last part of a path stands for any characters. */
      yara: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      file: size.prefault('2GB'),
      download_time: duration.prefault('15m'),
      inspection_time: duration.prefault('60s'),
      inspection_memory: size.prefault('1GB'),
    })
    .prefault({}),
  log_level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Proxies by the scheme of the address, and hosts to reach without one, in the words of `NO_PROXY`. */
export type ProxySettings = { readonly http?: string; readonly https?: string; readonly none?: string };

export type Config = Omit<z.output<typeof configSchema>, 'policy'> & {
  readonly policy: string | undefined;
  /** The configuration file that was read, if any. */
  readonly source: string | undefined;
  /** The flag or variable that named the upstreams, when it was not the file. */
  readonly upstreamsFrom?: string;
  readonly proxy?: ProxySettings;
};
/** What flags of the command line set; they win over environment and file. */
export type ConfigFlags = Partial<
  Record<'host' | 'port' | 'data' | 'upstream' | 'policy' | 'config' | 'log_level', string>
>;

/** Environment variables and the key that each one sets. */
export const ENVIRONMENT = {
  WHEELGATE_HOST: 'host',
  WHEELGATE_PORT: 'port',
  WHEELGATE_DATA: 'data',
  WHEELGATE_POLICY: 'policy',
  WHEELGATE_PUBLIC_URL: 'public_url',
  WHEELGATE_LOG_LEVEL: 'log_level',
  WHEELGATE_REPORT_TOKEN: 'report_token',
} as const;

/** Names that routes use: an index of that name could not be reached. */
const TAKEN = new Set([
  'simple',
  'packages',
  'pypi',
  'integrity',
  'legacy',
  'api',
  'v1',
  'r',
  'login',
  'metrics',
  'healthz',
  'readyz',
  'default',
]);

/**
 * Reads the configuration: wheelgate.toml < environment < flags. The only place that looks at the environment,
 * with config-presence.ts.
 * @throws {WheelgateError} CONFIG_INVALID, naming file, line or variable
 */
export function readConfig(flags: ConfigFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const asked = flags.config ?? env.WHEELGATE_CONFIG;
  const path = asked ?? 'wheelgate.toml';
  const text = readOptional(path, asked !== undefined);
  const source = text === undefined ? undefined : resolve(path);
  const raw: Record<string, unknown> = text === undefined ? {} : parseFile(text, path);
  for (const [variable, key] of Object.entries(ENVIRONMENT)) {
    const value = env[variable];
    if (value !== undefined && value !== '') raw[key] = value;
  }
  const { config: _, upstream, ...plain } = flags;
  for (const [key, value] of Object.entries(plain)) if (value !== undefined) raw[key] = value;
  const upstreamUrl = upstream ?? (env.WHEELGATE_UPSTREAM || undefined);
  const upstreamsFrom = upstream === undefined ? 'WHEELGATE_UPSTREAM' : '--upstream';
  if (upstreamUrl !== undefined)
    raw.upstreams = upstreamUrl
      .split(/\s+/)
      .filter(Boolean)
      .map((url) => ({ url }));
  raw.notify = resolveSecrets(raw.notify, env);
  const clientSecret = env.WHEELGATE_OIDC_CLIENT_SECRET;
  if (clientSecret) raw.access = withClientSecret(raw.access, clientSecret);
  const proxy = readProxy(env);
  return {
    ...parseConfig(raw, source),
    ...(upstreamUrl !== undefined && { upstreamsFrom }),
    ...(proxy && { proxy }),
  };
}

/** Into a file that people read and keep in git a secret does not belong. What is no table stays, and is refused as such. */
function withClientSecret(access: unknown, client_secret: string): unknown {
  const { oidc } = (access ?? {}) as { oidc?: object };
  return typeof oidc === 'object' ? { ...(access as object), oidc: { ...oidc, client_secret } } : access;
}

/**
 * The gate that commands talk to when it is not the data folder of this machine.
 * @throws {WheelgateError} CONFIG_INVALID
 */
export function readRemoteGate(
  env: NodeJS.ProcessEnv = process.env,
): { readonly url: string; readonly token?: string; readonly proxy?: ProxySettings } | undefined {
  const raw = env.WHEELGATE_URL;
  if (raw === undefined || raw === '') return undefined;
  const url = URL.parse(raw);
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw invalid('WHEELGATE_URL: this is no address of a gate, such as https://gate.example.com', 'environment');
  if (url.username !== '' || url.password !== '')
    throw invalid('WHEELGATE_URL: a token does not belong here but into WHEELGATE_TOKEN', 'environment');
  const token = env.WHEELGATE_TOKEN;
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token))
    throw invalid('WHEELGATE_TOKEN: this is no token, it has blanks or other characters that none has', 'environment');
  const proxy = readProxy(env);
  return { url: url.href.replace(/\/+$/, ''), ...(token && { token }), ...(proxy && { proxy }) };
}

/** The token of the environment, for the gate at WHEELGATE_URL. */
export function readToken(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.WHEELGATE_TOKEN === '' ? undefined : env.WHEELGATE_TOKEN;
}

/** Where clients look for logins: the file that NETRC names, else that of the home folder. */
export function readNetrcPath(env: NodeJS.ProcessEnv = process.env): string {
  return env.NETRC || join(homedir(), process.platform === 'win32' ? '_netrc' : '.netrc');
}

/** The variables that every command-line client obeys; the lower-case spelling wins, as in curl. */
function readProxy(env: NodeJS.ProcessEnv): ProxySettings | undefined {
  const value = (name: string) => env[name] || env[name.toUpperCase()];
  const [http, https, none] = [value('http_proxy'), value('https_proxy'), value('no_proxy')];
  if (http === undefined && https === undefined) return undefined;
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    ...(none !== undefined && { none }),
  };
}

/**
 * Checks settings that were read, and fills in the defaults.
 * @param source where they stand, for messages
 * @throws {WheelgateError} CONFIG_INVALID
 */
export function parseConfig(raw: Record<string, unknown>, source?: string): Config {
  const config = configSchema.safeParse(raw);
  if (!config.success) {
    const [issue] = config.error.issues;
    const { path } = issue!;
    // Of a key that may not be, the reason stands one level deeper.
    const { message } = (issue!.code === 'invalid_key' && issue!.issues[0]) || issue!;
    throw invalid([path.join('.'), message].filter(Boolean).join(': '), source ?? 'environment or flags');
  }
  for (const name of Object.keys(config.data.indexes)) {
    if (TAKEN.has(name))
      throw invalid(`indexes.${name}: this name is a route of its own`, source ?? 'environment or flags');
  }
  const names = config.data.notify.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`notify: two channels are called ${twice}`, source ?? 'environment or flags');
  return { ...config.data, policy: config.data.policy, source };
}

/** The process that `npm start` put over us, which must not be outlived; undefined for a program that was started directly. */
export function npmParentPid(env: NodeJS.ProcessEnv = process.env): number | undefined {
  return env.npm_lifecycle_event === 'start' && env.WHEELGATE_PARENT_PID ? Number(env.WHEELGATE_PARENT_PID) : undefined;
}

/** What pip's own configuration may depend on, and nothing else of the environment. */
export function pipEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  const wanted =
    /^(PIP_|XDG_CONFIG|HOME$|VIRTUAL_ENV$|APPDATA$|PROGRAMDATA$|USERPROFILE$|UV_|POETRY_|PDM_|PIPENV_|NETRC$)/;
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined),
  );
}

function readOptional(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new WheelgateError('CONFIG_INVALID', `${path} cannot be read`, 'Check the path and its permissions.', error);
  }
}

function parseFile(text: string, path: string): Record<string, unknown> {
  try {
    return datesAsText(parseToml(text)) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw invalid(`line ${error.line}, column ${error.column}: ${error.message.split('\n')[0]}`, path);
  }
}

/** TOML has dates of its own; settings hold days as text. */
function datesAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(datesAsText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, datesAsText(inner)]));
}

function invalid(problem: string, source: string): WheelgateError {
  return new WheelgateError('CONFIG_INVALID', `${source}: ${problem}`, 'docs/configuration.md lists every setting.');
}
