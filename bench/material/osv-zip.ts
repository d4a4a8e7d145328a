import { writeFile } from 'node:fs/promises';
import { aZip } from '../../test/builders/a-zip.ts';
import { anOsvEntry, anOsvRecord } from '../../test/builders/an-advisory.ts';

const PROSE = 'A paragraph as databases write it, which nothing reads but which has to be carried. '.repeat(8);

/**
 * Writes an OSV bulk zip like that of PyPI: two of five records report malware in one release, the others a vulnerability
 * with a range and every affected version.
 */
export async function writeOsvZip(path: string, records: number): Promise<void> {
  const entries = Array.from({ length: records }, (_, n) => {
    const isMalware = n % 5 < 2;
    const id = isMalware ? `MAL-2026-${n}` : `PYSEC-2026-${n}`;
    const project = isMalware ? `bad-${n}` : `useful-${n % 4_000}`;
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
}
