/** An ELF program of 64 bits with a section of code and undefined dynamic symbols, no more than a reader needs. */
export function elf({
  imports = [] as readonly string[],
  text = '',
  code = Buffer.alloc(64),
  codeName = '.text',
} = {}): Buffer {
  const names = table(['', codeName, '.dynsym', '.dynstr', '.shstrtab', '.rodata']);
  const strings = table(['', ...imports]);
  const symbols = Buffer.alloc(24 * (imports.length + 1));
  for (const [row, name] of imports.entries()) symbols.writeUInt32LE(strings.at(name), 24 * (row + 1));
  const parts = [code, symbols, strings.bytes, names.bytes, Buffer.from(text)];
  const offsets = parts.map((_part, index) => 64 + parts.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  const tableAt = 64 + parts.reduce((sum, { length }) => sum + length, 0);
  header.writeBigUInt64LE(BigInt(tableAt), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(6, 60);
  header.writeUInt16LE(4, 62);
  const kinds = [1, 11, 3, 3, 1];
  const rows = [codeName, '.dynsym', '.dynstr', '.shstrtab', '.rodata'].map((name, index) => {
    const row = Buffer.alloc(64);
    row.writeUInt32LE(names.at(name), 0);
    row.writeUInt32LE(kinds[index]!, 4);
    row.writeBigUInt64LE(BigInt(offsets[index]!), 24);
    row.writeBigUInt64LE(BigInt(parts[index]!.length), 32);
    if (name === '.dynsym') {
      row.writeUInt32LE(3, 40);
      row.writeBigUInt64LE(24n, 56);
    }
    return row;
  });
  return Buffer.concat([header, ...parts, Buffer.alloc(64), ...rows]);
}

/** A Windows program of 64 bits with one section, which holds its imports from one library. */
export function pe({ imports = [] as readonly string[], section = '.idata' } = {}): Buffer {
  const address = 0x1000;
  const offset = 0x200;
  const body = Buffer.alloc(0x1000);
  const namesAt = 0x100;
  const textsAt = 0x400;
  body.writeUInt32LE(address + namesAt, 0);
  body.writeUInt32LE(address + namesAt, 16);
  let next = textsAt;
  for (const [index, name] of imports.entries()) {
    body.writeUInt32LE(address + next, namesAt + index * 8);
    body.write(`\0\0${name}\0`, next, 'latin1');
    next += name.length + 3;
  }
  const head = Buffer.alloc(offset);
  head.write('MZ', 'latin1');
  head.writeUInt32LE(64, 60);
  head.write('PE\0\0', 64, 'latin1');
  head.writeUInt16LE(1, 70);
  head.writeUInt16LE(128, 84);
  head.writeUInt16LE(0x20b, 88);
  head.writeUInt32LE(imports.length === 0 ? 0 : address, 88 + 120);
  const row = 88 + 128;
  head.write(section, row, 'latin1');
  for (const [at, value] of [
    [8, body.length],
    [12, address],
    [16, body.length],
    [20, offset],
  ] as const)
    head.writeUInt32LE(value, row + at);
  return Buffer.concat([head, body]);
}

/** A Mach-O file of 64 bits with a code section and undefined symbols. */
export function machO({ imports = [] as readonly string[] } = {}): Buffer {
  const strings = table(['', ...imports]);
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(2, 16);
  const segment = Buffer.alloc(72 + 80);
  segment.writeUInt32LE(25, 0);
  segment.writeUInt32LE(segment.length, 4);
  segment.writeUInt32LE(1, 64);
  segment.write('__text', 72, 'latin1');
  const symtab = Buffer.alloc(24);
  symtab.writeUInt32LE(2, 0);
  symtab.writeUInt32LE(24, 4);
  const symbolsAt = header.length + segment.length + symtab.length;
  symtab.writeUInt32LE(symbolsAt, 8);
  symtab.writeUInt32LE(imports.length, 12);
  symtab.writeUInt32LE(symbolsAt + 16 * imports.length, 16);
  const symbols = Buffer.alloc(16 * imports.length);
  for (const [row, name] of imports.entries()) {
    symbols.writeUInt32LE(strings.at(name), 16 * row);
    symbols.writeUInt8(1, 16 * row + 4);
  }
  return Buffer.concat([header, segment, symtab, symbols, strings.bytes]);
}

/** Texts that end with a zero, one after the other, and where each begins. */
function table(texts: readonly string[]): { readonly bytes: Buffer; at(text: string): number } {
  const offsets = new Map<string, number>();
  let bytes = Buffer.alloc(0);
  for (const text of texts) {
    offsets.set(text, bytes.length);
    bytes = Buffer.concat([bytes, Buffer.from(`${text}\0`, 'latin1')]);
  }
  return { bytes, at: (text) => offsets.get(text)! };
}
