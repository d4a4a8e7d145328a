import { decodeUtf8 } from './tar-header.ts';

/** Records of a pax extended header; of two with the same key the last one counts. */
export type PaxRecords = ReadonlyMap<string, string>;

const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/**
 * Reads the body of a pax header (POSIX 1003.1, "pax Extended Header"): `<length> <key>=<value>\n`, until a NUL.
 * Undefined where Python's tarfile finds it damaged. `repeated` has the keys that are given two values.
 */
export function parsePax(body: Uint8Array): { records: PaxRecords; repeated: ReadonlySet<string> } | undefined {
  const records = new Map<string, string>();
  const repeated = new Set<string>();
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const space = body.indexOf(SPACE, at);
    const digits = space < 0 || space - at > 20 ? '' : Buffer.from(body.subarray(at, space)).toString('latin1');
    const length = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    const end = at + length - 1;
    const equals = body.indexOf(EQUALS, space + 1);
    if (length < 5 || end >= body.length || body[end] !== NEWLINE || equals <= space + 1 || equals >= end)
      return undefined;
    const key = decodeUtf8(body.subarray(space + 1, equals));
    const value = decodeUtf8(body.subarray(equals + 1, end));
    if ((records.get(key) ?? value) !== value) repeated.add(key);
    records.set(key, value);
    at = end + 1;
  }
  return { records, repeated };
}
