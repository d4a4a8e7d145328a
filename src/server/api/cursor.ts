import { InputError } from '../../core/errors.ts';

/** Where a page ended, as the opaque text that a client hands back. @param after the key of its last entry */
function encodeCursor(after: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(after)).toString('base64url');
}

/**
 * Reads a cursor back. @returns undefined for the first page
 * @param size how many parts the key has
 * @throws {InputError} when this server did not write it
 */
export function decodeCursor(cursor: string | undefined, size: number): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const after: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(after) && after.length === size && after.every(isKey)) return after;
  } catch {
    // Falls through to the refusal.
  }
  throw new InputError([{ path: 'query.cursor', message: 'is no cursor of this list: take it from "next"' }]);
}

/**
 * Cuts one page out of rows that were read with one more than the limit.
 * @param keyOf what the order of the list is made of; the next page begins behind it
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
