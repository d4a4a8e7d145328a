import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WheelgateError } from '../../core/errors.ts';
import { compileYaraRules, type YaraSource } from './yara-scanner.ts';

/** Rules that were read and compile. `digest` changes with their text: part of what an inspection is stored under. */
export type YaraRules = { readonly sources: readonly YaraSource[]; readonly digest: string };

/**
 * Reads the files that `analysis.yara` names and compiles them once, so that a mistake is told at the start.
 * @param patterns paths below the working folder; `*` in the last part stands for any characters
 * @returns undefined when there are no patterns
 * @throws {WheelgateError} CONFIG_INVALID when a pattern finds nothing, or a rule does not compile
 */
export async function loadYaraRules(patterns: readonly string[]): Promise<YaraRules | undefined> {
  if (patterns.length === 0) return undefined;
  const paths = [...new Set(patterns.flatMap(findFiles))].sort();
  const sources = paths.map((path) => ({ path, text: readRules(path) }));
  await compileYaraRules(sources);
  const digest = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12);
  return { sources, digest };
}

function findFiles(pattern: string): readonly string[] {
  const name = basename(pattern);
  if (!name.includes('*')) return [pattern];
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const matching = new RegExp(`^${parts.join('.*')}$`);
  const found = listFolder(dirname(pattern)).filter((each) => matching.test(each));
  if (found.length === 0)
    throw new WheelgateError('CONFIG_INVALID', `analysis.yara: ${pattern} finds no file`, 'Check the path.');
  return found.map((each) => join(dirname(pattern), each));
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function readRules(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): WheelgateError {
  return new WheelgateError(
    'CONFIG_INVALID',
    `analysis.yara: ${path} cannot be read`,
    'Check the path and its permissions.',
    cause,
  );
}
