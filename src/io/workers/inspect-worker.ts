import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { workerData } from 'piscina';
import { createPythonParser, type PythonParser } from '../../core/analysis/syntax/parser.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import type { Sha256 } from '../../core/sha256.ts';
import { inspectFile } from './inspect-file.ts';
import { inspectFolder } from './inspect-folder.ts';
import { rememberModules } from './remember-modules.ts';
import { compileYaraRules, type YaraScanner, type YaraSource } from './yara-scanner.ts';

export type InspectTask = {
  readonly path: string;
  readonly filename: string;
  /** A folder is read as a package tree that was never packed. */
  readonly isFolder?: boolean;
  /** Answer with the digests of the members too. */
  readonly listMembers?: boolean;
};

/** What a thread is started with. */
export type InspectThreadData = { readonly yara: readonly YaraSource[] };

/** An inspection and what the thread holds outside of its JavaScript heap afterwards. */
export type InspectAnswer = {
  readonly inspection: Inspection;
  readonly externalBytes: number;
  readonly members?: ReadonlyMap<string, Sha256>;
};

const require = createRequire(import.meta.url);
/** Characters of Python whose trees a thread keeps: a large package. */
const MAX_REMEMBERED = 4_000_000;
/** One per thread: starting the WebAssembly modules costs more than most files. */
let parser: Promise<PythonParser> | undefined;
let yara: Promise<YaraScanner> | undefined;

/** Runs in a worker thread: reads one distribution file or folder from disk and tells what is in it. */
export default async function inspect(task: InspectTask): Promise<InspectAnswer> {
  const { path, filename, isFolder, listMembers } = task;
  parser ??= startParser();
  const rules = (workerData as InspectThreadData | undefined)?.yara ?? [];
  if (rules.length > 0) yara ??= compileYaraRules(rules);
  const matcher = await yara;
  const members = new Map<string, Sha256>();
  const inspection = await (isFolder
    ? inspectFolder(await parser, path, matcher)
    : inspectFile(await parser, path, filename, matcher, (member) => {
        if (listMembers && member.sha256 !== undefined) members.set(member.path, member.sha256);
      }));
  // WebAssembly memory grows and never shrinks: the pool ends a thread that holds too much.
  return { inspection, externalBytes: process.memoryUsage().external, ...(listMembers && { members }) };
}

async function startParser(): Promise<PythonParser> {
  const load = (name: string) => readFile(require.resolve(name));
  const [runtime, grammar] = await Promise.all([
    load('web-tree-sitter/web-tree-sitter.wasm'),
    load('tree-sitter-python/tree-sitter-python.wasm'),
  ]);
  return rememberModules(await createPythonParser({ runtime, grammar }), MAX_REMEMBERED);
}
