import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { damaged } from './store-error.ts';
import type { Tables } from './tables.ts';

/** A value as JSON gives it back: dates are text. */
export type Stored<T> = T extends Date
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : { [Key in keyof T]: Stored<T[Key]> };

/** Reads the JSON of a row of `table`. @throws {WheelgateError} STORE_FAILED */
export function parseDocument<T>(text: string, table: keyof Tables): Stored<T> {
  try {
    return JSON.parse(text) as Stored<T>;
  } catch (error) {
    throw damaged(`A row of ${table} cannot be read`, error);
  }
}

/** Reads a stored time. @throws {WheelgateError} STORE_FAILED: a broken date must not make a file look old */
export function parseTime(text: string, table: keyof Tables): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw damaged(`A row of ${table} has a time that is none`);
  return time;
}

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** JSON as gzip, for documents that are large and repeat themselves. Off the main thread. */
export async function packDocument(value: unknown): Promise<Uint8Array> {
  return compress(JSON.stringify(value), { level: 3 });
}

/** @throws {WheelgateError} STORE_FAILED */
export async function unpackDocument<T>(bytes: Uint8Array, table: keyof Tables): Promise<Stored<T>> {
  let text: string;
  try {
    text = (await decompress(bytes)).toString('utf8');
  } catch (error) {
    throw damaged(`A row of ${table} cannot be read`, error);
  }
  return parseDocument<T>(text, table);
}
