import { createHash } from 'node:crypto';
import { readDistributionMetadata } from '../archive/distribution-metadata.ts';
import { hasCode, WheelgateError } from '../errors.ts';
import { readMetadata } from '../python/metadata.ts';
import { parseRequirement } from '../python/requirement.ts';
import { classifySpecifier } from './classify-requirement.ts';
import type { Manifest, Place } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { urlNotes } from './requirement-notes.ts';
import { unreadable } from './unreadable-input.ts';

/**
 * Reads a wheel or sdist without unpacking it: the release that it is, with the digest of its bytes, and what it asks for.
 * @throws {WheelgateError} INPUT_UNREADABLE
 */
export async function readDistributionFile(bytes: Uint8Array, path: string): Promise<Manifest> {
  const metadata = await metadataOf(bytes, path);
  if (metadata === undefined) throw unreadable(`${path} has no metadata that names it`);
  const { name, version, requiresDist } = readMetadata(metadata).fields;
  if (name === undefined || version === undefined) throw unreadable(`the metadata of ${path} has no name or version`);
  const into = new ManifestBuilder();
  // Lines of a member are no lines of the file.
  const place = { file: path };
  const digest = createHash('sha256').update(bytes).digest('hex');
  into.pin({ name, version, hashes: [`sha256:${digest}`] }, place);
  for (const text of requiresDist) into.attempt(place, () => readRequiresDist(text, place, into));
  return into.build();
}

function readRequiresDist(text: string, place: Place, into: ManifestBuilder): void {
  const classified = classifySpecifier(parseRequirement(text));
  const group = /\bextra *== *["']([^"']+)["']/.exec(text)?.[1];
  if (classified.kind === 'pin') {
    into.pin({ ...classified, group }, place);
    return;
  }
  into.unaudited(text.replace(/\/\/[^/@\s]*@/g, '//'), classified.reason, place, group);
  for (const { code, message } of classified.url === undefined ? [] : urlNotes(classified.url)) {
    into.note(code, message, place);
  }
}

async function metadataOf(bytes: Uint8Array, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readDistributionMetadata(
      bytes,
      path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
    );
  } catch (error) {
    const isBad = ['ARCHIVE_UNREADABLE', 'FILE_TOO_LARGE', 'FILENAME_INVALID'] as const;
    if (!isBad.some((code) => hasCode(error, code))) throw error;
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `${path}: ${(error as WheelgateError).message}`,
      (error as WheelgateError).help,
      error,
    );
  }
}
