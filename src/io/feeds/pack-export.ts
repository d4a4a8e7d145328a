import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import {
  EXPLOITATION_PATHS,
  EXPORT_MANIFEST_PATH,
  type ExportedExploitation,
  type ExportedSource,
  type ExportManifest,
  exportDigest,
  exportedPath,
} from '../../core/advisories/advisory-export.ts';
import { renderExploitation } from '../../core/advisories/render-exploitation.ts';
import { renderOsvRecord } from '../../core/advisories/render-osv.ts';
import { WheelgateError } from '../../core/errors.ts';

/** `fflate` writes no zip64: its directory counts to 0xfffe (0xffff stands for "see zip64"), and manifest, EPSS and KEV are three. */
const MAX_RECORDS = 0xfffe - 3;

/**
 * Writes sources as a zip of OSV records, one folder for each source, with the manifest, EPSS and KEV in front. Equal input gives equal
 * bytes.
 * @throws {WheelgateError} INPUT_UNREADABLE for more records than a zip can hold
 */
export function packExport(
  sources: readonly ExportedSource[],
  exploitation: readonly ExportedExploitation[],
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
  const feeds = exploitation.map(({ source, asOf, content }) => {
    const bytes = strToU8(renderExploitation(content, asOf));
    const { feed, entries } = content;
    return { bytes, about: { feed, source, records: entries.size, asOf, sha256: sha256Of(bytes) } };
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
    exploitation: feeds.map(({ about }) => about),
  };
  const files = {
    [EXPORT_MANIFEST_PATH]: strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
    ...Object.fromEntries(feeds.map(({ about, bytes }) => [EXPLOITATION_PATHS[about.feed], bytes])),
  };
  return { zip: zipSync({ ...files, ...Object.fromEntries(members) }, { mtime: exportedAt }), manifest };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
