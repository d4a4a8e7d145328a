import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Fact } from '../../src/core/analysis/fact.ts';
import { runPackage } from '../../src/core/analysis/interpret/package-run.ts';
import type { PackageFile } from '../../src/core/analysis/package-file.ts';
import { layOut, type PackageKind } from '../../src/core/analysis/package-layout.ts';
import type { Hit, Rule } from '../../src/core/analysis/rules/rule.ts';
import { createPythonParser, type PythonParser } from '../../src/core/analysis/syntax/parser.ts';
import { judgeUnits } from '../../src/core/analysis/units.ts';

/** The source of a `setup.py`, or files by their path in the distribution. */
export type Sources = string | Readonly<Record<string, string | Uint8Array>>;

const require = createRequire(import.meta.url);
let parser: Promise<PythonParser> | undefined;

/** The parser on the WebAssembly modules of node_modules, started once. */
export function pythonParser(): Promise<PythonParser> {
  parser ??= createPythonParser({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  });
  return parser;
}

/** The members of a distribution that was never packed. */
export function packageFiles(sources: Sources): PackageFile[] {
  const files = typeof sources === 'string' ? { 'setup.py': sources } : sources;
  return Object.entries(files).map(([path, content]) => ({
    path,
    bytes: typeof content === 'string' ? Buffer.from(content) : content,
  }));
}

/** What the interpreter sees in a distribution. */
export async function factsOf(sources: Sources, kind: PackageKind = 'sdist'): Promise<readonly Fact[]> {
  return runPackage(await pythonParser(), layOut(packageFiles(sources), kind)).facts;
}

/** What one rule sees in a distribution of the project `demo`. */
async function hitsOf(rule: Rule, sources: Sources): Promise<Hit[]> {
  const units = judgeUnits(await factsOf(sources), [rule], { ownLabels: new Set(['demo']) });
  return units.flatMap((unit) => unit.hits.get(rule.id) ?? []);
}

/** Tests a rule on samples of our own: each row says why it must, or must not, be seen. */
export function testRule(
  rule: Rule,
  samples: { readonly seen: Readonly<Record<string, Sources>>; readonly unseen: Readonly<Record<string, Sources>> },
): void {
  for (const [why, sources] of Object.entries(samples.seen)) {
    test(`${rule.id} sees ${why}`, async () => {
      const hits = await hitsOf(rule, sources);
      assert.notEqual(hits.length, 0);
      assert.ok(hits.every(({ place }) => place.line >= 1));
    });
  }
  for (const [why, sources] of Object.entries(samples.unseen)) {
    test(`${rule.id} lets ${why} pass`, async () => assert.deepEqual(await hitsOf(rule, sources), []));
  }
}
