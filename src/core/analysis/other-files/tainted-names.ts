/** Names and file names of a script that hold what came over the network, and which name stands for which other. */
export class TaintedNames {
  readonly #tainted = new Set<string>();
  readonly #sameAs = new Map<string, readonly string[]>();

  /** From now on `name` stands for these, whatever it was before. */
  rename(name: string, values: readonly string[]): void {
    this.#sameAs.set(name, values.slice(0, MAX_VALUES));
    this.#tainted.delete(name);
  }

  taint(name: string): void {
    for (const each of this.#all(name)) this.#tainted.add(each);
  }

  has(name: string): boolean {
    return this.#all(name).some((each) => this.#tainted.has(each));
  }

  get isEmpty(): boolean {
    return this.#tainted.size === 0;
  }

  /** The name and what it stands for, two steps far: `dir=…; file=$dir/x; curl -o $file`. */
  #all(name: string): readonly string[] {
    const direct = this.#sameAs.get(name);
    if (direct === undefined) return [name];
    return [name, ...direct, ...direct.flatMap((each) => this.#sameAs.get(each) ?? [])];
  }
}

const MAX_VALUES = 8;
