const MOST = 100;

/**
 * Collects what could not be read on a page, one printable line each. Bounded: a hostile page must not fill the log or
 * the database.
 */
export class ProblemList {
  readonly #lines: string[] = [];
  #more = 0;

  add(line: string): void {
    if (this.#lines.length < MOST) this.#lines.push(line);
    else this.#more += 1;
  }

  lines(): readonly string[] {
    return this.#more === 0 ? this.#lines : [...this.#lines, `and ${this.#more} more`];
  }
}
