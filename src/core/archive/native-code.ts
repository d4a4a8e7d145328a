/** How much of the start of a file `nativeFormat` wants to see. */
export const NATIVE_HEAD_BYTES = 1024;

/** Tells compiled code by its first bytes: ELF, PE (Windows), Mach-O (thin and fat). Undefined for anything else. */
export function nativeFormat(head: Uint8Array): 'elf' | 'pe' | 'mach-o' | undefined {
  if (head.length < 64 || !FIRST_BYTES.has(head[0]!)) return undefined;
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) return 'elf';
  if (MACH_O.has(magic)) return 'mach-o';
  // Java classes begin with the same four bytes: there a version above 40 follows, here a small number of architectures.
  if ((magic === 0xcafebabe || magic === 0xcafebabf) && bytes.readUInt32BE(4) < 40) return 'mach-o';
  if (bytes.readUInt16BE(0) !== 0x4d5a) return undefined;
  const at = bytes.readUInt32LE(60);
  return at + 4 <= bytes.length && bytes.readUInt32BE(at) === 0x50450000 ? 'pe' : undefined;
}

const FIRST_BYTES = new Set([0x7f, 0x4d, 0xfe, 0xce, 0xcf, 0xca]);
const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);
