import { z } from 'zod';
import { parseDurationMs } from '../duration.ts';
import { WheelgateError } from '../errors.ts';
import { parsedWith } from '../parsed-with.ts';
import type { Channel } from './channel.ts';
import { SEVERITIES } from './notice.ts';

const common = {
  /** Unique: what was told to a channel is remembered under it. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not a name: lower-case letters, digits and dashes'),
  events: z.array(z.string()).default([]),
  min_severity: z.enum(SEVERITIES).default('warning'),
  indexes: z.array(z.string()).default([]),
  rules: z.array(z.string()).default([]),
  digest: z.string().default('5m').transform(parsedWith(parseDurationMs)),
};
const webUrl = z.url({ protocol: /^https?$/ });

/** One `[[notify]]` of wheelgate.toml; docs/configuration.md is checked against the keys. */
const channelSettings = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('webhook'), url: webUrl, secret: z.string().min(16) }),
  z.strictObject({ ...common, kind: z.enum(['slack', 'teams', 'mattermost']), url: webUrl }),
  z.strictObject({
    ...common,
    kind: z.literal('mail'),
    smtp: z.url({ protocol: /^smtps?$/ }),
    from: z.email(),
    to: z.array(z.email()).min(1),
  }),
]);

/** The settings as a channel. */
export const channelSchema = channelSettings.transform((settings): Channel => {
  const { name, events, min_severity, indexes, rules, digest, ...target } = settings;
  return { name, events, min_severity, indexes, rules, digest, target };
});

/**
 * Replaces `env:NAME` in the addresses and secrets of channels by the variable, so that a configuration file in git holds none.
 * @throws {WheelgateError} CONFIG_INVALID when it is not set
 */
export function resolveSecrets(channels: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  if (!Array.isArray(channels)) return channels;
  return channels.map((channel: unknown) =>
    typeof channel === 'object' && channel !== null
      ? Object.fromEntries(Object.entries(channel).map(([key, value]) => [key, resolveSecret(key, value, env)]))
      : channel,
  );
}

const SECRETS = ['url', 'secret', 'smtp'];

function resolveSecret(key: string, value: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  if (!SECRETS.includes(key) || typeof value !== 'string' || !value.startsWith('env:')) return value;
  const name = value.slice(4);
  if (env[name]) return env[name];
  throw new WheelgateError(
    'CONFIG_INVALID',
    `notify: ${key} names the variable ${name}, which is not set`,
    'Set it where the gate is started, or write the value itself.',
  );
}
