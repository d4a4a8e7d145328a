import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';
import { type Policy, parsePolicy } from '../../core/policy/policy.ts';

/** A policy file that is read again when it changes. */
export type PolicyFile = {
  /** The last revision that could be read. */
  current(): Policy;
  /** Why the file as it is now is not in force, if so. */
  problem(): WheelgateError | undefined;
  /**
   * Looks at the file, and reads it when it changed and was left alone since the last look: half a file that is just being
   * saved may be a valid policy, and a laxer one.
   * @returns what happened since the last look
   */
  reload(): Promise<'same' | 'loaded' | 'refused'>;
};

/**
 * Opens the policy at `path` (absent: the preset "balanced").
 * @param lastGoodPath where the text in force is kept, so that a file broken while the server was down does not stop it;
 *   absent: it is not kept
 * @throws {WheelgateError} POLICY_INVALID when neither the file nor the last good text can be used
 */
export async function openPolicyFile(path: string | undefined, lastGoodPath?: string): Promise<PolicyFile> {
  if (path === undefined) {
    const policy = parsePolicy('');
    return { current: () => policy, problem: () => undefined, reload: async () => 'same' };
  }
  let problem: WheelgateError | undefined;
  let seen = await stampOf(path);
  let lastSeen = seen;
  let policy = await load(path, lastGoodPath).catch(async (error: unknown) => {
    if (!(error instanceof WheelgateError) || lastGoodPath === undefined) throw error;
    problem = error;
    const lastGood = await readFile(lastGoodPath, 'utf8').catch(() => undefined);
    if (lastGood === undefined) throw error;
    return parsePolicy(lastGood, lastGoodPath);
  });

  return {
    current: () => policy,
    problem: () => problem,
    async reload() {
      const stamp = await stampOf(path);
      const isSettled = stamp === lastSeen;
      lastSeen = stamp;
      if (stamp === seen || !isSettled) return 'same';
      seen = stamp;
      try {
        policy = await load(path, lastGoodPath);
        problem = undefined;
        return 'loaded';
      } catch (error) {
        if (!(error instanceof WheelgateError)) throw error;
        problem = error;
        return 'refused';
      }
    },
  };
}

async function load(path: string, lastGoodPath: string | undefined): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new WheelgateError('POLICY_INVALID', `${path} cannot be read`, 'Check the path and its permissions.', error);
  });
  const policy = parsePolicy(text, path);
  // A disk that takes no copy is no reason to keep an older policy in force.
  if (lastGoodPath !== undefined) await keep(text, lastGoodPath).catch(() => undefined);
  return policy;
}

/** Editors replace files or write in place: either changes one of these. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'gone';
}

async function keep(text: string, lastGoodPath: string): Promise<void> {
  const partial = `${lastGoodPath}.partial`;
  await writeFile(partial, text, { mode: 0o600 });
  await rename(partial, lastGoodPath);
}
