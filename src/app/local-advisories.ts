import { createAdvisorySource } from '../gate/advisory-source.ts';
import { importAdvisories } from '../gate/import-advisories.ts';
import type { AdvisorySource } from '../gate/ports.ts';
import { createMemoryAdvisoryStore } from '../io/feeds/memory-advisory-store.ts';
import { loadSnapshot } from '../io/feeds/snapshot.ts';
import { openSqliteStore } from '../io/store/sqlite-store.ts';

/** The advisories for a command that needs no gate: of the data folder when there is one, else those that ship. */
export async function openAdvisories(
  databasePath: string | undefined,
  clock: () => Date,
): Promise<{ readonly advisories: AdvisorySource; close(): Promise<void> }> {
  if (databasePath !== undefined) {
    const store = await openSqliteStore(databasePath);
    return {
      advisories: createAdvisorySource(store.advisories, { exploitation: store.exploitation }),
      close: () => store.close(),
    };
  }
  const store = createMemoryAdvisoryStore();
  await importAdvisories({ store, clock }, await loadSnapshot(), { source: 'snapshot', actor: 'scan', force: true });
  return { advisories: createAdvisorySource(store), close: async () => {} };
}
