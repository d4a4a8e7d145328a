import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back what reading thousands of advisories left behind. V8 collects when something allocates, so that a gate that
 * idles after a feed of 25,000 records would hold on to its garbage (bench/rss.ts: 270 MB resident without this, 200 MB with
 * it). It stops everything for some 50 ms: nothing on the way of a request may call it.
 */
export function collectGarbage(): void {
  // Node offers it no other way.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect();
}
