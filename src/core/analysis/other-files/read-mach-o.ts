import { MAX_TABLE_ROWS, type NativeSection, type NativeTables } from './native-tables.ts';
import { textAt } from './text-at.ts';

const FAT = new Set([0xcafebabe, 0xcafebabf]);
const LC_SEGMENT = 1;
const LC_SYMTAB = 2;
const LC_SEGMENT_64 = 25;
const N_TYPE = 0x0e;
const N_STAB = 0xe0;

/**
 * Sections and undefined symbols of a Mach-O file (`mach-o/loader.h`, `mach-o/nlist.h`); of a fat one, of its first
 * architecture.
 * @throws {RangeError} where a table leads out of the file
 */
export function readMachO(file: Buffer): NativeTables {
  const magic = file.readUInt32BE(0);
  if (!FAT.has(magic)) return readThin(file);
  const start = magic === 0xcafebabf ? Number(file.readBigUInt64BE(16)) : file.readUInt32BE(16);
  const thin = file.subarray(start);
  if (thin.length < 32 || FAT.has(thin.readUInt32BE(0))) throw new RangeError('a fat file without a thin one in it');
  return readThin(thin);
}

function readThin(file: Buffer): NativeTables {
  const magic = file.readUInt32LE(0);
  const little = magic === 0xfeedface || magic === 0xfeedfacf;
  const wide = (little ? magic : file.readUInt32BE(0)) === 0xfeedfacf;
  const u32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const sections: NativeSection[] = [];
  const imports: string[] = [];
  let at = wide ? 32 : 28;
  for (let command = Math.min(u32(16), MAX_TABLE_ROWS); command > 0; command--) {
    const kind = u32(at);
    const size = u32(at + 4);
    if (size < 8) break;
    if (kind === LC_SEGMENT_64 || kind === LC_SEGMENT) {
      const is64 = kind === LC_SEGMENT_64;
      const count = Math.min(u32(at + (is64 ? 64 : 48)), 255);
      for (let row = 0; row < count; row++) {
        const section = at + (is64 ? 72 + row * 80 : 56 + row * 68);
        sections.push({
          name: file.toString('latin1', section, section + 16).replace(/\0.*$/s, ''),
          // The upper half of a 64-bit size is zero in every file that fits in memory.
          size: u32(section + (is64 ? (little ? 40 : 44) : 36)),
          offset: u32(section + (is64 ? 48 : 40)),
        });
      }
    } else if (kind === LC_SYMTAB) {
      const symbolsAt = u32(at + 8);
      const namesAt = u32(at + 16);
      const rowSize = wide ? 16 : 12;
      for (let row = 0, rows = Math.min(u32(at + 12), MAX_TABLE_ROWS); row < rows; row++) {
        const symbol = symbolsAt + row * rowSize;
        const type = file.readUInt8(symbol + 4);
        if ((type & N_STAB) === 0 && (type & N_TYPE) === 0) imports.push(textAt(file, namesAt + u32(symbol)));
      }
    }
    at += size;
  }
  return { imports, sections };
}
