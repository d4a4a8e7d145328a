import { decodeText } from './decode-text.ts';
import type { Manifest } from './manifest.ts';
import { manifestOfComponents, type SbomComponent } from './sbom-components.ts';

/** Reads SPDX 2.x in its tag-value form: packages with their package URL and SHA256, each on the line of its `PackageName`. */
export function readSpdxTagValue(bytes: Uint8Array, file: string): Manifest {
  const components: SbomComponent[] = [];
  let open: { line: number; purl?: string; hashes: string[] } | undefined;
  const close = () => {
    // The package that the document is about describes the rest, and seldom has a package URL.
    if (open?.purl !== undefined) components.push({ ...open, purl: open.purl });
  };
  const lines = withoutTexts(decodeText(bytes).text).split(/\r\n|\r|\n/);
  for (const [at, line] of lines.entries()) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim();
    switch (colon === -1 ? '' : line.slice(0, colon).trim()) {
      case 'PackageName':
        close();
        open = { line: at + 1, hashes: [] };
        break;
      case 'PackageChecksum': {
        const digest = /^SHA256:\s*([0-9a-fA-F]{64})$/.exec(value)?.[1];
        if (digest !== undefined) open?.hashes.push(`sha256:${digest.toLowerCase()}`);
        break;
      }
      case 'ExternalRef': {
        const purl = /^PACKAGE[-_]MANAGER\s+purl\s+(\S+)$/.exec(value)?.[1];
        if (open !== undefined && purl !== undefined) open.purl ??= purl;
        break;
      }
      case 'FileName':
      case 'SnippetSPDXID':
        close();
        open = undefined;
        break;
    }
  }
  close();
  return manifestOfComponents(components, file);
}

/** What stands between <text> and </text> is prose over several lines, in which a tag is none; its lines stay. */
function withoutTexts(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<text>'); start !== -1; start = text.indexOf('<text>', at)) {
    const end = text.indexOf('</text>', start);
    const stop = end === -1 ? text.length : end;
    parts.push(text.slice(at, start), text.slice(start, stop).replace(/[^\r\n]/g, ''));
    at = end === -1 ? text.length : end + '</text>'.length;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
