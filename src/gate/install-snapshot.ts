import type { Feed } from '../core/advisories/feed.ts';
import { type ImportNeeds, type ImportResult, importAdvisories } from './import-advisories.ts';

export const SNAPSHOT_SOURCE = 'snapshot';

/**
 * Brings the advisories that ship with the package into the store: on the first start, and after the package was
 * updated. What the snapshot lost is lost on purpose, so nothing guards it; newer copies from feeds stay in force.
 * @returns undefined when the store has this snapshot already
 */
export async function installSnapshot(needs: ImportNeeds, snapshot: Feed): Promise<ImportResult | undefined> {
  const installed = (await needs.store.statuses()).find(({ source }) => source === SNAPSHOT_SOURCE);
  if (installed !== undefined && installed.validators.etag === snapshot.validators.etag) return undefined;
  return importAdvisories(needs, snapshot, { source: SNAPSHOT_SOURCE, actor: 'gate', force: true });
}
