import { existsSync } from 'node:fs';

/** What `audit` takes from the configuration when nobody configured anything. */
export const UNCONFIGURED = { data: './wheelgate-data', ignore: [] } as const;

/** bin/wheelgate.js notes its parent in a variable too. */
const SETTING = /^WHEELGATE_(?!PARENT_PID$)/;

/**
 * Whether a file or a variable configures Wheelgate at all. Reading the configuration loads its schema library, which
 * takes as long as a whole audit: a command that needs little of it asks here first.
 */
export function isConfigured(flags: object, env: NodeJS.ProcessEnv = process.env): boolean {
  const settings = ['config', 'data', 'policy', 'upstream'];
  return (
    existsSync('wheelgate.toml') ||
    settings.some((flag) => flag in flags) ||
    Object.entries(env).some(([name, value]) => SETTING.test(name) && value !== '')
  );
}

/** A variable that a requirements file names; pip reads the same environment. */
export function requirementVariable(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[name];
}
