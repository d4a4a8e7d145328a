import type { ExportedExploitation, ExportedSource } from '../core/advisories/advisory-export.ts';
import type { AdvisoryStore } from '../core/advisories/advisory-store.ts';
import type { ExploitationStore } from '../core/advisories/exploitation-store.ts';
import { holdingsOf } from '../core/advisories/holdings.ts';

/** All sources that brought anything, with all their records in the order of their ids. */
export async function exportAdvisories(store: AdvisoryStore, now: Date): Promise<readonly ExportedSource[]> {
  const sources: ExportedSource[] = [];
  for (const { source } of await store.statuses()) {
    const advisories = await store.findBySource(source);
    if (advisories.length > 0) sources.push({ source, ...holdingsOf(advisories, now), advisories });
  }
  return sources;
}

/** EPSS and KEV, as far as they are held. */
export async function exportExploitation(store: ExploitationStore): Promise<readonly ExportedExploitation[]> {
  const exported: ExportedExploitation[] = [];
  for (const { feed, source, asOf } of await store.statuses())
    exported.push({ source, asOf, content: await store.content(feed) });
  return exported;
}
