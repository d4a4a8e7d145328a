import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Finding every first inspection may take a while; a resolver that hangs must not. */
export const RESOLVE_WITHIN_MS = 15 * 60_000;

/** Writes the inputs of a resolver into a folder of their own, and removes it when `use` ends. */
export async function withResolverFolder<T>(
  files: Readonly<Record<string, readonly string[]>>,
  use: (pathOf: (name: string) => string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-lock-'));
  try {
    for (const [name, lines] of Object.entries(files)) {
      await writeFile(join(folder, name), lines.map((line) => `${line}\n`).join(''));
    }
    return await use((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a resolver printed names the index with its token. */
export function withoutTokens(output: string): string {
  return output.replace(/\/\/[^/@\s]*@/g, '//');
}

/** True for an index on another machine. */
export function isElsewhere(indexUrl: string): boolean {
  return !['localhost', '127.0.0.1', '[::1]'].includes(new URL(indexUrl).hostname);
}
