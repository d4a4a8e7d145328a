import { writeFile } from 'node:fs/promises';
import { aZip } from '../../test/builders/a-zip.ts';
import { anOsvEntry, anOsvRecord } from '../../test/builders/an-advisory.ts';

/** A release that records of the zip are about. */
export type Pin = { readonly project: string; readonly version: string };

const PROSE = 'A paragraph as databases write it, which nothing reads but which has to be carried. '.repeat(8);

/**
 * Writes an OSV bulk zip like that of PyPI: two of five records report malware in one release, the others a vulnerability
 * with a range and every affected version.
 * @returns one vulnerable release per project that has a vulnerability
 */
export async function writeOsvZip(path: string, records: number): Promise<readonly Pin[]> {
  const pins: Pin[] = [];
  const entries = Array.from({ length: records }, (_, n) => {
    const isMalware = n % 5 < 2;
    const id = isMalware ? `MAL-2026-${n}` : `PYSEC-2026-${n}`;
    const project = isMalware ? `bad-${n}` : `useful-${n % 4_000}`;
    if (!isMalware && n < 4_000) pins.push({ project, version: '1.7' });
    const affected = anOsvEntry({
      package: { ecosystem: 'PyPI', name: project },
      ...(isMalware
        ? { versions: ['0.0.1'], ranges: [] }
        : { versions: Array.from({ length: 30 }, (_, minor) => `1.${minor}`) }),
    });
    const record = anOsvRecord({ id, details: PROSE, affected: [affected] });
    return { name: `${id}.json`, data: JSON.stringify(record) };
  });
  await writeFile(path, aZip(entries));
  return pins;
}
