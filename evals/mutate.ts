import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Rewrites Python source so that it looks different and does the same; mutate.py says how. */
export type Mutator = {
  /** Names of what the tree is rewritten by: other names, other spellings of strings, indirect calls. */
  readonly rewrites: readonly string[];
  /** Names of encodings of a whole file that decode and run themselves. */
  readonly wrappings: readonly string[];
  /**
   * The rewritten source; undefined where Python cannot parse it, as source of Python 2. `foreign` are words of the package's
   * other files, which may refer to names of this one.
   */
  mutate(source: string, mutation: string, foreign: readonly string[]): Promise<string | undefined>;
  close(): void;
};

/** Starts Python, isolated from its surroundings; undefined where there is none. */
export async function openMutator(): Promise<Mutator | undefined> {
  const script = join(import.meta.dirname, 'mutate.py');
  const child = spawn('python3', ['-I', '-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child, 'spawn');
  } catch {
    return undefined;
  }
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('mutate.py ended before its answer');
    return JSON.parse(value);
  };
  const { rewrites, wrappings } = (await next()) as Pick<Mutator, 'rewrites' | 'wrappings'>;
  return {
    rewrites,
    wrappings,
    async mutate(source, mutation, foreign) {
      child.stdin.write(`${JSON.stringify({ source, mutation, foreign })}\n`);
      return ((await next()) as { source?: string }).source;
    },
    close: () => child.stdin.end(),
  };
}
