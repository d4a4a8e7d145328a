import { unreadable } from './unreadable.ts';

export type ZipSizes = { readonly compressedSize: number; readonly size: number; readonly offset: number };

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
const SATURATED = 0xffffffff;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Python's reading of a directory entry's extra fields: 64-bit numbers where the 32-bit ones are saturated, and the
 * Info-ZIP name when its sum fits (honoured since Python 3.12).
 * @param nameCrc CRC-32 of the name as stored
 * @throws {WheelgateError} ARCHIVE_UNREADABLE where Python raises
 */
export function readZipExtra(extra: Buffer, narrow: ZipSizes, nameCrc: number): ZipSizes & { unicodePath?: string } {
  let { compressedSize, size, offset } = narrow;
  let unicodePath: string | undefined;
  for (const { id, data } of extraFields(extra)) {
    if (id === ZIP64) {
      let at = 0;
      const next = () => {
        if (at + 8 > data.length) throw unreadable('a zip64 field of the zip archive is cut off');
        at += 8;
        return Number(data.readBigUInt64LE(at - 8));
      };
      if (size === SATURATED) size = next();
      if (compressedSize === SATURATED) compressedSize = next();
      if (offset === SATURATED) offset = next();
    } else if (id === UNICODE_PATH) {
      unicodePath = readUnicodePath(data, nameCrc) ?? unicodePath;
    }
  }
  return { compressedSize, size, offset, ...(unicodePath === undefined ? {} : { unicodePath }) };
}

/**
 * What a local header's extra fields say; Python never asks them, other readers do. Fields that are cut off are passed over:
 * tools pad here.
 */
export function readLocalExtra(
  extra: Buffer,
  narrow: Omit<ZipSizes, 'offset'>,
): Omit<ZipSizes, 'offset'> & { name?: string } {
  let { compressedSize, size } = narrow;
  let name: string | undefined;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at);
    const data = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    if (id === UNICODE_PATH && data.length > 5) name = data.subarray(5).toString();
    if (id === ZIP64 && data.length >= 8) {
      const needed = [size, compressedSize].filter((value) => value === SATURATED).length;
      if (size === SATURATED) size = Number(data.readBigUInt64LE(0));
      if (compressedSize === SATURATED && data.length >= 8 * needed)
        compressedSize = Number(data.readBigUInt64LE(8 * (needed - 1)));
    }
    at += 4 + data.length;
  }
  return { compressedSize, size, ...(name === undefined ? {} : { name }) };
}

function readUnicodePath(data: Buffer, nameCrc: number): string | undefined {
  if (data.length < 5) throw unreadable('a name field of the zip archive is cut off');
  if (data[0] !== 1 || data.readUInt32LE(1) !== nameCrc || data.length === 5) return undefined;
  try {
    return strictUtf8.decode(data.subarray(5));
  } catch (error) {
    throw unreadable('a name field of the zip archive is not UTF-8', error);
  }
}

/** @throws {WheelgateError} ARCHIVE_UNREADABLE when a field is longer than the room for it */
function extraFields(extra: Buffer): { id: number; data: Buffer }[] {
  const fields: { id: number; data: Buffer }[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) throw unreadable('an extra field of the zip archive is cut off');
    fields.push({ id: extra.readUInt16LE(at), data: extra.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}
