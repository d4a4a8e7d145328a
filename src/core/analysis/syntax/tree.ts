import type { Language, Tree } from 'web-tree-sitter';

/** One grammar node, copied out of the parser's memory. Anonymous tokens are kept only where they carry meaning. */
export type SyntaxNode = {
  readonly type: string;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: SyntaxNode[];
};

/**
 * Functions of the parser's WebAssembly module. They work on one cursor in its memory, which stays there between calls:
 * `TreeCursor` of web-tree-sitter copies it out and back around each of them, which costs more than the walk itself.
 */
export type CursorFunctions = Readonly<
  Record<
    | 'ts_tree_root_node_wasm'
    | 'ts_tree_cursor_new_wasm'
    | 'ts_tree_cursor_delete_wasm'
    | 'ts_tree_cursor_goto_first_child_wasm'
    | 'ts_tree_cursor_goto_next_sibling_wasm'
    | 'ts_tree_cursor_goto_parent_wasm'
    | 'ts_tree_cursor_current_node_type_id_wasm'
    | 'ts_tree_cursor_current_field_id_wasm'
    | 'ts_tree_cursor_start_index_wasm'
    | 'ts_tree_cursor_end_index_wasm',
    (tree: number) => number
  >
>;

/** Beyond these a file is cut: no honest module comes near, and memory stays bounded. */
const MAX_NODES = 600_000;
const NO_CHILDREN: SyntaxNode[] = [];

/** What the grammar's node types and fields are, by their numbers. */
type Grammar = {
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  readonly keeps: readonly Keeps[];
};
type Keeps = 'always' | 'never' | 'as operator' | 'in slice';

export type TreeReader = (tree: Tree, text: string) => { readonly root: SyntaxNode; readonly cut: boolean };

/**
 * Copies trees, each in one walk. Strings without interpolation, comments and plain annotations stay leaves: reading their
 * parts would cost more than the whole rest.
 */
export function createTreeReader(language: Language, cursor: CursorFunctions): TreeReader {
  const { types, fields } = language;
  const grammar: Grammar = {
    types,
    fields,
    keeps: types.map((type, id) => keeps(type, language.nodeTypeIsNamed(id))),
  };
  // Emscripten's handle of a tree is its address.
  return (tree, text) => copyTree((tree as unknown as { readonly 0: number })[0], text, grammar, cursor);
}

const OPERATORS = new Set([
  ...'+ - * / // % ** @ & | ^ ~ << >> and or < <= > >= == != <> in is += -= *= /= //= %= **= @= &= |= ^= <<= >>='.split(
    ' ',
  ),
  'is not',
  'not in',
]);
const LEAVES = new Set(['identifier', 'integer', 'float', 'true', 'false', 'none', 'string_content']);

function copyTree(tree: number, text: string, grammar: Grammar, cursor: CursorFunctions) {
  const toFirstChild = cursor.ts_tree_cursor_goto_first_child_wasm;
  const toNextSibling = cursor.ts_tree_cursor_goto_next_sibling_wasm;
  const toParent = cursor.ts_tree_cursor_goto_parent_wasm;
  const typeIdOf = cursor.ts_tree_cursor_current_node_type_id_wasm;

  const take = (typeId: number): SyntaxNode => {
    const type = grammar.types[typeId] ?? 'ERROR';
    return {
      type,
      field: grammar.fields[cursor.ts_tree_cursor_current_field_id_wasm(tree)] ?? undefined,
      start: cursor.ts_tree_cursor_start_index_wasm(tree),
      end: cursor.ts_tree_cursor_end_index_wasm(tree),
      children: LEAVES.has(type) ? NO_CHILDREN : [],
    };
  };

  const isKept = (typeId: number, { type }: SyntaxNode): boolean => {
    // Errors have no type of their own.
    const kept = grammar.keeps[typeId] ?? 'always';
    if (kept === 'always' || kept === 'never') return kept === 'always';
    return kept === 'in slice' ? type === 'slice' : OPERATIONS.has(type);
  };

  cursor.ts_tree_root_node_wasm(tree);
  cursor.ts_tree_cursor_new_wasm(tree);
  const root = take(typeIdOf(tree));
  const parents: SyntaxNode[] = [];
  let parent = root;
  let nodes = 1;
  let cut = false;
  let goesDown = toFirstChild(tree) !== 0;
  if (goesDown) parents.push(root);
  while (goesDown) {
    const typeId = typeIdOf(tree);
    if (++nodes > MAX_NODES) cut = true;
    if (isKept(typeId, parent)) {
      const node = take(typeId);
      parent.children.push(node);
      if (!cut && wantsChildren(node, text) && toFirstChild(tree) !== 0) {
        parents.push(node);
        parent = node;
        continue;
      }
    }
    while (goesDown && toNextSibling(tree) === 0) {
      parents.pop();
      goesDown = parents.length > 0 && toParent(tree) !== 0;
      if (goesDown) parent = parents.at(-1)!;
    }
  }
  cursor.ts_tree_cursor_delete_wasm(tree);
  return { root, cut };
}

/** Named nodes, operators, and the colons that tell the parts of a slice apart. */
function keeps(type: string, named: boolean): Keeps {
  if (named) return type === 'comment' ? 'never' : 'always';
  if (type === ':') return 'in slice';
  return OPERATORS.has(type) ? 'as operator' : 'never';
}

const OPERATIONS = new Set([
  'binary_operator',
  'boolean_operator',
  'comparison_operator',
  'unary_operator',
  'augmented_assignment',
]);

function wantsChildren(node: SyntaxNode, text: string): boolean {
  if (node.children === NO_CHILDREN) return false;
  // Annotations are run too, but only one with a call in it can do anything.
  if (node.type === 'type') return text.slice(node.start, node.end).includes('(');
  if (node.type !== 'string') return true;
  for (let at = node.start; at < node.start + 3; at++) {
    const char = text[at];
    if (char === 'f' || char === 'F' || char === 't' || char === 'T') return true;
    if (char === '"' || char === "'") return false;
  }
  return false;
}
