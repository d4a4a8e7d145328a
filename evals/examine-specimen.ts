import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { examine } from '../src/core/analysis/analyse.ts';
import { type CollectedMembers, createMemberCollector } from '../src/core/analysis/collect-members.ts';
import type { PackageKind } from '../src/core/analysis/package-layout.ts';
import { createPythonParser, type PythonParser } from '../src/core/analysis/syntax/parser.ts';
import { bytesSource } from '../src/core/archive/byte-source.ts';
import { inspectDistribution } from '../src/core/archive/distribution.ts';
import { defaultArchiveLimits } from '../src/core/archive/limits.ts';
import type { Specimen } from './corpus.ts';

/** The parser on the WebAssembly modules of node_modules. */
export async function openParser(): Promise<PythonParser> {
  const require = createRequire(import.meta.url);
  return createPythonParser({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  });
}

export function kindOf({ filename }: Pick<Specimen, 'filename'>): Exclude<PackageKind, 'folder'> {
  return filename.endsWith('.whl') ? 'wheel' : 'sdist';
}

/** What the analysis is given of a specimen, read as `wheelgate scan` reads it. */
export async function unpack({ filename, bytes }: Pick<Specimen, 'filename' | 'bytes'>): Promise<CollectedMembers> {
  const members = createMemberCollector();
  await inspectDistribution(bytesSource(bytes), filename, defaultArchiveLimits, (member, content) =>
    members.add(member.path, content),
  );
  return members.collected();
}

export function examineMembers(
  parser: PythonParser,
  { files, metadata }: CollectedMembers,
  kind: PackageKind,
): ReturnType<typeof examine> {
  return examine(parser, files, { kind, ...(metadata !== undefined && { metadata }) });
}
