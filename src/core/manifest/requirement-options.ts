import { WheelgateError } from '../errors.ts';
import { quoted } from '../python/quoted.ts';

/** The options that a requirements file may hold, by their first name. `takes`: they want a value. */
const OPTIONS = [
  { names: ['--index-url', '-i', '--pypi-url'], takes: true },
  { names: ['--extra-index-url'], takes: true },
  { names: ['--no-index'], takes: false },
  { names: ['--constraint', '-c'], takes: true },
  { names: ['--requirement', '-r'], takes: true },
  { names: ['--editable', '-e'], takes: true },
  { names: ['--find-links', '-f'], takes: true },
  { names: ['--no-binary'], takes: true },
  { names: ['--only-binary'], takes: true },
  { names: ['--prefer-binary'], takes: false },
  { names: ['--require-hashes'], takes: false },
  { names: ['--no-require-hashes'], takes: false },
  { names: ['--pre'], takes: false },
  { names: ['--all-releases'], takes: true },
  { names: ['--only-final'], takes: true },
  { names: ['--trusted-host'], takes: true },
  { names: ['--use-feature'], takes: true },
  { names: ['--hash'], takes: true },
  { names: ['--config-settings', '-C', '--config-setting'], takes: true },
  // Until pip 25.2.
  { names: ['--global-option'], takes: true },
] as const;

export type OptionName = (typeof OPTIONS)[number]['names'][0];
/** Values of each option that was given, in order; a flag has the value ''. */
export type LineOptions = ReadonlyMap<OptionName, readonly string[]>;

type KnownOption = { readonly name: OptionName; readonly takes: boolean };

const BY_SPELLING: ReadonlyMap<string, KnownOption> = new Map(
  OPTIONS.flatMap(({ names, takes }) => names.map((spelling) => [spelling, { name: names[0], takes }] as const)),
);

/**
 * Splits a line of a requirements file into a requirement, which may be empty, and options: they begin at the first word
 * with a dash in front, and words are parted by single spaces.
 * @throws {WheelgateError} REQUIREMENT_INVALID for options that pip would refuse
 */
export function splitOptions(text: string): { readonly requirement: string; readonly options: LineOptions } {
  const words = text.split(' ');
  const first = words.findIndex((word) => word.startsWith('-'));
  if (first === -1) return { requirement: text, options: new Map() };
  return { requirement: words.slice(0, first).join(' '), options: readOptions(words.slice(first).join(' ')) };
}

function readOptions(text: string): LineOptions {
  const found = new Map<OptionName, string[]>();
  const words = splitShellWords(text);
  const put = ({ name, takes }: KnownOption, spelling: string, attached: string | undefined) => {
    if (!takes && attached !== undefined) throw invalid(`${spelling} takes no value`, text);
    const value = takes ? (attached ?? words.shift()) : '';
    if (value === undefined) throw invalid(`${spelling} wants a value`, text);
    found.set(name, [...(found.get(name) ?? []), value]);
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') break;
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const spelling = equals === -1 ? word : word.slice(0, equals);
      put(findLongOption(spelling, text), spelling, equals === -1 ? undefined : word.slice(equals + 1));
    } else if (word.startsWith('-') && word.length > 1) {
      const spelling = word.slice(0, 2);
      const option = BY_SPELLING.get(spelling);
      if (option === undefined) throw invalid(`${spelling} is no option of a requirements file`, text);
      put(option, spelling, word.length > 2 ? word.slice(2) : undefined);
    }
    // Other words among options are passed over, as pip does.
  }
  return found;
}

/** Python's option parser takes any beginning that fits one option only. */
function findLongOption(spelling: string, text: string): KnownOption {
  const exact = BY_SPELLING.get(spelling);
  if (exact !== undefined) return exact;
  const fitting = [...BY_SPELLING].filter(([name]) => name.startsWith(spelling));
  if (fitting.length === 1) return fitting[0]![1];
  if (fitting.length === 0) throw invalid(`${spelling} is no option of a requirements file`, text);
  throw invalid(`${spelling} may be ${fitting.map(([name]) => name).join(' or ')}`, text);
}

/** POSIX shell words as Python's `shlex.split` reads them. */
function splitShellWords(text: string): string[] {
  // Nearly every line: a lock has thousands of hashes, and none of them is quoted.
  if (!/['"\\]/.test(text)) return text.split(/[ \t\r\n]+/).filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (' \t\r\n'.includes(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      const quote = readQuoted(text, at);
      word = (word ?? '') + quote.value;
      at = quote.end;
    } else if (character === '\\') {
      at++;
      if (at === text.length) throw invalid('nothing follows the backslash', text);
      word = (word ?? '') + text[at]!;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** @returns the text between the quotes and where the closing one is */
function readQuoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start]!;
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === quote) return { value, end: at };
    const next = text[at + 1];
    // Between double quotes a backslash escapes only these two.
    if (character === '\\' && quote === '"' && (next === '"' || next === '\\')) {
      value += next;
      at++;
    } else {
      value += character;
    }
  }
  throw invalid('a quote is not closed', text);
}

function invalid(problem: string, text: string): WheelgateError {
  return new WheelgateError(
    'REQUIREMENT_INVALID',
    `Options ${quoted(text)}: ${problem}`,
    'pip lists the options of requirements files under "Requirements File Format".',
  );
}
