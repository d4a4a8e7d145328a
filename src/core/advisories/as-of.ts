import type { Advisory } from './advisory.ts';

/**
 * What a record said at a moment, as far as it tells today: nothing before it was published, and in force until it was
 * withdrawn. Corrections in between are not known. Undefined: it was not there.
 */
export function advisoryAsOf(advisory: Advisory, moment: Date): Advisory | undefined {
  const then = moment.toISOString();
  if (advisory.published !== undefined && advisory.published > then) return undefined;
  if (advisory.withdrawn === undefined || advisory.withdrawn <= then) return advisory;
  const { withdrawn: _, ...inForce } = advisory;
  return inForce;
}
