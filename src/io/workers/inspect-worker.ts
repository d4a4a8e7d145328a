import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createPythonParser, type PythonParser } from '../../core/analysis/syntax/parser.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import { inspectFile } from './inspect-file.ts';
import { inspectFolder } from './inspect-folder.ts';

export type InspectTask = {
  readonly path: string;
  readonly filename: string;
  /** A folder is read as a package tree that was never packed. */
  readonly isFolder?: boolean;
};

/** An inspection and what the thread holds outside of its JavaScript heap afterwards. */
export type InspectAnswer = { readonly inspection: Inspection; readonly externalBytes: number };

const require = createRequire(import.meta.url);
/** One per thread: starting the WebAssembly modules costs more than most files. */
let parser: Promise<PythonParser> | undefined;

/** Runs in a worker thread: reads one distribution file or folder from disk and tells what is in it. */
export default async function inspect({ path, filename, isFolder }: InspectTask): Promise<InspectAnswer> {
  parser ??= startParser();
  const inspection = await (isFolder ? inspectFolder(await parser, path) : inspectFile(await parser, path, filename));
  // WebAssembly memory grows and never shrinks: the pool ends a thread that holds too much.
  return { inspection, externalBytes: process.memoryUsage().external };
}

async function startParser(): Promise<PythonParser> {
  const load = (name: string) => readFile(require.resolve(name));
  const [runtime, grammar] = await Promise.all([
    load('web-tree-sitter/web-tree-sitter.wasm'),
    load('tree-sitter-python/tree-sitter-python.wasm'),
  ]);
  return createPythonParser({ runtime, grammar });
}
