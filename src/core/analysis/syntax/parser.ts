import { Language, Parser } from 'web-tree-sitter';
import type { Module } from './ir.ts';
import type { Lowering } from './lower-expression.ts';
import { lowerBlock } from './lower-statement.ts';
import { copyTree } from './tree.ts';

/** The two WebAssembly modules, as bytes: core reads no disk. */
export type ParserBinaries = {
  /** `web-tree-sitter/web-tree-sitter.wasm` */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python/tree-sitter-python.wasm` */
  readonly grammar: Uint8Array;
};

/** Longer files are cut at a line end and say so. */
const MAX_CHARACTERS = 8_000_000;

/** Parses Python of any age into our IR. Never throws on source text: what it cannot read is marked in the module. */
export type PythonParser = { parse(text: string): Module };

/** Starts the WebAssembly parser; one per thread, reused for every file. */
export async function createPythonParser(binaries: ParserBinaries): Promise<PythonParser> {
  await Parser.init({ wasmBinary: binaries.runtime } as Parameters<typeof Parser.init>[0]);
  const language = await Language.load(binaries.grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parse(source) {
      const limits = new Set<string>();
      let text = source;
      if (text.length > MAX_CHARACTERS) {
        text = text.slice(0, text.lastIndexOf('\n', MAX_CHARACTERS) + 1 || MAX_CHARACTERS);
        limits.add('size');
      }
      const tree = parser.parse(text);
      if (tree === null) return { body: [], text, broken: true, limits: ['parser'] };
      try {
        const { root, cut } = copyTree(tree, language, text);
        if (cut) limits.add('nodes');
        const to: Lowering = { text, limits, depth: 0 };
        const body = lowerBlock(root, to);
        return { body, text, broken: tree.rootNode.hasError, limits: [...limits] };
      } finally {
        tree.delete();
      }
    },
  };
}
