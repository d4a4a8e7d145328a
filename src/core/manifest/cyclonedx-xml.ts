import { Parser } from 'htmlparser2';
import { decodeText } from './decode-text.ts';
import type { Manifest } from './manifest.ts';
import { manifestOfComponents, type SbomComponent } from './sbom-components.ts';
import { unreadable } from './unreadable-input.ts';

type Open = { line: number; type: string | undefined; purl?: string; hashes: string[] };

/**
 * Reads CycloneDX in XML. Entities of a document type are not expanded, and nothing is loaded.
 * @throws {WheelgateError} INPUT_UNREADABLE for another document
 */
export function readCycloneDxXml(bytes: Uint8Array, file: string): Manifest {
  const { text } = decodeText(bytes);
  const lineAt = lineCounter(text);
  const components: SbomComponent[] = [];
  const path: string[] = [];
  const open: Open[] = [];
  let isBom = false;
  let words: string | undefined;
  let algorithm: string | undefined;
  const parser = new Parser(
    {
      onopentag(rawName, attributes) {
        const name = localName(rawName);
        if (path.length === 0)
          isBom = name === 'bom' && /cyclonedx\.org\/schema\/bom/.test(Object.values(attributes).join(' '));
        path.push(name);
        if (name === 'component' && path.includes('components')) {
          open.push({ line: lineAt(parser.startIndex), type: attributes.type, hashes: [] });
        }
        if (name === 'hash') algorithm = attributes.alg;
        words = name === 'purl' || name === 'hash' ? '' : undefined;
      },
      ontext(chunk) {
        if (words !== undefined) words += chunk;
      },
      onclosetag(rawName) {
        const name = localName(rawName);
        const parent = path.at(-2);
        path.pop();
        const component = open.at(-1);
        // A hash of an external reference is that of another file.
        if (name === 'purl' && parent === 'component' && component) component.purl = (words ?? '').trim();
        if (name === 'hash' && algorithm === 'SHA-256' && path.at(-2) === 'component') {
          component?.hashes.push(`sha256:${(words ?? '').trim().toLowerCase()}`);
        }
        words = undefined;
        if (name !== 'component' || component === undefined || !path.includes('components')) return;
        open.pop();
        const { type, ...found } = component;
        if (found.purl !== undefined || type !== 'file') components.push(found);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  if (!isBom) throw unreadable(`${file} is no CycloneDX document`);
  return manifestOfComponents(components, file);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Counts forward only: positions come in order. */
function lineCounter(text: string): (position: number) => number {
  let at = 0;
  let line = 1;
  return (position) => {
    for (; at < position; at++) if (text.charCodeAt(at) === 10) line++;
    return line;
  };
}
