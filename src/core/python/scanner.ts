/** Reads a text from left to right with sticky patterns (flag `y`), and knows the column for error messages. */
export class Scanner {
  readonly text: string;
  #position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Of the next character, from 1. */
  get column(): number {
    return this.#position + 1;
  }

  get atEnd(): boolean {
    return this.#position === this.text.length;
  }

  /** Moves past `pattern` when it matches here, and gives what it matched. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  /** Moves past spaces and tabs, the only white space of the grammar in PEP 508. */
  skipSpace(): void {
    this.take(/[ \t]*/y);
  }
}
