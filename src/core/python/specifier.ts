import { WheelgateError } from '../errors.ts';
import { quoted } from './quoted.ts';
import { isPrerelease, publicVersionKey, tryParseVersion, type Version, versionKey } from './version.ts';

/** One clause of a specifier set. */
export type Specifier =
  /** Compares with the normalised text, case folded and digit by digit: `===1.0` is not 1.0.0. */
  | { readonly operator: '==='; readonly text: string }
  /** `prefix` is `==1.4.*`: any version whose release starts so. */
  | { readonly operator: '==' | '!='; readonly version: Version; readonly prefix: boolean }
  | { readonly operator: '~=' | '<=' | '>=' | '<' | '>'; readonly version: Version };

/** Clauses that must all hold; without any, every version is allowed (PEP 440, "Version specifiers"). */
export type SpecifierSet = { readonly raw: string; readonly specifiers: readonly Specifier[] };

/** Whether pre-releases are welcome. Absent: PEP 440's default, which `selectVersions` describes. */
export type PrereleaseChoice = { readonly prereleases?: boolean };

const BLANK = /^[ \t\n\r\f\v]*$/;
const CLAUSE = /^[ \t\n\r\f\v]*(===|~=|==|!=|<=|>=|<|>)[ \t\n\r\f\v]*([^\s;)]+)[ \t\n\r\f\v]*$/;

/**
 * Reads `>=1.4, !=1.5.*`. Empty clauses are skipped as pip does, for indexes hold many a trailing comma.
 * @throws {WheelgateError} SPECIFIER_INVALID
 */
export function parseSpecifiers(raw: string): SpecifierSet {
  const clauses = raw.split(',').filter((clause) => !BLANK.test(clause));
  return { raw, specifiers: clauses.map(parseClause) };
}

/** The clauses with normalised versions, in their order: `>=1.4,!=1.5.*`. */
export function formatSpecifiers({ specifiers }: SpecifierSet): string {
  return specifiers.map(formatClause).join(',');
}

/**
 * Whether a version meets every clause. With no other version in sight, a pre-release is refused only when
 * `prereleases` is false, as `packaging` 26 does; to choose among several use `selectVersions`.
 */
export function specifiersAllow(set: SpecifierSet, version: Version, choice: PrereleaseChoice = {}): boolean {
  if (choice.prereleases === false && isPrerelease(version)) return false;
  return set.specifiers.every((specifier) => specifierAllows(specifier, version));
}

/**
 * The versions that meet every clause, in their order. By default pre-releases count only when a clause names one
 * (`>=2.0rc1`) or when nothing else is left (PEP 440, "Handling of pre-releases").
 */
export function selectVersions(
  set: SpecifierSet,
  versions: readonly Version[],
  choice: PrereleaseChoice = {},
): readonly Version[] {
  const matching = versions.filter((version) => specifiersAllow(set, version, choice));
  if (choice.prereleases ?? set.specifiers.some(namesPrerelease)) return matching;
  const finals = matching.filter((version) => !isPrerelease(version));
  return finals.length > 0 ? finals : matching;
}

function parseClause(clause: string): Specifier {
  const [, operator, text] = CLAUSE.exec(clause) ?? [];
  if (operator === undefined || text === undefined) throw invalid(clause, 'Start with one of ~= == != <= >= < > ===.');
  if (operator === '===') return { operator, text };
  const prefix = text.endsWith('.*');
  const version = tryParseVersion(prefix ? text.slice(0, -2) : text);
  if (version === undefined) throw invalid(clause, 'What follows the operator is not a version.');
  switch (operator) {
    case '==':
    case '!=':
      if (prefix && version.text !== releaseText(version)) throw invalid(clause, '".*" follows plain numbers only.');
      return { operator, version, prefix };
    case '~=':
    case '<=':
    case '>=':
    case '<':
    case '>':
      if (prefix) throw invalid(clause, '".*" goes with == and != only.');
      if (version.local !== undefined) throw invalid(clause, 'A local version goes with == and != only.');
      if (operator === '~=' && version.release.length < 2) throw invalid(clause, '~= needs two numbers, as in ~=1.4.');
      return { operator, version };
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

function formatClause(specifier: Specifier): string {
  if (specifier.operator === '===') return `===${specifier.text}`;
  const isPrefix = 'prefix' in specifier && specifier.prefix;
  return `${specifier.operator}${specifier.version.text}${isPrefix ? '.*' : ''}`;
}

/** One clause, without regard to pre-releases as such. A local part of the version only counts for `==1.0+local`. */
function specifierAllows(specifier: Specifier, version: Version): boolean {
  if (specifier.operator === '===') return specifier.text.toLowerCase() === version.text.toLowerCase();
  const wanted = specifier.version;
  const key = version.local === undefined ? versionKey(version) : publicVersionKey(version);
  switch (specifier.operator) {
    case '==':
    case '!=':
      return isEqual(specifier, version, key) === (specifier.operator === '==');
    case '~=':
      return key >= versionKey(wanted) && startsLike(version, wanted, wanted.release.length - 1);
    case '<=':
      return key <= versionKey(wanted);
    case '>=':
      return key >= versionKey(wanted);
    case '<':
      // `<1.0` leaves out the pre-releases of 1.0, which begin with 1.0.dev0.
      return key < (isPrerelease(wanted) ? versionKey(wanted) : publicVersionKey({ ...wanted, dev: '0' }));
    case '>':
      return key > versionKey(wanted) && !isPostOf(version, wanted);
  }
}

function isEqual(specifier: Specifier & { operator: '==' | '!=' }, version: Version, publicKey: string): boolean {
  const wanted = specifier.version;
  if (specifier.prefix) return startsLike(version, wanted, wanted.release.length);
  return (wanted.local === undefined ? publicKey : versionKey(version)) === versionKey(wanted);
}

/** The first `count` release numbers are the same; missing ones are zero. */
function startsLike(version: Version, wanted: Version, count: number): boolean {
  if (version.epoch !== wanted.epoch) return false;
  return wanted.release.slice(0, count).every((number, i) => (version.release[i] ?? '0') === number);
}

/** `>1.0` leaves out 1.0.post1, but `>1.0.post1` takes 1.0.post2. */
function isPostOf(version: Version, wanted: Version): boolean {
  if (version.post === undefined || wanted.post !== undefined || wanted.dev !== undefined) return false;
  const { epoch, release, pre } = version;
  return publicVersionKey(pre === undefined ? { epoch, release } : { epoch, release, pre }) === versionKey(wanted);
}

function namesPrerelease(specifier: Specifier): boolean {
  if (specifier.operator === '!=') return false;
  const version = specifier.operator === '===' ? tryParseVersion(specifier.text) : specifier.version;
  return version !== undefined && isPrerelease(version);
}

function releaseText({ epoch, release }: Version): string {
  return epoch === '0' ? release.join('.') : `${epoch}!${release.join('.')}`;
}

function invalid(clause: string, help: string): WheelgateError {
  return new WheelgateError('SPECIFIER_INVALID', `${quoted(clause)} is not a version specifier`, help);
}
