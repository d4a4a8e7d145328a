import { Language, Parser, type Tree } from 'web-tree-sitter';
import type { Module } from './ir.ts';
import type { Lowering } from './lower-expression.ts';
import { lowerBlock } from './lower-statement.ts';
import { type CursorFunctions, createTreeReader } from './tree.ts';

/** The two WebAssembly modules, as bytes: core reads no disk. */
export type ParserBinaries = {
  /** `web-tree-sitter/web-tree-sitter.wasm` */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python/tree-sitter-python.wasm` */
  readonly grammar: Uint8Array;
};

/** Longer files are cut at a line end and say so. */
const MAX_CHARACTERS = 8_000_000;
/**
 * The same for files that are too much work, in hundreds of the parser's steps. What a tree takes depends on tokens, not on
 * characters: one literal of 8 MB is nothing, 2 MB of brackets are 400 MB of tree. Honest code needs some 5 per 1,000 characters.
 */
const MAX_WORK = 25_000;

/** Names that are kept from file to file. */
const MAX_NAMES = 20_000;

/** Parses Python of any age into our IR. Never throws on source text: what it cannot read is marked in the module. */
export type PythonParser = { parse(text: string): Module };

/** Starts the WebAssembly parser; one per thread, reused for every file. */
export async function createPythonParser(binaries: ParserBinaries): Promise<PythonParser> {
  runtime ??= startRuntime(binaries.runtime);
  const cursor = await runtime;
  const language = await Language.load(binaries.grammar);
  const readTree = createTreeReader(language, cursor);
  const parser = new Parser();
  parser.setLanguage(language);
  const names = new Map<string, string>();
  return {
    parse(source) {
      const limits = new Set<string>();
      let text = source;
      if (text.length > MAX_CHARACTERS) {
        text = text.slice(0, text.lastIndexOf('\n', MAX_CHARACTERS) + 1 || MAX_CHARACTERS);
        limits.add('size');
      }
      let tree = parseWithin(parser, withoutLongRuns(text), (offset) => {
        text = text.slice(0, text.lastIndexOf('\n', offset) + 1 || offset);
        limits.add('size');
      });
      tree ??= parser.parse(withoutLongRuns(text));
      if (tree === null) return { body: [], text, broken: true, limits: ['parser'] };
      try {
        const { root, cut } = readTree(tree, text);
        if (cut) limits.add('nodes');
        if (names.size > MAX_NAMES) names.clear();
        const to: Lowering = { text, limits, names, depth: 0, links: 0 };
        const body = lowerBlock(root, to);
        return { body, text, broken: tree.rootNode.hasError, limits: [...limits] };
      } finally {
        tree.delete();
      }
    },
  };
}

/** Lines that hold nothing but a backslash, many of them: the grammar looks through all of them again at each one. */
const CARRIED_LINES = /\\\n(?:[ \t\f]*\\\n){50,}/g;

/** The same with comments; those with quotes or a backslash may belong to a text and stay. */
const COMMENT_LINES = /^(?:[ \t\f]*#[^\n"'\\]*\n){200,}/gm;

/** The same text for the parser, offset by offset: a run of such lines becomes one line, or lines of spaces. */
function withoutLongRuns(text: string): string {
  return text
    .replace(CARRIED_LINES, (run) => `\\\n${' '.repeat(run.length - 2)}`)
    .replace(COMMENT_LINES, (run) => run.replace(/[^\n]/g, ' '));
}

/** A tree, unless it would be too much work: then tells how far the parser came. */
function parseWithin(parser: Parser, text: string, onCut: (offset: number) => void): Tree | null {
  let work = 0;
  let reached = 0;
  const progressCallback = ({ currentOffset }: { readonly currentOffset: number }) => {
    // Bytes of UTF-16, whatever its documentation says.
    reached = currentOffset / 2;
    return ++work > MAX_WORK;
  };
  const tree = parser.parse(text, null, { progressCallback });
  if (tree === null) {
    parser.reset();
    onCut(reached);
  }
  return tree;
}

/** As far as we use it: TypeScript declares it with browsers only. */
declare const WebAssembly: {
  compile(binary: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

let runtime: Promise<CursorFunctions> | undefined;

/** Starts web-tree-sitter through a hook of Emscripten, which lets us call the functions of its module ourselves too. */
async function startRuntime(binary: Uint8Array): Promise<CursorFunctions> {
  const module = await WebAssembly.compile(binary);
  let functions: object = {};
  await Parser.init({
    instantiateWasm(imports: object, done: (instance: object, module: object) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      functions = instance.exports;
      done(instance, module);
      return functions;
    },
  });
  return functions as CursorFunctions;
}
