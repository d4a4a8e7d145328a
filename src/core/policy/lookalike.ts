import type { ProjectName } from '../python/name.ts';

/** A name that another one could be mistaken for, and in which way. */
export type Lookalike = {
  readonly other: string;
  readonly how: 'separators' | 'one-edit' | 'swapped-words' | 'confusable-letters';
};

/** Shorter names have too many honest neighbours one letter away. */
const SHORTEST_FOR_EDITS = 6;

/** Letters and digits that look alike in many fonts, folded to one; names are ASCII already (PEP 503). */
function foldConfusables(name: string): string {
  return name
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[1i]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's');
}

/** `-` is the only separator in a normalised name. */
function withoutSeparators(name: string): string {
  return name.replaceAll('-', '');
}

function sortedWords(name: string): string {
  return name.split('-').sort().join('-');
}

/**
 * True when `a` becomes `b` by one insertion, deletion, replacement, or swap of neighbours (restricted
 * Damerau-Levenshtein distance 1). Linear: it compares up to the first difference and then the rest.
 */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1);
  if (short.slice(start + 1) === long.slice(start + 1)) return true;
  const swapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return swapped && short.slice(start + 2) === long.slice(start + 2);
}

/** Names to compare with, prepared once: building it is linear, asking it takes a few dozen look-ups. */
export type LookalikeIndex = {
  /** True when `name` is one of the protected names itself. */
  has(name: string): boolean;
  find(name: ProjectName): Lookalike | undefined;
};

/**
 * @param names the names to protect, the most important first (the team's own, then popular ones by rank); a name in this
 *   list is never a lookalike itself
 */
export function indexLookalikes(names: readonly string[]): LookalikeIndex {
  const known = new Set(names);
  const bySeparators = firstWins(names, withoutSeparators);
  const byConfusables = firstWins(names, (name) => foldConfusables(withoutSeparators(name)));
  const byWords = firstWins(
    names.filter((name) => name.includes('-')),
    sortedWords,
  );
  // Bucketed by length, a question compares some 5,000 short strings up to their first difference: well below 1 ms.
  const byLength = new Map<number, string[]>();
  for (const name of names) {
    if (name.length < SHORTEST_FOR_EDITS) continue;
    const bucket = byLength.get(name.length);
    if (bucket) bucket.push(name);
    else byLength.set(name.length, [name]);
  }
  return {
    has: (name) => known.has(name),
    find(name) {
      if (known.has(name)) return undefined;
      const separators = bySeparators.get(withoutSeparators(name));
      if (separators !== undefined) return { other: separators, how: 'separators' };
      const letters = byConfusables.get(foldConfusables(withoutSeparators(name)));
      if (letters !== undefined) return { other: letters, how: 'confusable-letters' };
      const words = name.includes('-') ? byWords.get(sortedWords(name)) : undefined;
      if (words !== undefined) return { other: words, how: 'swapped-words' };
      if (name.length < SHORTEST_FOR_EDITS) return undefined;
      for (const length of [name.length, name.length - 1, name.length + 1]) {
        const other = byLength.get(length)?.find((candidate) => isOneEdit(name, candidate));
        if (other !== undefined) return { other, how: 'one-edit' };
      }
      return undefined;
    },
  };
}

function firstWins(names: readonly string[], key: (name: string) => string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const name of names) if (!map.has(key(name))) map.set(key(name), name);
  return map;
}
