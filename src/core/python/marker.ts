import { WheelgateError } from '../errors.ts';
import { quoted } from './quoted.ts';
import { Scanner } from './scanner.ts';

const VARIABLES = [
  'implementation_name',
  'implementation_version',
  'os_name',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_full_version',
  'python_version',
  'sys_platform',
] as const;

/** What a marker may ask about the place where a project is installed (dependency specifiers, "Environment markers"). */
export type EnvironmentVariable = (typeof VARIABLES)[number];

/** `extra` is one name; `extras` and `dependency_groups` are sets, asked with `in` only (PEP 751). */
export type MarkerVariable = EnvironmentVariable | 'extra' | 'extras' | 'dependency_groups';

export type MarkerOperand =
  | { readonly kind: 'variable'; readonly name: MarkerVariable }
  | { readonly kind: 'value'; readonly value: string };

export type MarkerOperator = '===' | '==' | '~=' | '!=' | '<=' | '>=' | '<' | '>' | 'in' | 'not in';

export type MarkerComparison = {
  readonly kind: 'comparison';
  readonly left: MarkerOperand;
  readonly operator: MarkerOperator;
  readonly right: MarkerOperand;
};

/** An environment marker (PEP 508) as a tree. */
export type Marker = MarkerComparison | { readonly kind: 'and' | 'or'; readonly markers: readonly Marker[] };

/** Spellings from PEP 345 and from early setuptools. */
const ALIASES: Readonly<Record<string, EnvironmentVariable>> = {
  'os.name': 'os_name',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  'platform.version': 'platform_version',
  python_implementation: 'platform_python_implementation',
  'sys.platform': 'sys_platform',
};

const NAMES: ReadonlyMap<string, MarkerVariable> = new Map<string, MarkerVariable>([
  ...[...VARIABLES, 'extra' as const, 'extras' as const, 'dependency_groups' as const].map(
    (name) => [name, name] as const,
  ),
  ...Object.entries(ALIASES),
]);

/** Deeper nesting is not written by hand; the limit keeps hostile metadata from exhausting the stack. */
const MAX_DEPTH = 50;

/** @throws {WheelgateError} MARKER_INVALID with the column of what was not understood */
export function parseMarker(raw: string): Marker {
  const scanner = new Scanner(raw);
  const marker = readMarker(scanner);
  if (!scanner.atEnd) throw invalid(scanner, 'expected "and", "or" or the end');
  return marker;
}

/** Reads a marker and the white space around it, up to what cannot belong to it. @throws MARKER_INVALID */
export function readMarker(scanner: Scanner): Marker {
  return readOr(scanner, 0);
}

/** Parses back to the same marker. */
export function formatMarker(marker: Marker): string {
  if (marker.kind === 'comparison') {
    return `${formatOperand(marker.left)} ${marker.operator} ${formatOperand(marker.right)}`;
  }
  return marker.markers
    .map((part) => (part.kind === 'comparison' ? formatMarker(part) : `(${formatMarker(part)})`))
    .join(` ${marker.kind} `);
}

function readOr(scanner: Scanner, depth: number): Marker {
  return readJoined(scanner, 'or', /or\b/y, () => readJoined(scanner, 'and', /and\b/y, () => readAtom(scanner, depth)));
}

function readJoined(scanner: Scanner, kind: 'and' | 'or', word: RegExp, readPart: () => Marker): Marker {
  const first = readPart();
  const markers = [first];
  while (scanner.take(word) !== undefined) markers.push(readPart());
  return markers.length === 1 ? first : { kind, markers };
}

function readAtom(scanner: Scanner, depth: number): Marker {
  if (depth > MAX_DEPTH) throw invalid(scanner, `parentheses are nested deeper than ${MAX_DEPTH}`);
  scanner.skipSpace();
  if (scanner.take(/\(/y) === undefined) return readComparison(scanner);
  const marker = readOr(scanner, depth + 1);
  if (scanner.take(/\)/y) === undefined) throw invalid(scanner, 'expected ")"');
  scanner.skipSpace();
  return marker;
}

function readComparison(scanner: Scanner): MarkerComparison {
  const left = readOperand(scanner);
  const operator = readOperator(scanner);
  const right = readOperand(scanner);
  if (left.kind === 'value' && right.kind === 'value') throw invalid(scanner, 'one side must be a marker variable');
  if (isSet(left)) throw invalid(scanner, 'extras and dependency_groups stand on the right of "in"');
  if (isSet(right) && operator !== 'in' && operator !== 'not in') {
    throw invalid(scanner, 'extras and dependency_groups go with "in" and "not in" only');
  }
  return { kind: 'comparison', left, operator, right };
}

function readOperand(scanner: Scanner): MarkerOperand {
  // The grammar has no escapes, so a backslash has no agreed meaning.
  const text = scanner.take(/'[^'\\\p{Cc}]*'|"[^"\\\p{Cc}]*"/uy);
  const start = scanner.column;
  const word = text === undefined ? scanner.take(/[a-z_]+(?:\.[a-z_]+)?/y) : undefined;
  const name = NAMES.get(word ?? '');
  if (text === undefined && name === undefined) {
    throw invalid(scanner, 'expected a marker variable or a quoted string', start);
  }
  scanner.skipSpace();
  return name === undefined ? { kind: 'value', value: text!.slice(1, -1) } : { kind: 'variable', name };
}

function readOperator(scanner: Scanner): MarkerOperator {
  const operator = scanner.take(/===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b/y);
  if (operator === undefined) {
    throw invalid(scanner, 'expected one of ~= == != <= >= < > === in, not in');
  }
  scanner.skipSpace();
  return operator.startsWith('not') ? 'not in' : (operator as MarkerOperator);
}

function isSet(operand: MarkerOperand): boolean {
  return operand.kind === 'variable' && (operand.name === 'extras' || operand.name === 'dependency_groups');
}

function formatOperand(operand: MarkerOperand): string {
  if (operand.kind === 'variable') return operand.name;
  return operand.value.includes('"') ? `'${operand.value}'` : `"${operand.value}"`;
}

function invalid(scanner: Scanner, problem: string, column = scanner.column): WheelgateError {
  return new WheelgateError(
    'MARKER_INVALID',
    `Column ${column} of ${quoted(scanner.text)}: ${problem}`,
    'Write it as in: python_version >= "3.9" and sys_platform == "linux".',
  );
}
