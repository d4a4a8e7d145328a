import { hasCode, WheelgateError } from '../errors.ts';
import { evaluateMarker, type MarkerEnvironment } from './evaluate-marker.ts';
import { formatMarker, type Marker, readMarker } from './marker.ts';
import { type ProjectName, tryParseProjectName } from './name.ts';
import { quoted } from './quoted.ts';
import { Scanner } from './scanner.ts';
import { formatSpecifiers, parseSpecifiers, type SpecifierSet } from './specifier.ts';

/** What a project asks for (dependency specifiers, PEP 508). */
export type Requirement = {
  readonly raw: string;
  readonly project: ProjectName;
  /** Normalised (PEP 685), sorted, each once. */
  readonly extras: readonly string[];
  /** Empty with a `url`. */
  readonly specifiers: SpecifierSet;
  /** A direct reference, exactly as written. */
  readonly url?: string;
  readonly marker?: Marker;
};

const CLAUSES = /[~=!<>][^;)\n\r\f\v]*/y;

/**
 * Reads one requirement, such as `demo[tls]>=1.4; python_version >= "3.9"`; clauses in parentheses are the older form.
 * @throws {WheelgateError} REQUIREMENT_INVALID with the column of what was not understood
 */
export function parseRequirement(raw: string): Requirement {
  const scanner = new Scanner(raw);
  scanner.skipSpace();
  const project = readName(scanner, 'a project name');
  const extras = readExtras(scanner);
  const url = readUrl(scanner);
  const specifiers = url === undefined ? readSpecifiers(scanner) : parseSpecifiers('');
  const parts = { raw, project, extras, specifiers, ...(url === undefined ? {} : { url }) };
  if (scanner.atEnd) return parts;
  if (scanner.take(/;/y) === undefined) throw invalid(scanner, 'expected a version specifier, ";" or the end');
  const marker = refused(scanner, 'MARKER_INVALID', () => readMarker(scanner));
  if (!scanner.atEnd) throw invalid(scanner, 'expected "and", "or" or the end');
  return { ...parts, marker };
}

/** The requirement, or undefined where PEP 508 does not accept the text: metadata of foreign releases may hold anything. */
export function tryParseRequirement(raw: string): Requirement | undefined {
  try {
    return parseRequirement(raw);
  } catch (error) {
    if (hasCode(error, 'REQUIREMENT_INVALID')) return undefined;
    throw error;
  }
}

/** The normalised text, which parses back to the same requirement. */
export function formatRequirement({ project, extras, specifiers, url, marker }: Requirement): string {
  const what = extras.length === 0 ? project : `${project}[${extras.join(',')}]`;
  const which = url === undefined ? `${what}${formatSpecifiers(specifiers)}` : `${what} @ ${url}`;
  if (marker === undefined) return which;
  return `${which}${url === undefined ? '' : ' '}; ${formatMarker(marker)}`;
}

/**
 * Whether a requirement counts in an environment when a project is installed with `extras` (normalised or not).
 * @throws {WheelgateError} MARKER_INVALID as `evaluateMarker` does
 */
export function requirementApplies(
  { marker }: Requirement,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): boolean {
  if (marker === undefined) return true;
  const asked = extras.length === 0 ? [''] : extras;
  return asked.some((extra) => evaluateMarker(marker, { ...environment, extra }));
}

function readName(scanner: Scanner, expected: string): ProjectName {
  const start = scanner.column;
  const name = tryParseProjectName(scanner.take(/[A-Za-z0-9._-]+/y) ?? '');
  if (name === undefined) throw invalid(scanner, `expected ${expected}`, start);
  scanner.skipSpace();
  return name;
}

function readExtras(scanner: Scanner): readonly string[] {
  const extras = new Set<string>();
  if (scanner.take(/\[/y) === undefined) return [];
  scanner.skipSpace();
  if (scanner.take(/\]/y) === undefined) {
    do {
      scanner.skipSpace();
      extras.add(readName(scanner, 'the name of an extra'));
    } while (scanner.take(/,/y) !== undefined);
    if (scanner.take(/\]/y) === undefined) throw invalid(scanner, 'expected "," or "]"');
  }
  scanner.skipSpace();
  return [...extras].sort();
}

function readUrl(scanner: Scanner): string | undefined {
  if (scanner.take(/@/y) === undefined) return undefined;
  scanner.skipSpace();
  const url = scanner.take(/[^\s\p{Cc}]+/uy);
  if (url === undefined) throw invalid(scanner, 'expected a URL');
  // Without white space before it, a semicolon belongs to the URL.
  scanner.skipSpace();
  return url;
}

function readSpecifiers(scanner: Scanner): SpecifierSet {
  const isEnclosed = scanner.take(/\(/y) !== undefined;
  scanner.skipSpace();
  const specifiers = refused(scanner, 'SPECIFIER_INVALID', () => parseSpecifiers(scanner.take(CLAUSES) ?? ''));
  if (isEnclosed && scanner.take(/\)/y) === undefined) throw invalid(scanner, 'expected ")"');
  scanner.skipSpace();
  return specifiers;
}

/** Says of the whole requirement what was said of a part of it. */
function refused<T>(scanner: Scanner, code: 'MARKER_INVALID' | 'SPECIFIER_INVALID', read: () => T): T {
  const { column } = scanner;
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, code)) throw error;
    if (code === 'MARKER_INVALID') throw new WheelgateError('REQUIREMENT_INVALID', error.message, error.help, error);
    throw invalid(scanner, `${error.message}. ${error.help}`, column, error);
  }
}

function invalid(scanner: Scanner, problem: string, column = scanner.column, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'REQUIREMENT_INVALID',
    `Column ${column} of ${quoted(scanner.text)}: ${problem}`,
    'Write it as in: name[extra] >= 1.4; python_version >= "3.9".',
    cause,
  );
}
