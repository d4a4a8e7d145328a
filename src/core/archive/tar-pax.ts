import { decodeUtf8 } from './tar-header.ts';

/** The records of a pax extended header that change what a member is; of two with the same key the last one counts. */
export type PaxRecords = ReadonlyMap<string, string>;

const MEANINGFUL = new Set([
  'path',
  'linkpath',
  'size',
  ...['major', 'minor', 'name', 'size', 'realsize', 'map', 'offset', 'numbytes'].map((key) => `GNU.sparse.${key}`),
]);
const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/**
 * Reads the body of a pax header (POSIX 1003.1, "pax Extended Header"): `<length> <key>=<value>\n`, until a NUL.
 * Undefined where Python's tarfile finds it damaged. `repeated` tells that one of them has two values.
 */
export function parsePax(body: Uint8Array): { records: PaxRecords; repeated: boolean } | undefined {
  const records = new Map<string, string>();
  let repeated = false;
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
    if (MEANINGFUL.has(key)) {
      repeated ||= (records.get(key) ?? value) !== value;
      records.set(key, value);
    }
    at = end + 1;
  }
  return { records, repeated };
}
