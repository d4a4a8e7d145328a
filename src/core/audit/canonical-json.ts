/**
 * JSON with sorted keys and no spaces (the shape of RFC 8785): equal values give equal text, so that a hash over it can be
 * recomputed from what was stored. Dates become ISO text and undefined properties vanish, as `JSON.stringify` has it.
 * @throws {TypeError} for what JSON cannot carry (NaN, a bigint, a function): a silent `null` would record something else
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  // Sorted by UTF-16 code units, which is how Array.sort compares strings.
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
