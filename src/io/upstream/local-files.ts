import { open, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WheelgateError } from '../../core/errors.ts';

/** What is known about a file on this machine without reading it. */
export type LocalFile = { readonly path: string; readonly size: number; readonly modified: Date };

/**
 * Files on this machine below fixed roots. A page may say `../../../etc/passwd`, and a symbolic link may lead anywhere:
 * what counts is where the bytes really are.
 */
export class LocalFiles {
  readonly #name: string;
  readonly #roots: readonly string[];

  /** @param name of the upstream, for messages; @param roots absolute folders; files may be anywhere below them */
  constructor(name: string, roots: readonly string[]) {
    this.#name = name;
    this.#roots = roots;
  }

  /**
   * @param location a path or a `file:` URL
   * @returns undefined when nothing is there
   * @throws {WheelgateError} UPSTREAM_REFUSED outside the roots or for what is no plain file, UPSTREAM_FAILED
   */
  async find(location: string): Promise<LocalFile | undefined> {
    const path = this.#toPath(location);
    try {
      const real = await realpath(path);
      await this.#checkInside(real, path);
      const info = await stat(real);
      if (!info.isFile()) throw this.#refused(path, 'is no plain file');
      return { path: real, size: info.size, modified: info.mtime };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw this.#failed(path, error);
    }
  }

  /** A stream of the file, which throws when fewer or more bytes come than were there at the start. */
  async open(location: string, signal: AbortSignal): Promise<{ body: AsyncIterable<Uint8Array>; size: number }> {
    const found = await this.find(location);
    if (found === undefined) throw this.#failed(this.#toPath(location), new Error('the file is gone'));
    return { body: this.#stream(found, signal), size: found.size };
  }

  /** A small text file, whole; undefined when it is not there. */
  async readText(location: string, maxBytes: number): Promise<string | undefined> {
    const found = await this.find(location);
    if (found === undefined) return undefined;
    if (found.size > maxBytes) throw this.#failed(found.path, new Error(`larger than ${maxBytes} bytes`));
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#stream(found, new AbortController().signal)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  async *#stream({ path, size }: LocalFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let count = 0;
    try {
      const handle = await open(path);
      for await (const chunk of handle.createReadStream({ signal, end: size })) {
        count += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (error) {
      throw this.#failed(path, error);
    }
    if (count !== size) throw this.#failed(path, new Error('the file changed while it was read'));
  }

  #toPath(location: string): string {
    if (/^https?:/.test(location)) {
      const help = 'Add the index at that address as an upstream of its own.';
      throw new WheelgateError('UPSTREAM_REFUSED', `Upstream ${this.#name} is local and leads to the network`, help);
    }
    if (!location.startsWith('file:')) return location;
    try {
      return fileURLToPath(location);
    } catch (error) {
      throw this.#refused(location, 'is no path on this machine', error);
    }
  }

  async #checkInside(real: string, asked: string): Promise<void> {
    for (const root of this.#roots) {
      // The root itself may be reached through a link: the operator named it.
      const realRoot = await realpath(root).catch(() => undefined);
      if (realRoot === undefined) continue;
      if (real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return;
    }
    throw this.#refused(asked, 'is outside the folders of this upstream');
  }

  #refused(path: string, why: string, cause?: unknown): WheelgateError {
    const help = 'Keep the files of an index on disk below the folder that holds the index.';
    return new WheelgateError('UPSTREAM_REFUSED', `Upstream ${this.#name} leads to ${path}, which ${why}`, help, cause);
  }

  #failed(path: string, error: unknown): WheelgateError {
    if (error instanceof WheelgateError) return error;
    const help = 'Check that the folder is there and may be read.';
    return new WheelgateError('UPSTREAM_FAILED', `Upstream ${this.#name} cannot read ${path}`, help, error);
  }
}

/** Nothing is there, or a part of the path is no folder. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export const MAX_LOCAL_PAGE_BYTES = 64 * 2 ** 20;

/** Names in a folder. @throws {WheelgateError} UPSTREAM_FAILED when it cannot be read, be it because it is not there */
export async function readFolder(upstream: string, path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const help = 'Check that the folder is there and may be read.';
    throw new WheelgateError('UPSTREAM_FAILED', `Upstream ${upstream} cannot be read`, help, error);
  }
}

/** The folder that holds `path`; but beside `/simple` lies the whole disk, so there it is `path` itself. */
export function folderAround(path: string): string {
  const around = dirname(path);
  return dirname(around) === around ? path : around;
}
