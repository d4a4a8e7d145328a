import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import {
  EXPORT_MANIFEST_PATH,
  type ExportedSource,
  type ExportManifest,
  exportDigest,
  exportedPath,
} from '../../core/advisories/advisory-export.ts';
import { renderOsvRecord } from '../../core/advisories/render-osv.ts';
import { WheelgateError } from '../../core/errors.ts';

/** `fflate` writes no zip64: its directory counts to 0xfffe (0xffff stands for "see zip64"), and the manifest is one. */
const MAX_RECORDS = 0xfffe - 1;

/**
 * Writes sources as a zip of OSV records, one folder for each source, with the manifest in front. Equal input gives equal
 * bytes.
 * @throws {WheelgateError} INPUT_UNREADABLE for more records than a zip can hold
 */
export function packExport(
  sources: readonly ExportedSource[],
  exportedAt: Date,
): { readonly zip: Uint8Array; readonly manifest: ExportManifest } {
  const members = new Map<string, Uint8Array>();
  const described = sources.map(({ source, malware, vulnerabilities, advisories }, at) => {
    const folder = `source-${at + 1}`;
    for (const advisory of advisories) {
      members.set(exportedPath(folder, advisory.id), strToU8(`${JSON.stringify(renderOsvRecord(advisory))}\n`));
    }
    return { source, folder, malware: malware ?? null, vulnerabilities: vulnerabilities ?? null };
  });
  if (members.size > MAX_RECORDS) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `There are ${members.size} records, and one export holds ${MAX_RECORDS}.`,
      'Carry the zip files of the feeds over instead, and import each.',
    );
  }
  const manifest: ExportManifest = {
    schema: 'wheelgate.advisories-export/1',
    exportedAt: exportedAt.toISOString(),
    records: members.size,
    sha256: exportDigest([...members].map(([path, bytes]) => ({ path, sha256: sha256Of(bytes) }))),
    sources: described,
  };
  const files = { [EXPORT_MANIFEST_PATH]: strToU8(`${JSON.stringify(manifest, null, 2)}\n`) };
  return { zip: zipSync({ ...files, ...Object.fromEntries(members) }, { mtime: exportedAt }), manifest };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
