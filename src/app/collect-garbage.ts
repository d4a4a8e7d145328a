import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back what reading thousands of advisories left behind. V8 collects when something allocates: a gate that idles
 * after a feed would keep more than 100 MB of garbage (bench/rss.ts: 270 MB without, 150 MB with). Stops everything for
 * some 50 ms, which is why nothing on the way of a request may call it.
 */
export function collectGarbage(): void {
  // Node offers it no other way.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect();
}
