/** True when one of `patterns` (a name, or a prefix that ends in `*`) covers the normalised `name`. */
export function matchesAnyName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const normalised = pattern.toLowerCase().replace(/[-_.]+/g, '-');
    return normalised.endsWith('*') ? name.startsWith(normalised.slice(0, -1)) : name === normalised;
  });
}
