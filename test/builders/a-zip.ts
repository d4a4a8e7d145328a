import { crc32, deflateRawSync } from 'node:zlib';
import { encode, joinBytes, uint16, uint32 } from './bytes.ts';

/** Header fields that a test may set to a lie, in the local header or in the central directory. */
export type ZipHeader = {
  name: string | Uint8Array;
  method: number;
  flags: number;
  crc: number;
  compressedSize: number;
  size: number;
  extra: Uint8Array;
};

/** One member; everything but `name` has an honest default. */
export type ZipEntry = {
  name: string | Uint8Array;
  data?: string | Uint8Array;
  /** 0 stored, 8 deflated (default); any other method needs `packed`. */
  method?: number;
  /** The bytes as they stand in the file, when not ours to compress. */
  packed?: Uint8Array;
  flags?: number;
  /** Unix mode in the upper half of the external attributes. */
  mode?: number;
  extra?: Uint8Array;
  /** Writes zeroes into the local header and a data descriptor behind the data. */
  descriptor?: boolean;
  /** Lies of the local header; `'absent'` writes neither header nor data. */
  local?: Partial<ZipHeader> | 'absent';
  /** Lies of the central directory; `'absent'` leaves the member out of it. */
  central?: (Partial<ZipHeader> & { offset?: number; disk?: number }) | 'absent';
};

export type ZipOver = {
  /** Bytes before the first member; offsets do not count them unless `offsetsCountPrefix`. */
  prefix?: Uint8Array;
  offsetsCountPrefix?: boolean;
  comment?: Uint8Array;
  suffix?: Uint8Array;
  /** Lies of the end record. */
  count?: number;
  directorySize?: number;
  directoryOffset?: number;
  /** Bytes between the last member and the directory. */
  gap?: Uint8Array;
  /** Adds a zip64 end record and locator in front of the end record. */
  zip64?: boolean;
};

const UTF8 = 0x800;
const DOS_DATE = 0x21; // 1980-01-01: the first day that zip knows, so that equal input gives equal bytes

/** A zip file, valid unless an entry or `over` tells it to lie. */
export function aZip(entries: readonly ZipEntry[], over: ZipOver = {}): Uint8Array {
  const parts: Uint8Array[] = [over.prefix ?? new Uint8Array()];
  const directory: Uint8Array[] = [];
  const base = over.offsetsCountPrefix === true ? 0 : (over.prefix?.length ?? 0);
  let offset = parts[0]?.length ?? 0;
  let counted = 0;
  const push = (bytes: Uint8Array) => {
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const entry of entries) {
    const honest = honestHeader(entry);
    const at = offset - base;
    if (entry.local !== 'absent') {
      const packed = packedBytes(entry);
      const sums = { crc: honest.crc, compressedSize: packed.length, size: honest.size };
      const zeroed = entry.descriptor === true ? { crc: 0, compressedSize: 0, size: 0 } : {};
      push(localHeader({ ...honest, ...zeroed, ...entry.local }));
      push(packed);
      if (entry.descriptor === true)
        push(joinBytes([uint32(0x08074b50), uint32(sums.crc), uint32(sums.compressedSize), uint32(sums.size)]));
    }
    if (entry.central === 'absent') continue;
    directory.push(centralHeader({ ...honest, offset: at, disk: 0, ...entry.central }, entry.mode));
    counted++;
  }
  push(over.gap ?? new Uint8Array());
  const directoryOffset = over.directoryOffset ?? offset - base;
  const directoryBytes = joinBytes(directory);
  push(directoryBytes);
  const count = over.count ?? counted;
  const directorySize = over.directorySize ?? directoryBytes.length;
  if (over.zip64 === true) push(zip64Records(count, directorySize, directoryOffset, offset - base));
  push(endRecord(count, directorySize, directoryOffset, over.comment ?? new Uint8Array()));
  push(over.suffix ?? new Uint8Array());
  return joinBytes(parts);
}

/** An extra field: id, length, data. */
export function extraField(id: number, data: Uint8Array): Uint8Array {
  return joinBytes([uint16(id), uint16(data.length), data]);
}

function honestHeader(entry: ZipEntry): ZipHeader {
  const data = encode(entry.data ?? '');
  return {
    name: entry.name,
    method: entry.method ?? 8,
    flags: (entry.flags ?? UTF8) | (entry.descriptor === true ? 8 : 0),
    crc: crc32(data),
    compressedSize: packedBytes(entry).length,
    size: data.length,
    extra: entry.extra ?? new Uint8Array(),
  };
}

function packedBytes(entry: ZipEntry): Uint8Array {
  if (entry.packed !== undefined) return entry.packed;
  const data = encode(entry.data ?? '');
  return (entry.method ?? 8) === 8 ? deflateRawSync(data) : data;
}

function localHeader({ name, method, flags, crc, compressedSize, size, extra }: ZipHeader): Uint8Array {
  const nameBytes = encode(name);
  return joinBytes([
    uint32(0x04034b50),
    uint16(20),
    uint16(flags),
    uint16(method),
    uint16(0),
    uint16(DOS_DATE),
    uint32(crc),
    uint32(compressedSize),
    uint32(size),
    uint16(nameBytes.length),
    uint16(extra.length),
    nameBytes,
    extra,
  ]);
}

function centralHeader(header: ZipHeader & { offset: number; disk: number }, mode = 0o100644): Uint8Array {
  const nameBytes = encode(header.name);
  const madeByUnix = 3 << 8;
  return joinBytes([
    uint32(0x02014b50),
    uint16(madeByUnix | 20),
    uint16(20),
    uint16(header.flags),
    uint16(header.method),
    uint16(0),
    uint16(DOS_DATE),
    uint32(header.crc),
    uint32(header.compressedSize),
    uint32(header.size),
    uint16(nameBytes.length),
    uint16(header.extra.length),
    uint16(0),
    uint16(header.disk),
    uint16(0),
    uint32(mode * 0x10000),
    uint32(header.offset),
    nameBytes,
    header.extra,
  ]);
}

function zip64Records(count: number, size: number, offset: number, at: number): Uint8Array {
  const uint64 = (value: number) => joinBytes([uint32(value), uint32(Math.floor(value / 2 ** 32))]);
  return joinBytes([
    uint32(0x06064b50),
    uint64(44),
    uint16(45),
    uint16(45),
    uint32(0),
    uint32(0),
    uint64(count),
    uint64(count),
    uint64(size),
    uint64(offset),
    uint32(0x07064b50),
    uint32(0),
    uint64(at),
    uint32(1),
  ]);
}

function endRecord(count: number, size: number, offset: number, comment: Uint8Array): Uint8Array {
  return joinBytes([
    uint32(0x06054b50),
    uint16(0),
    uint16(0),
    uint16(count),
    uint16(count),
    uint32(size),
    uint32(offset),
    uint16(comment.length),
    comment,
  ]);
}
