import { WheelgateError } from '../errors.ts';

/** A login for a host. Neither part may have blanks. */
export type NetrcEntry = { readonly host: string; readonly login: string; readonly password: string };

type Word = { readonly text: string; readonly start: number; readonly end: number };

/**
 * The text of a netrc file in which `entry` is the one of its host; everything else stays as it is.
 * Format: https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 * @throws {WheelgateError} CONFLICT when the host has a login of another name: the file knows no ports, and it may belong
 * to another service there; INPUT_UNREADABLE for a file that breaks off
 */
export function withNetrcEntry(text: string, { host, login, password }: NetrcEntry): string {
  let kept = text;
  for (const found of [...entriesOf(text)].reverse()) {
    if (found.host !== host) continue;
    if (found.login !== login)
      throw new WheelgateError(
        'CONFLICT',
        `the netrc file has another login for ${host}`,
        'It knows no ports, so one host has one login: use --credentials keyring or environment.',
      );
    kept = kept.slice(0, found.start) + kept.slice(found.end).replace(/^[ \t]*\r?\n/, '');
  }
  // In front: `default`, which may stand at the end, would win over what comes behind it.
  return `machine ${host} login ${login} password ${password}\n${kept}`;
}

/** Every `machine` with where it stands, to the end of its last value. */
function* entriesOf(text: string): Generator<Word & { readonly host: string; readonly login: string | undefined }> {
  const words = wordsOf(text);
  let next = words.next();
  while (!next.done) {
    const { text: keyword, start } = next.value;
    if (keyword !== 'machine' && keyword !== 'default') throw broken(`"${printed(keyword)}" where an entry begins`);
    const host = keyword === 'machine' ? valueBehind(words.next(), keyword) : undefined;
    let login: string | undefined;
    let end = host?.end ?? next.value.end;
    for (next = words.next(); !next.done && isField(next.value.text); next = words.next()) {
      const field = next.value.text;
      const value = valueBehind(words.next(), field);
      if (field !== 'account' && field !== 'password') login = value.text;
      end = value.end;
    }
    if (host) yield { text: keyword, host: host.text, login, start, end };
  }
}

function isField(word: string): boolean {
  return word === 'login' || word === 'user' || word === 'account' || word === 'password';
}

/** Words but comments, and but macros, which go to the next empty line. A value may begin with `#`. */
function* wordsOf(text: string): Generator<Word, undefined> {
  const pattern = /"(?:[^"\\]|\\.)*"|\S+/g;
  let before = '';
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [word] = found;
    const isValue = isField(before) || before === 'machine';
    if (!isValue && word.startsWith('#')) pattern.lastIndex = after(text, /\n/g, found.index);
    else if (!isValue && word === 'macdef') pattern.lastIndex = after(text, /\n\r?\n/g, found.index);
    else yield { text: word, start: found.index, end: pattern.lastIndex };
    before = isValue ? '' : word;
  }
}

function after(text: string, what: RegExp, from: number): number {
  what.lastIndex = from;
  return what.test(text) ? what.lastIndex : text.length;
}

function valueBehind(next: IteratorResult<Word, undefined>, field: string): Word {
  if (next.done) throw broken(`nothing behind "${field}"`);
  return next.value;
}

/** A broken line may hold half a password: no more than its first letters are told. */
function printed(word: string): string {
  return word.length > 4 ? `${word.slice(0, 2)}…` : word;
}

function broken(what: string): WheelgateError {
  return new WheelgateError('INPUT_UNREADABLE', `the netrc file has ${what}`, 'Mend it, or move it away.');
}
