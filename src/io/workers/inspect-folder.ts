import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createMemberCollector } from '../../core/analysis/collect-members.ts';
import { inspectBehaviour } from '../../core/analysis/inspect-behaviour.ts';
import { createOtherFiles } from '../../core/analysis/other-files/other-files.ts';
import type { PythonParser } from '../../core/analysis/syntax/parser.ts';
import { defaultArchiveLimits } from '../../core/archive/limits.ts';
import { NATIVE_HEAD_BYTES, nativeFormat } from '../../core/archive/native-code.ts';
import type { Finding } from '../../core/finding.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import type { YaraScanner } from './yara-scanner.ts';

/** Folders that belong to tools, not to the package. */
const SKIPPED = new Set(['.git', '.hg', '.svn', '.tox', '.nox', '.mypy_cache', '__pycache__', 'node_modules']);

/** The reader learns nothing from the hundredth. */
const MAX_UNREADABLE = 5;

/**
 * Reads a source tree as if it were an unpacked sdist. Links are not followed: they may lead anywhere. What cannot be read is a
 * finding that holds, and the rest is read all the same.
 */
export async function inspectFolder(parser: PythonParser, folder: string, yara?: YaraScanner): Promise<Inspection> {
  const started = performance.now();
  const members = createMemberCollector();
  const others = createOtherFiles('');
  const found: Finding[] = [];
  const nativeFiles: string[] = [];
  const unreadable: string[] = [];
  const nameOf = (path: string) => relative(folder, path).split(sep).join('/') || '.';

  async function readFileAt(path: string): Promise<void> {
    const name = nameOf(path);
    const { size } = await stat(path);
    const isKept = members.wants(name, size);
    const isNative = nativeFormat(await readHead(path)) !== undefined;
    if (isNative) nativeFiles.push(name);
    if (!isKept && !isNative && yara === undefined) return;
    const bytes = size > defaultArchiveLimits.maxVisitBytes ? undefined : await readFile(path);
    if (isKept) members.add(name, bytes);
    others.add(name, bytes, isNative);
    if (bytes !== undefined) found.push(...(yara?.scan(name, bytes) ?? []));
  }

  for await (const path of filesBelow(folder, (lost) => unreadable.push(nameOf(lost)))) {
    // Gone since it was listed, or not for us to read.
    await readFileAt(path).catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      unreadable.push(nameOf(path));
    });
  }
  const { findings, complete, result } = inspectBehaviour(parser, members.collected(), 'folder');
  return {
    findings: [...unreadable.slice(0, MAX_UNREADABLE).map(cannotBeRead), ...findings, ...found, ...others.findings()],
    complete: complete && unreadable.length === 0,
    startupHooks: [],
    nativeFiles,
    seconds: (performance.now() - started) / 1000,
    ...(result && { behaviour: result }),
  };
}

function cannotBeRead(file: string): Finding {
  const message = 'This file or folder cannot be read, so it cannot be judged.';
  return { rule: 'archive', code: 'error', effect: 'hold', message, file };
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(NATIVE_HEAD_BYTES), 0, NATIVE_HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Sorted, so that the same tree gives the same result everywhere. @param onLost is told of folders that cannot be listed */
async function* filesBelow(folder: string, onLost: (folder: string) => void, isNamed = true): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return onLost(folder);
  // A virtual environment inside of the tree is other people's code; one that was named itself is read.
  if (!isNamed && entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesBelow(path, onLost, false);
    else if (entry.isFile()) yield path;
  }
}
