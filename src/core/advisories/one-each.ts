import type { Advisory } from './advisory.ts';

/** Of equally new copies from several sources one, and not the withdrawn one: who retracts dates the retraction. */
export function oneEach(advisories: readonly Advisory[]): readonly Advisory[] {
  const byId = new Map<string, Advisory>();
  for (const advisory of advisories) {
    if (byId.get(advisory.id)?.withdrawn !== undefined || !byId.has(advisory.id)) byId.set(advisory.id, advisory);
  }
  return [...byId.values()];
}
