import type { Expr, ImportedName, Stmt } from './ir.ts';
import {
  child,
  type Lowering,
  lowerArguments,
  lowerExpression,
  lowerParams,
  nameOf,
  normaliseName,
  sourceOf,
} from './lower-expression.ts';
import type { SyntaxNode } from './tree.ts';

/** CPython refuses more than 100 indentation levels. */
const MAX_BLOCK_DEPTH = 110;

type Rule = (node: SyntaxNode, to: Lowering) => Stmt | readonly Stmt[];

/** Lowers the statements of a module or block. */
export function lowerBlock(node: SyntaxNode | undefined, to: Lowering, depth = 0): Stmt[] {
  if (node === undefined) return [];
  if (depth > MAX_BLOCK_DEPTH) {
    to.limits.add('nesting');
    return [];
  }
  const statements: Stmt[] = [];
  for (const each of node.children) {
    const lowered = lowerStatement(each, to, depth);
    if ('kind' in lowered) statements.push(lowered);
    else for (const one of lowered) statements.push(one);
  }
  return statements;
}

function lowerStatement(node: SyntaxNode, to: Lowering, depth: number): Stmt | readonly Stmt[] {
  const simple = RULES[node.type];
  if (simple !== undefined) return simple(node, to);
  const at = node.start;
  const body = (field = 'body', of = node) => lowerBlock(child(of, field), to, depth + 1);
  const value = (field: string, of = node) => lowerExpression(child(of, field), to);
  const clauses = (type: string) => node.children.filter((each) => each.type === type);
  const lastBlock = (of: SyntaxNode | undefined) =>
    lowerBlock(
      of?.children.findLast((each) => each.type === 'block'),
      to,
      depth + 1,
    );
  switch (node.type) {
    case 'if_statement': {
      const later = clauses('elif_clause').map((each) => ({
        test: value('condition', each),
        body: body('consequence', each),
      }));
      const branches = [{ test: value('condition'), body: body('consequence') }, ...later];
      return { kind: 'if', at, branches, otherwise: lastBlock(clauses('else_clause')[0]) };
    }
    case 'for_statement':
      return {
        kind: 'for',
        at,
        target: value('left'),
        iterable: value('right'),
        body: body(),
        otherwise: lastBlock(clauses('else_clause')[0]),
      };
    case 'while_statement':
      return {
        kind: 'while',
        at,
        test: value('condition'),
        body: body(),
        otherwise: lastBlock(clauses('else_clause')[0]),
      };
    case 'try_statement': {
      const handlers = node.children
        .filter((each) => each.type.startsWith('except'))
        .map((each) => [...actingParts([child(each, 'value')], to), ...lastBlock(each)]);
      return {
        kind: 'try',
        at,
        body: body(),
        handlers,
        otherwise: lastBlock(clauses('else_clause')[0]),
        last: lastBlock(clauses('finally_clause')[0]),
      };
    }
    case 'with_statement': {
      const items = (clauses('with_clause')[0]?.children ?? []).map((item) => {
        const inner = child(item, 'value') ?? item;
        if (inner.type !== 'as_pattern') return { value: lowerExpression(inner, to) };
        return { value: lowerExpression(inner.children[0], to), target: value('alias', inner) };
      });
      return { kind: 'with', at, items, body: body() };
    }
    case 'match_statement': {
      const cases = (child(node, 'body')?.children ?? []).map((each) => {
        const guard = each.children.find(({ type }) => type === 'if_clause')?.children[0];
        return {
          captures: each.children.filter(({ type }) => type === 'case_pattern').flatMap((of) => captures(of, to)),
          ...(guard !== undefined && { guard: lowerExpression(guard, to) }),
          body: body('consequence', each),
        };
      });
      return { kind: 'match', at, subject: value('subject'), cases };
    }
    case 'function_definition':
    case 'class_definition':
      return lowerDefinition(node, [], to, depth);
    case 'decorated_definition': {
      const definition = child(node, 'definition');
      return definition === undefined ? [] : lowerDefinition(definition, clauses('decorator'), to, depth);
    }
    case 'ERROR':
      return lowerBroken(node, to, depth);
    case 'block':
      return lowerBlock(node, to, depth + 1);
    default:
      return { kind: 'expression', at, value: lowerExpression(node, to) };
  }
}

function lowerDefinition(node: SyntaxNode, marks: readonly SyntaxNode[], to: Lowering, depth: number): Stmt {
  const decorators = marks.map((mark) => lowerExpression(mark.children[0], to));
  const name = nameOf(child(node, 'name'), to);
  const body = lowerBlock(child(node, 'body'), to, depth + 1);
  if (node.type === 'class_definition') {
    return {
      kind: 'class',
      at: node.start,
      name,
      bases: lowerArguments(child(node, 'superclasses'), to),
      body,
      decorators,
    };
  }
  return {
    kind: 'function',
    at: node.start,
    name,
    params: lowerParams(child(node, 'parameters'), to),
    body,
    decorators,
    annotations: [
      ...(child(node, 'parameters')?.children ?? []).map((each) => child(each, 'type')),
      child(node, 'return_type'),
    ].flatMap((type) => lowerAnnotation(type, to)),
  };
}

/** An annotation that calls something; all others are leaves (see tree.ts) and mean nothing. */
function lowerAnnotation(type: SyntaxNode | undefined, to: Lowering): Expr[] {
  return type === undefined || type.children.length === 0 ? [] : [lowerExpression(type.children[0], to)];
}

/** The parts that call something, as statements of their own. */
function actingParts(parts: readonly (SyntaxNode | undefined)[], to: Lowering): Stmt[] {
  return parts.flatMap((part) => {
    if (part === undefined || !sourceOf(part, to).includes('(')) return [];
    return [{ kind: 'expression', at: part.start, value: lowerExpression(part, to) } as const];
  });
}

/** Names to which a pattern of `match` binds the whole subject: `case name` and `case … as name`. */
function captures(pattern: SyntaxNode, to: Lowering): string[] {
  const [inner] = pattern.children;
  if (inner?.type === 'dotted_name' && inner.children.length === 1) return [nameOf(inner.children[0], to)];
  if (inner?.type !== 'as_pattern') return [];
  return inner.children.filter(({ type }) => type === 'identifier').map((name) => nameOf(name, to));
}

/** The recovered parts of an ERROR range are kept as code, and the range itself as text for the token rules. */
function lowerBroken(node: SyntaxNode, to: Lowering, depth: number): Stmt[] {
  return [{ kind: 'broken', at: node.start, text: sourceOf(node, to) }, ...lowerBlock(node, to, depth + 1)];
}

function importedName(node: SyntaxNode, to: Lowering): ImportedName {
  if (node.type !== 'aliased_import') return { name: dotted(node, to) };
  return { name: dotted(child(node, 'name'), to), alias: nameOf(child(node, 'alias'), to) };
}

function dotted(node: SyntaxNode | undefined, to: Lowering): string {
  return node === undefined ? '' : normaliseName(sourceOf(node, to).replace(/\s/g, ''));
}

function lowerFromImport(node: SyntaxNode, to: Lowering): Stmt {
  const path = dotted(child(node, 'module_name'), to);
  const level = path.length - path.replace(/^\.+/, '').length;
  const wildcard = node.children.some((each) => each.type === 'wildcard_import');
  const names = wildcard
    ? '*'
    : node.children.filter((each) => each.field === 'name').map((each) => importedName(each, to));
  return { kind: 'from-import', at: node.start, level, module: path.slice(level), names };
}

function lowerAssignment(node: SyntaxNode, to: Lowering): Stmt | readonly Stmt[] {
  const targets = [lowerExpression(child(node, 'left'), to)];
  let right = child(node, 'right');
  while (right?.type === 'assignment') {
    targets.push(lowerExpression(child(right, 'left'), to));
    right = child(right, 'right');
  }
  const annotations = lowerAnnotation(child(node, 'type'), to).map(
    (value) => ({ kind: 'expression', at: node.start, value }) as const,
  );
  if (right === undefined) return annotations;
  return [...annotations, { kind: 'assign', at: node.start, targets, value: lowerExpression(right, to) }];
}

function lowerExpressionStatement(node: SyntaxNode, to: Lowering): Stmt | readonly Stmt[] {
  const [only] = node.children;
  if (only?.type === 'assignment') return lowerAssignment(only, to);
  if (only?.type === 'augmented_assignment') {
    const operator = (child(only, 'operator')?.type ?? '+=').slice(0, -1);
    const target = lowerExpression(child(only, 'left'), to);
    return { kind: 'update', at: node.start, target, operator, value: lowerExpression(child(only, 'right'), to) };
  }
  return node.children.map((each) => ({ kind: 'expression', at: each.start, value: lowerExpression(each, to) }));
}

/** Python 2's `exec code in scope` is a call of exec. */
function lowerExec(node: SyntaxNode, to: Lowering): Stmt {
  const code = lowerExpression(child(node, 'code') ?? node.children[0], to);
  const callee = { kind: 'name', at: node.start, id: 'exec' } as const;
  return {
    kind: 'expression',
    at: node.start,
    value: { kind: 'call', at: node.start, callee, args: [{ value: code }] },
  };
}

function marker(kind: 'break' | 'continue' | 'pass'): Rule {
  return (node) => ({ kind, at: node.start });
}

const RULES: Readonly<Record<string, Rule>> = {
  expression_statement: lowerExpressionStatement,
  import_statement: (node, to) => ({
    kind: 'import',
    at: node.start,
    names: node.children.map((each) => importedName(each, to)),
  }),
  import_from_statement: lowerFromImport,
  future_import_statement: () => [],
  exec_statement: lowerExec,
  return_statement: (node, to) => ({
    kind: 'return',
    at: node.start,
    ...(node.children[0] && { value: lowerExpression(node.children[0], to) }),
  }),
  global_statement: (node, to) => ({
    kind: 'global',
    at: node.start,
    names: node.children.map((each) => nameOf(each, to)),
  }),
  nonlocal_statement: (node, to) => ({
    kind: 'global',
    at: node.start,
    names: node.children.map((each) => nameOf(each, to)),
  }),
  break_statement: marker('break'),
  continue_statement: marker('continue'),
  pass_statement: marker('pass'),
  delete_statement: (node, to) => ({
    kind: 'delete',
    at: node.start,
    targets: node.children.map((each) => lowerExpression(each, to)),
  }),
};
