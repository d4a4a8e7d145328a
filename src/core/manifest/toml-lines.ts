/** Lines of values, tables and array elements of a TOML document by their path: `lineOf('package', 3, 'version')`. */
export type TomlLines = (...path: readonly (string | number)[]) => number | undefined;

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const SPACE = /[ \t]*/y;
const BETWEEN = /(?:[ \t\r\n]|#[^\n]*)*/y;
const PLAIN_VALUE = /[^,\]}#\r\n]*/y;

/**
 * Finds where things stand in a TOML document that a parser accepted (the parser keeps no positions). Inline tables are
 * passed over: what is inside one stands on its line, or near it. Paths of tables in an array of tables have their number.
 */
export function tomlLines(text: string): TomlLines {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  const put = (path: readonly (string | number)[], line: number) => void lines.set(path.join('\0'), line);
  const scanner = new TomlScanner(text);
  let table: readonly (string | number)[] = [];
  for (scanner.skip(BETWEEN); !scanner.atEnd; scanner.skip(BETWEEN)) {
    const { line } = scanner;
    if (scanner.takeText('[[')) {
      const path = numbered(scanner.readKey(), counts);
      const key = path.join('\0');
      const at = counts.get(key) ?? 0;
      counts.set(key, at + 1);
      table = [...path, at];
      put(table, line);
      scanner.takeText(']]');
    } else if (scanner.takeText('[')) {
      table = numbered(scanner.readKey(), counts);
      put(table, line);
      scanner.takeText(']');
    } else {
      const path = [...table, ...scanner.readKey()];
      put(path, line);
      scanner.skip(SPACE);
      // Whatever is not TOML after all is left by the character, so that the loop ends.
      if (!scanner.takeText('=')) scanner.leaveOne();
      else scanner.passValue(path, put);
    }
  }
  return (...path) => lines.get(path.join('\0'));
}

/** `[package.source]` belongs to the last `[[package]]`. */
function numbered(keys: readonly string[], counts: ReadonlyMap<string, number>): (string | number)[] {
  const path: (string | number)[] = [];
  for (const [at, key] of keys.entries()) {
    path.push(key);
    const count = counts.get(path.join('\0'));
    if (count !== undefined && at < keys.length - 1) path.push(count - 1);
  }
  return path;
}

class TomlScanner {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get line(): number {
    return this.#line;
  }

  skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#move(found.length);
    return found;
  }

  takeText(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#move(expected.length);
    return true;
  }

  leaveOne(): void {
    this.#move(1);
  }

  readKey(): string[] {
    const keys: string[] = [];
    do {
      this.skip(SPACE);
      const character = this.#text[this.#at];
      keys.push(character === '"' || character === "'" ? this.#passString() : this.skip(BARE_KEY));
      this.skip(SPACE);
    } while (this.takeText('.'));
    return keys;
  }

  passValue(path: readonly (string | number)[], put: (path: readonly (string | number)[], line: number) => void): void {
    this.skip(SPACE);
    if (this.takeText('[')) {
      for (let element = 0; ; element++) {
        this.skip(BETWEEN);
        if (this.takeText(']') || this.atEnd) return;
        const inner = [...path, element];
        put(inner, this.#line);
        this.passValue(inner, put);
        this.skip(BETWEEN);
        this.takeText(',');
      }
    }
    const character = this.#text[this.#at];
    if (this.takeText('{')) this.#passInlineTable();
    else if (character === '"' || character === "'") this.#passString();
    else if (this.skip(PLAIN_VALUE) === '') this.#move(1);
  }

  #passInlineTable(): void {
    for (let depth = 1; depth > 0 && !this.atEnd; ) {
      const character = this.#text[this.#at]!;
      if (character === '"' || character === "'") this.#passString();
      else if (character === '#') this.skip(BETWEEN);
      else {
        if (character === '{') depth++;
        else if (character === '}') depth--;
        this.#move(1);
      }
    }
  }

  /** @returns what is between the quotes, escapes as written */
  #passString(): string {
    const quote = this.#text[this.#at]!;
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const fence = isLong ? quote.repeat(3) : quote;
    const start = this.#at + fence.length;
    let end = start;
    while (end < this.#text.length && !this.#text.startsWith(fence, end)) {
      end += quote === '"' && this.#text[end] === '\\' ? 2 : 1;
    }
    const value = this.#text.slice(start, end);
    this.#move(end + fence.length - this.#at);
    // A long string may end in up to two quotes of its own.
    if (isLong) while (this.takeText(quote));
    return value;
  }

  #move(count: number): void {
    const end = Math.min(this.#at + count, this.#text.length);
    for (let at = this.#at; at < end; at++) if (this.#text.charCodeAt(at) === 10) this.#line++;
    this.#at = end;
  }
}
