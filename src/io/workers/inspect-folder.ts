import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createMemberCollector } from '../../core/analysis/collect-members.ts';
import { inspectBehaviour } from '../../core/analysis/inspect-behaviour.ts';
import type { PythonParser } from '../../core/analysis/syntax/parser.ts';
import { defaultArchiveLimits } from '../../core/archive/limits.ts';
import type { Finding } from '../../core/finding.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import type { YaraScanner } from './yara-scanner.ts';

/** Folders that belong to tools, not to the package. */
const SKIPPED = new Set(['.git', '.hg', '.svn', '.tox', '.nox', '.mypy_cache', '__pycache__', 'node_modules']);

/** Reads a source tree as if it were an unpacked sdist. Links are not followed: they may lead anywhere. */
export async function inspectFolder(parser: PythonParser, folder: string, yara?: YaraScanner): Promise<Inspection> {
  const started = performance.now();
  const members = createMemberCollector();
  const matches: Finding[] = [];
  for await (const path of filesBelow(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    const { size } = await stat(path);
    const isKept = members.wants(name, size);
    if (!isKept && yara === undefined) continue;
    const bytes = size > defaultArchiveLimits.maxVisitBytes ? undefined : await readFile(path);
    if (isKept) members.add(name, bytes);
    if (bytes !== undefined) matches.push(...(yara?.scan(name, bytes) ?? []));
  }
  const { findings, complete, result } = inspectBehaviour(parser, members.collected(), 'folder');
  return {
    findings: [...findings, ...matches],
    complete,
    startupHooks: [],
    nativeFiles: [],
    seconds: (performance.now() - started) / 1000,
    ...(result && { behaviour: result }),
  };
}

/** Sorted, so that the same tree gives the same result everywhere. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  // A virtual environment inside of the tree is other people's code.
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
