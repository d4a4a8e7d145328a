import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompressSync, brotliDecompress, constants } from 'node:zlib';
import type { Advisory } from '../../core/advisories/advisory.ts';
import type { Feed, FeedEntry } from '../../core/advisories/feed.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { ProjectName } from '../../core/python/name.ts';

/** Ships with the package, beside `src` and `dist` alike; data/README.md says what it holds and how it is made. */
const SHIPPED = new URL('../../../data/advisories.jsonl.br', import.meta.url);
const MAX_BYTES = 256 * 2 ** 20;
/** A few milliseconds; then other work gets its turn. */
const LINES_PER_TURN = 1_000;

const NAMED = '"project":"';

/** The first line of a snapshot; every other line is one `Advisory`. */
export type SnapshotHeader = { readonly format: 1; readonly sources: readonly SnapshotSource[] };

export type SnapshotSource = {
  readonly name: string;
  readonly url: string;
  readonly licence: string;
  /** The newest `modified` of its records, ISO 8601. */
  readonly asOf: string;
  readonly records: number;
};

/**
 * The advisories that ship with the package, so that the first start knows malware and vulnerabilities without a network.
 * Its `etag` is the digest of the file; nothing is expanded before the entries are asked for.
 * @throws {WheelgateError} FEED_INVALID when the package is damaged
 */
export async function loadSnapshot(file: URL = SHIPPED): Promise<Feed> {
  const packed = await readPacked(file);
  const digest = createHash('sha256').update(packed).digest('hex');
  return { entries: readEntries(packed), validators: { etag: digest } };
}

/** Equal input gives equal bytes. */
export function packSnapshot(header: SnapshotHeader, advisories: readonly Advisory[]): Buffer {
  const sorted = [...advisories].sort((a, b) => (a.id < b.id ? -1 : 1));
  const text = [header, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join('');
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
    },
  });
}

async function* readEntries(packed: Uint8Array): AsyncGenerator<FeedEntry> {
  const lines = (await expand(packed)).text.trimEnd().split('\n');
  // The lines are our own: `packSnapshot` wrote them from parsed records.
  for (let at = 1; at < lines.length; at++) {
    if (at % LINES_PER_TURN === 0) await nextTurn();
    yield { kind: 'advisory', advisory: JSON.parse(lines[at]!) as Advisory };
  }
}

/**
 * Reads only the advisories of the shipped snapshot that name one of the projects: a command that looks up a lock file
 * spares parsing all the others.
 * @throws {WheelgateError} FEED_INVALID when the package is damaged
 */
export async function readFromSnapshot(
  projects: ReadonlySet<ProjectName>,
  file: URL = SHIPPED,
): Promise<{ readonly header: SnapshotHeader; readonly advisories: readonly Advisory[] }> {
  const { header, text } = await expand(await readPacked(file));
  const starts = new Set<number>();
  // `packSnapshot` writes keys without spaces, and in foreign texts a quote has a backslash before it.
  for (let at = text.indexOf(NAMED); at !== -1; at = text.indexOf(NAMED, at + NAMED.length)) {
    const name = text.slice(at + NAMED.length, text.indexOf('"', at + NAMED.length));
    if (projects.has(name as ProjectName)) starts.add(text.lastIndexOf('\n', at) + 1);
  }
  const advisories = [...starts].map((start) => JSON.parse(text.slice(start, text.indexOf('\n', start))) as Advisory);
  return { header, advisories };
}

async function readPacked(file: URL): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw damaged(error);
  });
}

async function expand(packed: Uint8Array): Promise<{ readonly header: SnapshotHeader; readonly text: string }> {
  try {
    const bytes = await promisify(brotliDecompress)(packed, { maxOutputLength: MAX_BYTES });
    const text = bytes.toString();
    const header = JSON.parse(text.slice(0, text.indexOf('\n'))) as SnapshotHeader;
    if (header.format !== 1) throw new Error(`format ${String(header.format)} of the snapshot is unknown`);
    return { header, text };
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(cause: unknown): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    'The advisory snapshot that ships with Wheelgate cannot be read.',
    'Install Wheelgate again.',
    cause,
  );
}
