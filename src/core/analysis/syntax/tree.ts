import type { Language, Tree } from 'web-tree-sitter';

/** One grammar node, copied out of the parser's memory. Anonymous tokens are kept only where they carry meaning. */
export type SyntaxNode = {
  readonly type: string;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: SyntaxNode[];
};

/** Beyond these a file is cut: no honest module comes near, and memory stays bounded. */
const MAX_NODES = 600_000;

/**
 * Copies a tree in one walk. Strings without interpolation, comments and plain annotations stay leaves: reading their parts
 * would cost more than the whole rest.
 */
export function copyTree(
  tree: Tree,
  language: Language,
  text: string,
): { readonly root: SyntaxNode; readonly cut: boolean } {
  const cursor = tree.walk();
  const take = (): SyntaxNode => ({
    type: typeOf(language, cursor.nodeTypeId, cursor),
    field: fieldOf(language, cursor.currentFieldId),
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
  });
  const root = take();
  const parents: SyntaxNode[] = [];
  let node = root;
  let nodes = 1;
  let cut = false;
  for (;;) {
    if (wantsChildren(node, text) && !cut && cursor.gotoFirstChild()) {
      parents.push(node);
    } else {
      while (!cursor.gotoNextSibling()) {
        if (parents.pop() === undefined || !cursor.gotoParent()) {
          cursor.delete();
          return { root, cut };
        }
      }
      if (parents.length === 0) {
        cursor.delete();
        return { root, cut };
      }
    }
    node = take();
    if (++nodes > MAX_NODES) cut = true;
    const parent = parents.at(-1);
    const isOperator = node.field === 'operator' || node.field === 'operators';
    const isSliceColon = node.type === ':' && parent?.type === 'slice';
    if (node.type !== 'comment' && (cursor.nodeIsNamed || isOperator || isSliceColon)) parent?.children.push(node);
  }
}

function wantsChildren(node: SyntaxNode, text: string): boolean {
  if (node.type === 'comment') return false;
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

function typeOf(language: Language, id: number, cursor: { readonly nodeType: string }): string {
  return language.types[id] ?? cursor.nodeType;
}

function fieldOf(language: Language, id: number): string | undefined {
  return id === 0 ? undefined : (language.fields[id] ?? undefined);
}
