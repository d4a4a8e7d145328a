/** A run of characters of one kind: `text.slice(start, end)`. */
export type FoundRun = { readonly start: number; readonly end: number };

/**
 * The first run of at least `least` characters of one kind that `endsIn` accepts. Looks at every `least`th character only: a
 * pattern would try each of the many short runs of indented code.
 * @param isOne by UTF-16 code unit
 * @param endsIn is given the character behind the run, empty at the end of the text
 */
export function findRun(
  text: string,
  isOne: (code: number) => boolean,
  least: number,
  endsIn: (next: string) => boolean,
): FoundRun | undefined {
  for (let at = least - 1; at < text.length; at += least) {
    if (!isOne(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isOne(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isOne(text.charCodeAt(end))) end++;
    if (end - start >= least && endsIn(text.slice(end, end + 1))) return { start, end };
    at = end;
  }
  return undefined;
}

/** Space, tab or form feed: what Python takes for indentation. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0c;
}

export function isNewline(code: number): boolean {
  return code === 0x0a;
}
