import { gzipSync } from 'node:zlib';
import { aTar, paxRecords, type TarEntry } from './a-tar.ts';
import { aZip } from './a-zip.ts';
import { encode, joinBytes } from './bytes.ts';

/** A tar archive that at least one reader takes for another one than the rest, or a plain one (without codes). */
export type HostileTar = {
  readonly why: string;
  readonly bytes: Uint8Array;
  /** What our reader has to report, all of it, in alphabetical order. */
  readonly codes: readonly string[];
};

const GOOD = 'print("good")\n';
const EVIL = 'print("evil")\n';
const good: TarEntry = { name: 'demo-1/good.py', data: GOOD };
const evil: TarEntry = { name: 'demo-1/evil.py', data: EVIL };
const LONG = `demo-1/${'long/'.repeat(30)}name.py`;

export const hostileTars: readonly HostileTar[] = [
  { why: 'plain members', bytes: aTar([{ name: 'demo-1/', type: '5' }, good, evil]), codes: [] },
  { why: 'no compression', bytes: aTar([good, evil], { compression: 'none' }), codes: [] },
  { why: 'no end', bytes: aTar([good], { end: new Uint8Array() }), codes: [] },
  { why: 'a folder in the form before POSIX', bytes: aTar([{ name: 'demo-1/', type: '\0' }, good]), codes: [] },
  { why: 'a long name by pax', bytes: aTar([{ ...good, name: LONG, pax: { path: LONG, mtime: '1.5' } }]), codes: [] },
  {
    why: 'a name that is not ASCII by pax',
    bytes: aTar([{ ...good, name: 'demo-1/?', pax: { path: 'demo-1/é' } }]),
    codes: [],
  },
  {
    why: 'a long name by GNU',
    bytes: aTar([
      { name: 'L', type: 'L', data: `${LONG}\0` },
      { ...good, name: LONG },
    ]),
    codes: [],
  },
  {
    why: 'a long link by GNU',
    bytes: aTar([good, { name: 'K', type: 'K', data: LONG }, { name: 'demo-1/l', type: '2', linkName: LONG }]),
    codes: [],
  },
  { why: 'the comment that git writes', bytes: aTar([pax('g', { comment: 'a1b2' }), good]), codes: [] },
  { why: 'a prefix field', bytes: aTar([{ ...good, patch: { 345: 'folder' } }]), codes: [] },
  { why: 'links inside its folder', bytes: aTar([good, link('2', 'good.py'), link('1', 'demo-1/good.py')]), codes: [] },
  { why: 'a size in base 256', bytes: aTar([{ ...good, patch: { 124: base256(GOOD.length) } }]), codes: [] },

  {
    why: 'another short name by pax',
    bytes: aTar([{ ...good, pax: { path: 'demo-1/evil.py' } }]),
    codes: ['two-names'],
  },
  {
    why: 'another short name by GNU',
    bytes: aTar([{ name: 'L', type: 'L', data: 'demo-1/evil.py' }, good]),
    codes: ['two-names'],
  },
  {
    why: 'two long names',
    bytes: aTar([
      { name: 'L', type: 'L', data: LONG },
      { ...good, pax: { path: `${LONG}x` } },
    ]),
    codes: ['two-names'],
  },
  {
    why: 'one key with two values',
    bytes: aTar([
      { name: 'x', type: 'x', data: joinBytes([paxRecords({ path: LONG }), paxRecords({ path: `${LONG}x` })]) },
      good,
    ]),
    codes: ['two-names'],
  },
  {
    why: 'another link target by pax',
    bytes: aTar([{ ...link('2', 'good.py'), pax: { linkpath: 'evil.py' } }]),
    codes: ['two-names'],
  },
  {
    why: 'a size by pax that hides a member',
    bytes: aTar([{ name: 'demo-1/a', data: evilTar(), size: 0, pax: { size: String(evilTar().length) } }, good]),
    codes: ['two-sizes'],
  },
  { why: 'a size by pax that is no number', bytes: aTar([{ name: 'demo-1/a', pax: { size: 'x' } }, good]), codes: [] },
  {
    why: 'a name for all members',
    bytes: aTar([pax('g', { path: 'demo-1/evil.py' }), good]),
    codes: ['global-override'],
  },
  { why: 'a size for all members', bytes: aTar([pax('g', { size: '3' }), good]), codes: ['global-override'] },
  {
    why: 'a prefix in a GNU header',
    bytes: aTar([{ ...good, patch: { 257: 'ustar  \0', 345: 'folder' } }]),
    codes: ['prefix-field'],
  },
  {
    why: 'a link that says it has data',
    bytes: aTar([{ ...link('2', 'good.py'), size: 1024 }, good]),
    codes: ['size-without-data'],
  },
  { why: 'a sparse member', bytes: aTar([{ ...good, type: 'S' }]), codes: ['sparse-member'] },
  {
    why: 'a sparse member by pax',
    bytes: aTar([{ ...good, pax: { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '9' } }]),
    codes: ['sparse-member'],
  },
  { why: 'a device', bytes: aTar([good, { name: 'demo-1/null', type: '3' }]), codes: ['special-member'] },
  { why: 'a pipe', bytes: aTar([good, { name: 'demo-1/pipe', type: '6' }]), codes: ['special-member'] },
  { why: 'a type nobody has', bytes: aTar([{ ...good, type: 'Q' }]), codes: ['special-member'] },
  {
    why: 'a wrong sum in a header',
    bytes: aTar([good, { ...evil, sum: 1 }, good]),
    codes: ['bad-header', 'hidden-members'],
  },
  {
    why: 'a size that is no number',
    bytes: aTar([good, { ...evil, patch: { 124: 'x' } }]),
    codes: ['bad-header', 'data-after-end'],
  },
  {
    why: 'a size below zero',
    bytes: aTar([good, { ...evil, patch: { 124: new Uint8Array(12).fill(0xff) } }]),
    codes: ['bad-header', 'data-after-end'],
  },
  {
    why: 'a damaged pax header',
    bytes: aTar([good, { name: 'x', type: 'x', data: '99 path=x\n' }, evil]),
    codes: ['bad-header', 'hidden-members'],
  },
  {
    why: 'members behind the end',
    bytes: joinTars(aTar([good], { compression: 'none' }), evilTar()),
    codes: ['hidden-members'],
  },
  {
    why: 'data behind the end',
    bytes: aTar([good], { end: joinBytes([new Uint8Array(1024), encode(EVIL)]) }),
    codes: ['data-after-end'],
  },
  { why: 'half a header', bytes: aTar([good], { end: new Uint8Array(100).fill(65) }), codes: ['cut-off'] },
  { why: 'half a member', bytes: gzip(aTar([good], { compression: 'none' }).subarray(0, 518)), codes: ['cut-off'] },
  {
    why: 'two gzip files in a row',
    bytes: joinBytes([gzip(memberBlocks(good)), aTar([evil])]),
    codes: ['gzip-members'],
  },
  { why: 'bytes behind the gzip data', bytes: joinBytes([aTar([good]), encode('tail')]), codes: ['trailing-bytes'] },
  { why: 'zeroes behind the gzip data', bytes: joinBytes([aTar([good]), new Uint8Array(600)]), codes: [] },
  {
    why: 'a zip archive behind it',
    bytes: joinBytes([aTar([good]), aZip([{ name: 'a' }])]),
    codes: ['polyglot', 'trailing-bytes'],
  },
  {
    why: 'a wrong sum of the gzip data',
    bytes: aTar([good]).map((byte, at, all) => (at === all.length - 5 ? byte ^ 1 : byte)),
    codes: ['crc-mismatch'],
  },
  { why: 'gzip data that are cut off', bytes: aTar([good]).subarray(0, -20), codes: ['damaged-data'] },
  { why: '70 MB of zeroes', bytes: aTar([{ name: 'bomb', data: new Uint8Array(70e6) }]), codes: ['bomb'] },
  { why: 'a way out of the archive', bytes: aTar([{ ...good, name: '../evil.py' }]), codes: ['parent-path'] },
  { why: 'an absolute path', bytes: aTar([{ ...good, name: '/etc/evil.py' }]), codes: ['absolute-path'] },
  {
    why: 'a name that is not UTF-8',
    bytes: aTar([{ ...good, patch: { 7: Uint8Array.of(0xff) } }]),
    codes: ['name-not-utf8'],
  },
];

function pax(type: 'x' | 'g', records: Record<string, string>): TarEntry {
  return { name: 'pax', type, data: paxRecords(records) };
}

function link(type: '1' | '2', linkName: string): TarEntry {
  return { name: `demo-1/link${type}`, type, linkName };
}

function base256(size: number): Uint8Array {
  return Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, size);
}

function evilTar(): Uint8Array {
  return memberBlocks(evil);
}

function memberBlocks(entry: TarEntry): Uint8Array {
  return aTar([entry], { compression: 'none', end: new Uint8Array() });
}

function joinTars(...tars: Uint8Array[]): Uint8Array {
  return gzip(joinBytes(tars));
}

function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}
