import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';
import { type DenyList, parseDenyList } from '../../core/policy/deny-list.ts';
import { denyListPath, type Policy, parsePolicy } from '../../core/policy/policy.ts';

/** A policy file, and the deny list that it names, that are read again when they change. */
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
  const stampNow = createStamp(path);
  let seen = await stampNow();
  let lastSeen = seen;
  let policy = await load(path, lastGoodPath).catch(async (error: unknown) => {
    if (!(error instanceof WheelgateError) || lastGoodPath === undefined) throw error;
    problem = error;
    return (await loadLastGood(lastGoodPath)) ?? Promise.reject(error);
  });

  return {
    current: () => policy,
    problem: () => problem,
    async reload() {
      const stamp = await stampNow();
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

/**
 * Reads a policy file with the deny list that it names.
 * @throws {WheelgateError} POLICY_INVALID, also for a file that cannot be read
 */
export async function readPolicyFile(
  path: string,
): Promise<{ readonly policy: Policy; readonly text: string; readonly denyText?: string }> {
  const text = await readText(path, 'Check the path and its permissions.');
  const beside = denyListPath(text, path);
  if (beside === undefined) return { policy: parsePolicy(text, path), text };
  const listPath = resolve(dirname(path), beside);
  const denyText = await readText(listPath, `Check deny_list in ${path}, and the permissions of the file.`);
  return { policy: parsePolicy(text, path, parseDenyList(denyText, listPath)), text, denyText };
}

async function readText(path: string, help: string): Promise<string> {
  return readFile(path, 'utf8').catch((error) => {
    throw new WheelgateError('POLICY_INVALID', `${path} cannot be read`, help, error);
  });
}

async function load(path: string, lastGoodPath: string | undefined): Promise<Policy> {
  const { policy, text, denyText } = await readPolicyFile(path);
  // A disk that takes no copy is no reason to keep an older policy in force.
  if (lastGoodPath !== undefined) await keep(text, denyText, lastGoodPath).catch(() => undefined);
  return policy;
}

/** @returns undefined when there is none */
async function loadLastGood(path: string): Promise<Policy | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const listPath = listBeside(path);
  const denyText = await readFile(listPath, 'utf8').catch(() => undefined);
  const denyList: DenyList | undefined = denyText === undefined ? undefined : parseDenyList(denyText, listPath);
  return parsePolicy(text, path, denyListPath(text, path) === undefined ? undefined : denyList);
}

/** What changes with the policy file or its deny list; the policy is read only when it changed, to learn where the list is. */
function createStamp(path: string): () => Promise<string> {
  let seen = '';
  let listPath: string | undefined;
  return async () => {
    const own = await stampOf(path);
    if (own !== seen) {
      listPath = await listPathOf(path);
      seen = own;
    }
    return listPath === undefined ? own : `${own} ${await stampOf(listPath)}`;
  };
}

async function listPathOf(path: string): Promise<string | undefined> {
  try {
    const beside = denyListPath(await readFile(path, 'utf8'), path);
    return beside === undefined ? undefined : resolve(dirname(path), beside);
  } catch {
    // Reading it says what is wrong.
    return undefined;
  }
}

/** Editors replace files or write in place: either changes one of these. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'gone';
}

/** The list first: a policy is never kept beside the list of another one without it. */
async function keep(text: string, denyText: string | undefined, lastGoodPath: string): Promise<void> {
  if (denyText === undefined) await rm(listBeside(lastGoodPath), { force: true });
  else await replace(denyText, listBeside(lastGoodPath));
  await replace(text, lastGoodPath);
}

function listBeside(lastGoodPath: string): string {
  return `${lastGoodPath}.deny-list`;
}

async function replace(text: string, path: string): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, text, { mode: 0o600 });
  await rename(partial, path);
}
