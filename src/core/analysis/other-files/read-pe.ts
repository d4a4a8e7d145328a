import { MAX_TABLE_ROWS, type NativeSection, type NativeTables } from './native-tables.ts';
import { textAt } from './text-at.ts';

const MAX_LIBRARIES = 500;
type Section = NativeSection & { readonly address: number; readonly memorySize: number };

/**
 * Sections and imported functions of a Windows program or library (PE format, "The .idata Section"), by name; imports by
 * number have none.
 * @throws {RangeError} where a table leads out of the file
 */
export function readPe(file: Buffer): NativeTables {
  const header = file.readUInt32LE(60) + 4;
  const sectionCount = Math.min(file.readUInt16LE(header + 2), 96);
  const optional = header + 20;
  const wide = file.readUInt16LE(optional) === 0x20b;
  const sectionsAt = optional + file.readUInt16LE(header + 16);
  const sections = Array.from({ length: sectionCount }, (_, row): Section => {
    const at = sectionsAt + row * 40;
    return {
      name: file.toString('latin1', at, at + 8).replace(/\0.*$/s, ''),
      memorySize: file.readUInt32LE(at + 8),
      address: file.readUInt32LE(at + 12),
      size: file.readUInt32LE(at + 16),
      offset: file.readUInt32LE(at + 20),
    };
  });
  /** Where an address of the loaded file stands in the file on disk. */
  const placeOf = (address: number): number => {
    const inside = sections.find(
      (section) => address >= section.address && address < section.address + Math.max(section.size, section.memorySize),
    );
    if (inside === undefined) throw new RangeError('an address of a PE file lies in no section');
    return inside.offset + address - inside.address;
  };
  const importsAt = file.readUInt32LE(optional + (wide ? 120 : 104));
  const imports: string[] = [];
  if (importsAt === 0) return { imports, sections };
  const step = wide ? 8 : 4;
  for (let library = 0; library < MAX_LIBRARIES; library++) {
    const at = placeOf(importsAt) + library * 20;
    const names = file.readUInt32LE(at) || file.readUInt32LE(at + 16);
    if (names === 0) break;
    for (let entry = placeOf(names); imports.length < MAX_TABLE_ROWS; entry += step) {
      const address = file.readUInt32LE(entry);
      if (address === 0) break;
      const byNumber = (file.readUInt32LE(entry + step - 4) & 0x80000000) !== 0;
      if (!byNumber) imports.push(textAt(file, placeOf(address) + 2));
    }
  }
  return { imports, sections };
}
