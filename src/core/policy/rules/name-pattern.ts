import { z } from 'zod';

/** `acme-*` names a prefix, `acme` one project. */
export const namePattern = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\*?$/, 'is not a project name or a prefix that ends in *');

/** True when one of `patterns` (a name, or a prefix that ends in `*`) covers the normalised `name`. */
export function matchesAnyName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const normalised = pattern.toLowerCase().replace(/[-_.]+/g, '-');
    return normalised.endsWith('*') ? name.startsWith(normalised.slice(0, -1)) : name === normalised;
  });
}
