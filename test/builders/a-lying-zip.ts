import fc from 'fast-check';
import { aZip, type ZipEntry } from './a-zip.ts';

/** Few and short, so that lies often come true. */
export const memberName = fc.constantFrom(
  'a.py',
  'b/c.py',
  'b/',
  'A.py',
  './a.py',
  '../x',
  'é.py',
  'a\\b',
  'x'.repeat(120),
);
export const memberContent = fc.oneof(fc.string({ maxLength: 40 }), fc.uint8Array({ maxLength: 3000 }));
export const smallNumber = fc.nat({ max: 60 });

export function sometimes<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

const lie = fc.record(
  {
    name: memberName,
    method: fc.constantFrom(0, 8, 12, 14, 99),
    flags: fc.constantFrom(0, 1, 8, 0x800, 0x808, 0x40),
    crc: smallNumber,
    compressedSize: smallNumber,
    size: smallNumber,
    extra: fc.uint8Array({ maxLength: 12 }),
  },
  { requiredKeys: [] },
);

const entry = fc
  .record({
    name: memberName,
    data: memberContent,
    method: fc.constantFrom(0, 8),
    descriptor: fc.boolean(),
    local: sometimes(lie),
    central: sometimes(lie),
  })
  .map(
    ({ local, central, ...honest }): ZipEntry => ({ ...honest, ...(local && { local }), ...(central && { central }) }),
  );

const over = fc.record(
  {
    prefix: fc.uint8Array({ maxLength: 30 }),
    comment: fc.uint8Array({ maxLength: 30 }),
    zip64: fc.boolean(),
    count: smallNumber,
  },
  { requiredKeys: [] },
);

/** Zips of up to four members, of which some fields are wrong. */
export const aLyingZip = fc
  .tuple(fc.array(entry, { maxLength: 4 }), sometimes(over))
  .map(([entries, wrong]) => aZip(entries, wrong));
