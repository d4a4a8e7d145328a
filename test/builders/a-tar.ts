import { gzipSync } from 'node:zlib';
import { encode, joinBytes } from './bytes.ts';

/** One member; everything but `name` has an honest default. */
export type TarEntry = {
  name: string;
  data?: string | Uint8Array;
  /** Type flag: '0' file (default), '1' hard link, '2' symbolic link, '5' directory, 'x' and 'g' pax headers, ... */
  type?: string;
  linkName?: string;
  mode?: number;
  /** Records of a pax header in front of this member. */
  pax?: Readonly<Record<string, string>>;
  /** Bytes in the size field, when it shall lie. */
  size?: number;
  /** Overwrites bytes of the finished header before its sum is taken: offset → text. */
  patch?: Readonly<Record<number, string | Uint8Array>>;
  /** The sum that is written instead of the right one. */
  sum?: number;
};

export type TarOver = {
  /** gzip by default. */
  compression?: 'none' | 'gzip';
  /** Blocks behind the last member; two empty ones by default. */
  end?: Uint8Array;
};

/** A tar file (ustar), valid unless an entry or `over` tells it to lie. */
export function aTar(entries: readonly TarEntry[], over: TarOver = {}): Uint8Array {
  const tar = joinBytes([...entries.flatMap(memberBlocks), over.end ?? new Uint8Array(1024)]);
  return over.compression === 'none' ? tar : new Uint8Array(gzipSync(tar));
}

/** The body of a pax header: each record is `<length> <key>=<value>\n` and counts itself. */
export function paxRecords(records: Readonly<Record<string, string>>): Uint8Array {
  return joinBytes(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
}

function paxRecord(key: string, value: string): Uint8Array {
  const body = encode(` ${key}=${value}\n`);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return joinBytes([encode(String(length)), body]);
}

function memberBlocks(entry: TarEntry): Uint8Array[] {
  const data = encode(entry.data ?? '');
  const pax = entry.pax === undefined ? [] : memberBlocks({ name: 'pax', type: 'x', data: paxRecords(entry.pax) });
  return [...pax, header(entry, entry.size ?? data.length), data, new Uint8Array((512 - (data.length % 512)) % 512)];
}

function header(entry: TarEntry, size: number): Uint8Array {
  const block = new Uint8Array(512);
  const write = (at: number, data: string | Uint8Array) => block.set(encode(data), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  write(0, encode(entry.name).subarray(0, 100));
  write(100, octal(entry.mode ?? 0o644, 7));
  write(108, octal(0, 7));
  write(116, octal(0, 7));
  write(124, octal(size, 11));
  write(136, octal(0, 11));
  write(156, entry.type ?? '0');
  write(157, encode(entry.linkName ?? '').subarray(0, 100));
  write(257, 'ustar\x0000');
  for (const [at, data] of Object.entries(entry.patch ?? {})) write(Number(at), data);
  write(148, ' '.repeat(8));
  const sum = entry.sum ?? block.reduce((total, byte) => total + byte, 0);
  write(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}
