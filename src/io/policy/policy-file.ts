import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';
import { type Policy, parsePolicy } from '../../core/policy/policy.ts';

/** A policy file that is read again when it changes. */
export type PolicyFile = {
  /** The last revision that could be read. */
  current(): Policy;
  /** Why the file as it is now is not in force, if so. */
  problem(): WheelgateError | undefined;
  /** Looks at the file. @returns what happened since the last look */
  reload(): Promise<'same' | 'loaded' | 'refused'>;
};

/**
 * Opens the policy at `path` (absent: the preset "balanced").
 * @param lastGoodPath where the text in force is kept, so that a file broken while the server was down does not stop it
 * @throws {WheelgateError} POLICY_INVALID when neither the file nor the last good text can be used
 */
export async function openPolicyFile(path: string | undefined, lastGoodPath: string): Promise<PolicyFile> {
  if (path === undefined) {
    const policy = parsePolicy('');
    return { current: () => policy, problem: () => undefined, reload: async () => 'same' };
  }
  let problem: WheelgateError | undefined;
  let seen = await stampOf(path);
  let policy = await load(path).catch(async (error: WheelgateError) => {
    problem = error;
    const lastGood = await readFile(lastGoodPath, 'utf8').catch(() => undefined);
    if (lastGood === undefined) throw error;
    return parsePolicy(lastGood, lastGoodPath);
  });
  if (!problem) await keep(path, lastGoodPath);

  return {
    current: () => policy,
    problem: () => problem,
    async reload() {
      const stamp = await stampOf(path);
      if (stamp === seen) return 'same';
      seen = stamp;
      try {
        policy = await load(path);
        problem = undefined;
        await keep(path, lastGoodPath);
        return 'loaded';
      } catch (error) {
        if (!(error instanceof WheelgateError)) throw error;
        problem = error;
        return 'refused';
      }
    },
  };
}

async function load(path: string): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new WheelgateError('POLICY_INVALID', `${path} cannot be read`, 'Check the path and its permissions.', error);
  });
  return parsePolicy(text, path);
}

/** Editors replace files or write in place: either changes one of these. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'gone';
}

async function keep(path: string, lastGoodPath: string): Promise<void> {
  const partial = `${lastGoodPath}.partial`;
  await writeFile(partial, await readFile(path), { mode: 0o600 });
  await rename(partial, lastGoodPath);
}
