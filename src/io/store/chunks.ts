import { setImmediate } from 'node:timers/promises';

/** Rows per statement: far below the limits for parameters (32,766 in SQLite, 65,535 in PostgreSQL). */
const ROWS = 500;

/** Cuts long work into pieces and lets requests run between them. */
export async function* inChunks<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS) {
    if (start > 0) await setImmediate();
    yield items.slice(start, start + ROWS);
  }
}
