import { hasCode, WheelgateError } from '../errors.ts';
import {
  type EnvironmentVariable,
  formatMarker,
  type Marker,
  type MarkerComparison,
  type MarkerOperand,
  type MarkerOperator,
} from './marker.ts';
import { quoted } from './quoted.ts';
import { parseSpecifiers, type SpecifierSet, specifiersAllow } from './specifier.ts';
import { tryParseVersion } from './version.ts';

/** The answers to a marker's questions. */
export type MarkerEnvironment = Readonly<Record<EnvironmentVariable, string>> & {
  /** The extra for which a requirement is asked; absent: none. */
  readonly extra?: string;
  /** Lock files: what the user asked for. */
  readonly extras?: readonly string[];
  readonly dependency_groups?: readonly string[];
};

const VERSION_VARIABLES: ReadonlySet<string> = new Set([
  'implementation_version',
  'platform_release',
  'python_full_version',
  'python_version',
]);

/**
 * Whether a marker holds in an environment (dependency specifiers, "Environment markers").
 * @throws {WheelgateError} MARKER_INVALID for a comparison without meaning, such as `os_name ~= "posix"`
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment): boolean {
  switch (marker.kind) {
    case 'and':
      return evaluateAll(marker.markers, environment).every(Boolean);
    case 'or':
      return evaluateAll(marker.markers, environment).some(Boolean);
    case 'comparison':
      return compare(marker, environment);
  }
}

/** All of them, so that a comparison without meaning is refused wherever it stands. */
function evaluateAll(markers: readonly Marker[], environment: MarkerEnvironment): readonly boolean[] {
  return markers.map((marker) => evaluateMarker(marker, environment));
}

function compare(comparison: MarkerComparison, environment: MarkerEnvironment): boolean {
  const { left, operator, right } = comparison;
  if (right.kind === 'variable' && (right.name === 'extras' || right.name === 'dependency_groups')) {
    const names = environment[right.name] ?? [];
    return names.map(foldName).includes(foldName(textOf(left, environment))) === (operator === 'in');
  }
  const isExtra = [left, right].some((side) => side.kind === 'variable' && side.name === 'extra');
  const fold = isExtra ? foldName : (text: string) => text; // PEP 685
  const asked = fold(textOf(left, environment));
  const wanted = fold(textOf(right, environment));
  if (asksVersion(left, right)) {
    if (operator === '===' && /^[^\s;)]*$/.test(wanted)) return asked.toLowerCase() === wanted.toLowerCase();
    const specifiers = versionSpecifiers(operator, wanted);
    const version = tryParseVersion(asked);
    if (specifiers !== undefined) return version !== undefined && specifiersAllow(specifiers, version);
  }
  const holds = compareTexts(asked, operator, wanted);
  if (holds !== undefined) return holds;
  throw new WheelgateError(
    'MARKER_INVALID',
    `${quoted(formatMarker(comparison))} compares what are no versions`,
    'Use ==, !=, in or "not in" for texts.',
  );
}

/** Texts have no order: `<` and `>` never hold, `<=` and `>=` hold for equal ones. Undefined: not for texts. */
function compareTexts(left: string, operator: MarkerOperator, right: string): boolean | undefined {
  switch (operator) {
    case '==':
    case '<=':
    case '>=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
    case '>':
      return false;
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '~=':
    case '===':
      return undefined;
  }
}

/** The variable decides how to compare: the left one when both sides are variables. */
function asksVersion(left: MarkerOperand, right: MarkerOperand): boolean {
  const variable = left.kind === 'variable' ? left : right;
  return variable.kind === 'variable' && VERSION_VARIABLES.has(variable.name);
}

function versionSpecifiers(operator: MarkerOperator, wanted: string): SpecifierSet | undefined {
  if (operator === 'in' || operator === 'not in' || operator === '===' || wanted.includes(',')) return undefined;
  try {
    return parseSpecifiers(operator + wanted);
  } catch (error) {
    if (hasCode(error, 'SPECIFIER_INVALID')) return undefined; // then the texts are compared
    throw error;
  }
}

function textOf(operand: MarkerOperand, environment: MarkerEnvironment): string {
  if (operand.kind === 'value') return operand.value;
  switch (operand.name) {
    case 'extra':
      return environment.extra ?? '';
    case 'extras':
    case 'dependency_groups':
      throw new Error('readMarker lets sets stand on the right of "in" only');
    case 'python_full_version': {
      // A CPython built from a working copy says "3.13.0+".
      const version = environment.python_full_version;
      return version.endsWith('+') ? `${version}local` : version;
    }
    default:
      return environment[operand.name];
  }
}

/** As PEP 503 folds names, but without demanding that it is one: an extra may be empty. */
function foldName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
