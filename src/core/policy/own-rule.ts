import { type ASTNode, TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import type { Effect } from '../finding.ts';
import type { Evidence } from './evidence.ts';
import { NEEDS_INSPECTION, OWN_RULE_ENVIRONMENT, ownRuleContext } from './own-rule-variables.ts';
import type { Reason } from './verdict.ts';

/** A rule that the team wrote into its policy file: a CEL expression over the evidence, and what follows when it is true. */
export type OwnRule = {
  readonly id: string;
  readonly when: string;
  readonly effect: Effect;
  readonly message: string;
  /** Its reasons for one file; none when the expression is false. Never throws. */
  check(evidence: Evidence, now: Date): readonly Reason[];
};

/** What is wrong with an expression; `start` is the offset in it, in UTF-16 units. */
export type ExpressionProblem = { readonly message: string; readonly start: number };

/**
 * Compiles an own rule and checks its types (cel.dev, the language definition).
 * @returns the problem instead of a rule when the expression cannot be read, names what does not exist or is no bool
 */
export function compileOwnRule(rule: Pick<OwnRule, 'id' | 'when' | 'effect' | 'message'>): OwnRule | ExpressionProblem {
  const checked = OWN_RULE_ENVIRONMENT.check(rule.when);
  if (!checked.valid) return problemOf(checked.error);
  if (checked.type !== 'bool') {
    return { message: `the expression gives a ${checked.type}, not true or false`, start: 0 };
  }
  const expression = OWN_RULE_ENVIRONMENT.parse(rule.when);
  const literal = findBadLiteral(expression.ast);
  if (literal) return literal;
  const needsInspection = namesVariable(expression.ast, NEEDS_INSPECTION);
  return {
    ...rule,
    check(evidence, now) {
      // The first download gathers it, and until then the file is withheld anyway (decide.ts).
      if (needsInspection && evidence.inspection === 'not-run') return [];
      let holds: unknown;
      try {
        holds = expression(ownRuleContext(evidence, now));
      } catch (error) {
        // An expression that asks for what is not known has no answer, and no answer is not a good one.
        const { message } = problemOf(error);
        return [
          { rule: rule.id, effect: rule.effect, message: printable(`own rule ${rule.id} has no answer: ${message}`) },
        ];
      }
      return holds === false ? [] : [{ rule: rule.id, effect: rule.effect, message: rule.message }];
    },
  };
}

/** One line without the library's drawing of the place. */
function problemOf(error: unknown): ExpressionProblem {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    return { message: error.summary, start: error.range?.start ?? 0 };
  }
  return { message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), start: 0 };
}

/** Messages of the library quote names of the expression, and values of a package at most by type; still: one printable line. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 150);
}

/** `duration("3d")` has the right type and fails only when it is asked: it is tried when the policy is read. */
function findBadLiteral(ast: ASTNode): ExpressionProblem | undefined {
  for (const node of nodesOf(ast)) {
    const isLiteralCall =
      node.op === 'call' && LITERAL_CALLS.has(node.args[0]) && node.args[1].every(({ op }) => op === 'value');
    const isPattern = node.op === 'rcall' && node.args[0] === 'matches' && node.args[2][0]?.op === 'value';
    if (!isLiteralCall && !isPattern) continue;
    try {
      if (isPattern) new RegExp(String(node.args[2][0]!.args), 'u');
      else OWN_RULE_ENVIRONMENT.evaluate(node.input.slice(node.start, node.end), {});
    } catch (error) {
      return { message: problemOf(error).message, start: node.start };
    }
  }
  return undefined;
}

const LITERAL_CALLS: ReadonlySet<string> = new Set(['duration', 'timestamp', 'int', 'double']);

function namesVariable(ast: ASTNode, name: string): boolean {
  for (const node of nodesOf(ast)) if (node.op === 'id' && node.args === name) return true;
  return false;
}

/** Every node below and including `value`: arguments nest nodes, arrays and texts. */
function* nodesOf(value: unknown): Generator<ASTNode> {
  if (Array.isArray(value)) for (const one of value) yield* nodesOf(one);
  else if (typeof value === 'object' && value !== null && 'op' in value) {
    const node = value as ASTNode;
    yield node;
    yield* nodesOf(node.args);
  }
}
