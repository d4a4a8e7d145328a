import { MAX_TABLE_ROWS, type NativeSection, type NativeTables } from './native-tables.ts';
import { textAt } from './text-at.ts';

const SHT_DYNSYM = 11;
type Section = NativeSection & { readonly type: number; readonly link: number; readonly rowSize: number };

/**
 * Sections and undefined dynamic symbols of an ELF file (System V ABI, "Sections" and "Symbol Table"), of either width and
 * byte order.
 * @throws {RangeError} where a table leads out of the file
 */
export function readElf(file: Buffer): NativeTables {
  const wide = file[4] === 2;
  const little = file[5] !== 2;
  const u16 = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const u32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const word = (at: number) => (wide ? Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at)) : u32(at));
  const tableAt = word(wide ? 40 : 32);
  const rowSize = u16(wide ? 58 : 46);
  const rows = Math.min(u16(wide ? 60 : 48), MAX_TABLE_ROWS);
  const namesIn = u16(wide ? 62 : 50);
  if (tableAt === 0 || rows === 0) return { imports: [], sections: [] };
  const raw = Array.from({ length: rows }, (_, row) => {
    const at = tableAt + row * rowSize;
    return {
      nameAt: u32(at),
      type: u32(at + 4),
      offset: word(at + (wide ? 24 : 16)),
      size: word(at + (wide ? 32 : 20)),
      link: u32(at + (wide ? 40 : 24)),
      rowSize: word(at + (wide ? 56 : 36)),
    };
  });
  const names = raw[namesIn];
  const sections = raw.map(
    ({ nameAt, ...row }): Section => ({
      ...row,
      name: names === undefined ? '' : textAt(file, names.offset + nameAt),
    }),
  );
  const imports: string[] = [];
  for (const table of sections.filter(({ type }) => type === SHT_DYNSYM)) {
    const texts = sections[table.link];
    if (texts === undefined || table.rowSize === 0) continue;
    const symbols = Math.min(Math.floor(table.size / table.rowSize), MAX_TABLE_ROWS);
    for (let symbol = 1; symbol < symbols; symbol++) {
      const at = table.offset + symbol * table.rowSize;
      // A symbol of section 0 is to be found elsewhere.
      if (u16(at + (wide ? 6 : 14)) === 0) imports.push(textAt(file, texts.offset + u32(at)));
    }
  }
  return { imports, sections };
}
