import { crc32, deflateRawSync } from 'node:zlib';
import { aZip, extraField, type ZipEntry } from './a-zip.ts';
import { encode, joinBytes, uint16, uint32 } from './bytes.ts';

/** A zip archive that at least one reader takes for another one than the rest, or a plain one (without codes). */
export type HostileZip = {
  readonly why: string;
  readonly bytes: Uint8Array;
  /** What our reader has to report, all of it, in alphabetical order. */
  readonly codes: readonly string[];
};

/** `print("hi")` and a line end, compressed by Python. */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWWBANDMAAATRgAAQEGAAYVQAIAAiAaHqEAMKVibBaHi7kinChIMCAaGY', 'base64');
const LZMA = Buffer.from('CQQFAF0AAIAAADgciVaMC5lgOccwzF8at1n///AawAA=', 'base64');
const SATURATED = 0xffffffff;
const GOOD = 'print("good")\n';
const EVIL = 'print("evil")\n';
const good: ZipEntry = { name: 'good.py', data: GOOD };

export const hostileZips: readonly HostileZip[] = [
  { why: 'deflated members', bytes: aZip([good, { name: 'b.py', data: EVIL }]), codes: [] },
  { why: 'stored members', bytes: aZip([{ ...good, method: 0 }]), codes: [] },
  { why: 'an archive without members', bytes: aZip([]), codes: [] },
  {
    why: 'sizes behind the data',
    bytes: aZip([
      { ...good, descriptor: true },
      { name: 'b', data: 'b' },
    ]),
    codes: [],
  },
  { why: 'a zip64 end record', bytes: aZip([good], { zip64: true }), codes: [] },
  {
    why: 'sizes in a zip64 field of the header',
    bytes: aZip([{ ...good, method: 0, local: { size: SATURATED, compressedSize: SATURATED, extra: zip64(14, 14) } }]),
    codes: [],
  },
  {
    why: 'sizes in a zip64 field of both',
    bytes: aZip([
      {
        ...good,
        method: 0,
        local: { size: SATURATED, compressedSize: SATURATED, extra: zip64(14, 14) },
        central: { size: SATURATED, compressedSize: SATURATED, extra: zip64(14, 14) },
      },
    ]),
    codes: [],
  },
  {
    why: 'another size in the zip64 field of the header',
    bytes: aZip([{ ...good, method: 0, local: { size: SATURATED, compressedSize: SATURATED, extra: zip64(14, 99) } }]),
    codes: ['local-header-differs'],
  },
  { why: 'a comment', bytes: aZip([good], { comment: encode('made by hand') }), codes: [] },
  { why: 'a folder of its own', bytes: aZip([{ name: 'pkg/', method: 0 }, { name: 'pkg/a.py' }]), codes: [] },
  { why: 'a bzip2 member', bytes: aZip([packed(12, BZIP2)]), codes: [] },
  { why: 'an lzma member', bytes: aZip([packed(14, LZMA)]), codes: ['unsupported-compression'] },
  { why: 'a method nobody has', bytes: aZip([packed(98, BZIP2)]), codes: ['unsupported-compression'] },

  {
    why: 'the same name twice on one header',
    bytes: aZip([good, { ...good, local: 'absent', central: { offset: 0 } }]),
    codes: ['overlap'],
  },
  {
    why: 'another name in the header than in the directory',
    bytes: aZip([{ ...good, local: { name: 'evil.py' } }]),
    codes: ['local-name'],
  },
  {
    why: 'two entries of the directory on one header',
    bytes: aZip([good, { name: 'evil.py', data: GOOD, local: 'absent', central: { offset: 0 } }]),
    codes: ['local-name', 'overlap'],
  },
  { why: 'a wrong sum', bytes: aZip([{ ...good, local: { crc: 1 }, central: { crc: 1 } }]), codes: ['crc-mismatch'] },
  {
    why: 'a size that is too small, with the sum of what is left',
    bytes: aZip([shrunk(deflateRawSync(GOOD))]),
    codes: ['size-mismatch'],
  },
  {
    why: 'a size that is too small, with the old sum',
    bytes: aZip([{ ...good, local: { size: 5 }, central: { size: 5 } }]),
    codes: ['crc-mismatch', 'size-mismatch'],
  },
  {
    why: 'a size that is too large',
    bytes: aZip([{ ...good, local: { size: 50 }, central: { size: 50 } }]),
    codes: ['size-mismatch'],
  },
  { why: 'a way out of the archive', bytes: aZip([{ name: '../evil.py', data: EVIL }]), codes: ['parent-path'] },
  { why: 'an absolute path', bytes: aZip([{ name: '/etc/evil.py', data: EVIL }]), codes: ['absolute-path'] },
  { why: 'a drive', bytes: aZip([{ name: 'C:evil.py', data: EVIL }]), codes: ['drive-letter', 'windows-name'] },
  { why: 'a backslash', bytes: aZip([{ name: 'pkg\\evil.py', data: EVIL }]), codes: ['backslash'] },
  { why: 'a NUL in the name', bytes: aZip([{ name: 'good.py\0.txt', data: GOOD }]), codes: ['nul-in-name'] },
  { why: 'a line end in the name', bytes: aZip([{ name: 'good.py\nx', data: GOOD }]), codes: ['control-in-name'] },
  {
    why: 'another name in the unicode-path field',
    bytes: aZip([{ ...good, extra: unicodePath('good.py', 'evil.py') }]),
    codes: ['unicode-path'],
  },
  {
    why: 'another name in the unicode-path field of the header only',
    bytes: aZip([{ ...good, local: { extra: unicodePath('good.py', 'evil.py') } }]),
    codes: ['unicode-path'],
  },
  {
    why: 'the same name in the unicode-path field',
    bytes: aZip([{ ...good, extra: unicodePath('good.py', 'good.py') }]),
    codes: [],
  },
  { why: 'something in front', bytes: aZip([good], { prefix: encode('#!/bin/sh\n') }), codes: ['prefix-bytes'] },
  {
    why: 'something in front that the offsets count',
    bytes: aZip([good], { prefix: encode('#!/bin/sh\n'), offsetsCountPrefix: true }),
    codes: ['prefix-bytes'],
  },
  { why: 'zeroes in front', bytes: aZip([good], { prefix: new Uint8Array(512) }), codes: ['zero-padding'] },
  {
    why: 'two archives in a row',
    bytes: joinBytes([aZip([{ name: 'evil.py', data: EVIL }]), aZip([good])]),
    codes: ['prefix-bytes'],
  },
  {
    why: 'an archive in the comment of another',
    bytes: aZip([{ name: 'evil.py', data: EVIL }], { comment: aZip([good]) }),
    codes: ['prefix-bytes'],
  },
  {
    why: 'an archive in the comment of another, whose member both share',
    bytes: sharedMember(),
    codes: ['hidden-records'],
  },
  { why: 'bytes behind the end', bytes: aZip([good], { suffix: encode('tail') }), codes: ['trailing-bytes'] },
  {
    why: 'an end record in an extra field',
    bytes: aZip([{ ...good, central: { extra: extraField(0x9999, encode('PK\x05\x06'.padEnd(22, '\0'))) } }]),
    codes: ['second-end-record'],
  },
  {
    why: 'fewer members counted than listed',
    bytes: aZip([good, { name: 'b', data: 'b' }], { count: 1 }),
    codes: ['count-mismatch'],
  },
  {
    why: 'a member that the directory leaves out',
    bytes: aZip([good, { name: 'evil.py', data: EVIL, central: 'absent' }]),
    codes: ['hidden-records'],
  },
  {
    why: 'a member that the directory leaves out, in front',
    bytes: aZip([{ name: 'evil.py', data: EVIL, central: 'absent' }, good]),
    codes: ['prefix-bytes'],
  },
  {
    why: 'a member of the directory that is not there',
    bytes: aZip([good, { name: 'b.py', local: 'absent', central: { offset: 3 } }]),
    codes: ['local-header-missing', 'overlap'],
  },
  { why: 'bytes between member and directory', bytes: aZip([good], { gap: encode('gap') }), codes: ['stray-bytes'] },
  {
    why: 'a symbolic link',
    bytes: aZip([{ name: 'link', data: '../../etc/passwd', mode: 0o120777 }]),
    codes: ['symlink-member'],
  },
  { why: 'a pipe', bytes: aZip([{ ...good, mode: 0o010644 }]), codes: ['special-member'] },
  { why: 'a folder by its mode alone', bytes: aZip([{ ...good, mode: 0o040755 }]), codes: ['directory-with-data'] },
  {
    why: '70 MB of zeroes',
    bytes: aZip([{ name: 'bomb', data: new Uint8Array(70e6) }]),
    codes: ['bomb'],
  },
  { why: 'an encrypted member', bytes: aZip([{ ...good, flags: 0x801 }]), codes: ['encrypted'] },
  {
    why: 'another method in the header',
    bytes: aZip([{ ...good, local: { method: 0 } }]),
    codes: ['local-header-differs'],
  },
  {
    why: 'another sum in the header',
    bytes: aZip([{ ...good, local: { crc: 1 } }]),
    codes: ['local-header-differs'],
  },
  {
    why: 'a sum announced behind the data and not there',
    bytes: aZip([{ ...good, flags: 0x808 }]),
    codes: ['descriptor-missing'],
  },
  {
    why: 'bytes behind the compressed data of a member',
    bytes: aZip([{ ...good, packed: joinBytes([deflateRawSync(GOOD), encode(EVIL)]) }]),
    codes: ['trailing-data'],
  },
  {
    why: 'compressed data that are cut off',
    bytes: aZip([{ ...good, packed: deflateRawSync(GOOD).subarray(0, -4) }]),
    codes: ['damaged-data'],
  },
  {
    why: 'a zip64 record that says something else',
    bytes: aZip([good], { zip64: true }).map((byte, at, all) =>
      // The 32-bit count in the end record.
      at === all.length - 12 || at === all.length - 14 ? 2 : byte,
    ),
    codes: ['zip64-disagrees'],
  },
  {
    why: 'a name in code page 437',
    bytes: aZip([{ name: Uint8Array.of(0x81, 0x2e, 0x70, 0x79), flags: 0, data: GOOD }]),
    codes: ['name-encoding'],
  },
  { why: 'a folder with data', bytes: aZip([{ name: 'pkg/', data: EVIL }]), codes: ['directory-with-data'] },
  { why: 'another disk', bytes: aZip([{ ...good, central: { disk: 1 } }]), codes: ['multi-disk'] },
];

/** Size and packed size, both below 256. */
function zip64(size: number, compressedSize: number): Uint8Array {
  return extraField(1, joinBytes([size, compressedSize].map((value) => Uint8Array.of(value, 0, 0, 0, 0, 0, 0, 0))));
}

function packed(method: number, bytes: Uint8Array): ZipEntry {
  return { name: 'a.py', data: 'print("hi")\n', method, packed: bytes };
}

/** The size says 5 and so does the sum: Python is content, a reader that goes by the compressed data shows more. */
function shrunk(bytes: Uint8Array): ZipEntry {
  const lie = { size: 5, crc: crc32(GOOD.slice(0, 5)) };
  return { name: 'good.py', data: GOOD, packed: bytes, local: lie, central: lie };
}

function unicodePath(name: string, other: string): Uint8Array {
  return extraField(0x7075, joinBytes([Uint8Array.of(1), uint32(crc32(name)), encode(other)]));
}

/** Two directories over one member: the one in front is in force for a reader that goes by the comment's length. */
function sharedMember(): Uint8Array {
  const outer = aZip([good]);
  const inner = aZip([{ ...good, name: 'evil.py', local: 'absent', central: { name: 'good.py', offset: 0 } }]);
  const directoryAt = outer.length;
  const second = joinBytes([inner.subarray(0, -6), uint32(directoryAt), uint16(0)]);
  return joinBytes([outer.subarray(0, -2), uint16(second.length), second]);
}
