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
/** Expanded at a time: a few turns instead of hundreds. */
const CHUNK_BYTES = 2 ** 20;
/** A few milliseconds; then other work gets its turn. */
const LINES_PER_TURN = 1_000;

/**
 * The first line of a snapshot. Then come `recordsBytes` bytes of records, one `Advisory` per line and sorted by id, and
 * behind them a line per record in the same order: its length in bytes, and the projects that it names.
 */
export type SnapshotHeader = {
  readonly format: 2;
  readonly sources: readonly SnapshotSource[];
  readonly recordsBytes: number;
};

export type SnapshotSource = {
  readonly name: string;
  /** Of all its records. */
  readonly kind: Advisory['kind'];
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
export function packSnapshot(sources: readonly SnapshotSource[], advisories: readonly Advisory[]): Buffer {
  const sorted = [...advisories].sort((a, b) => (a.id < b.id ? -1 : 1));
  const records = sorted.map((advisory) => `${JSON.stringify(advisory)}\n`);
  const index = records.map((line, at) => {
    const projects = new Set(sorted[at]!.affected.map(({ project }) => project));
    return `${Buffer.byteLength(line)} ${[...projects].join(' ')}\n`;
  });
  const header: SnapshotHeader = { format: 2, sources, recordsBytes: Buffer.byteLength(records.join('')) };
  const text = [`${JSON.stringify(header)}\n`, ...records, ...index].join('');
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
  const lines = (await expand(packed)).records.toString().split('\n');
  // The lines are our own: `packSnapshot` wrote them from parsed records.
  for (let at = 0; at < lines.length - 1; at++) {
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
  const { header, records, index } = await expand(await readPacked(file));
  const advisories: Advisory[] = [];
  let start = 0;
  // Ten thousand lines, in a program that just started: nothing is made of a line that is not wanted.
  for (const line of index.toString('latin1', 0, index.length - 1).split('\n')) {
    const space = line.indexOf(' ');
    const end = start + Number(line.slice(0, space));
    const named = line.slice(space + 1) as ProjectName;
    if (
      projects.has(named) ||
      (named.includes(' ') && named.split(' ').some((one) => projects.has(one as ProjectName)))
    ) {
      advisories.push(JSON.parse(records.toString('utf8', start, end)) as Advisory);
    }
    start = end;
  }
  if (start !== records.length) throw damaged(new Error('the index of the snapshot does not fit its records'));
  return { header, advisories };
}

async function readPacked(file: URL): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw damaged(error);
  });
}

type Expanded = { readonly header: SnapshotHeader; readonly records: Buffer; readonly index: Buffer };

async function expand(packed: Uint8Array): Promise<Expanded> {
  try {
    const bytes = await promisify(brotliDecompress)(packed, { maxOutputLength: MAX_BYTES, chunkSize: CHUNK_BYTES });
    const start = bytes.indexOf('\n') + 1;
    const header = JSON.parse(bytes.toString('utf8', 0, start)) as SnapshotHeader;
    if (header.format !== 2) throw new Error(`format ${String(header.format)} of the snapshot is unknown`);
    const end = start + header.recordsBytes;
    return { header, records: bytes.subarray(start, end), index: bytes.subarray(end) };
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
