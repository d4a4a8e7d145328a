import { createHash } from 'node:crypto';
import { hasCode } from '../errors.ts';
import { parseFilename } from '../python/filename.ts';
import type { IndexFile } from './page.ts';

/** The folder below which PyPI, and therefore this index, keeps files: `aa/bb/<60 hex>` of some digest. */
const FOLDER = /\/packages\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{60})\/([^/?]+)(?:\?|$)/;
const OWN_PATH = /^packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/([^/]+)$/;

/**
 * Where this index serves a file: below its root, without a leading slash, not percent-encoded. A PyPI-shaped path of the
 * upstream is kept, so that lock files agree with those made against PyPI; else the sha256 makes one of the same shape,
 * else the sha256 of the upstream URL. Two entries with different URLs, digests or names never share a path by accident.
 */
export function filePath(file: IndexFile): string {
  const [, first, second, rest, last] = FOLDER.exec(file.url) ?? [];
  if (last !== undefined && decodes(last, file.filename)) return `packages/${first}/${second}/${rest}/${file.filename}`;
  const digest = file.sha256 ?? createHash('sha256').update(file.url).digest('hex');
  return `packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${file.filename}`;
}

/** What a path below the index root asks for. */
export type ParsedFilePath = {
  /** The path of the file itself, as `filePath` gives it. */
  readonly path: string;
  readonly filename: string;
  /** `metadata`: the core metadata beside the file (PEP 658). */
  readonly part: 'file' | 'metadata';
};

/**
 * Reads a path below the index root, decoded and without a leading slash. A wheel may not be called `*.metadata`, so the
 * ending decides.
 * @returns undefined for what this index never serves
 */
export function parseFilePath(path: string): ParsedFilePath | undefined {
  const last = OWN_PATH.exec(path)?.[1];
  if (last === undefined) return undefined;
  const part = last.endsWith('.metadata') ? 'metadata' : 'file';
  const filename = part === 'metadata' ? last.slice(0, -'.metadata'.length) : last;
  if (!isFilename(filename)) return undefined;
  return { path: path.slice(0, path.length - (last.length - filename.length)), filename, part };
}

/** A path from `filePath` as it is written into a URL. */
export function encodeFilePath(path: string): string {
  return /^[\w./-]*$/.test(path) ? path : path.split('/').map(encodeURIComponent).join('/');
}

function decodes(encoded: string, filename: string): boolean {
  if (!encoded.includes('%')) return encoded === filename;
  try {
    return decodeURIComponent(encoded) === filename;
  } catch {
    return false;
  }
}

function isFilename(raw: string): boolean {
  try {
    parseFilename(raw);
    return true;
  } catch (error) {
    if (!hasCode(error, 'FILENAME_INVALID')) throw error;
    return false;
  }
}
