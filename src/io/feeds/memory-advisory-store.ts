import type { Advisory } from '../../core/advisories/advisory.ts';
import type { AdvisorySourceStatus, AdvisoryStore } from '../../core/advisories/advisory-store.ts';
import type { AuditEventInput } from '../../core/audit/event.ts';
import type { ProjectName } from '../../core/python/name.ts';

/**
 * Advisories for one run: the CLI without a data folder, and tests.
 * @param log takes the audit events; by default they are dropped, for nothing outlives the run
 */
export function createMemoryAdvisoryStore(log: (events: readonly AuditEventInput[]) => void = () => {}): AdvisoryStore {
  const rows = new Map<string, Map<string, Advisory>>();
  const statuses = new Map<string, AdvisorySourceStatus>();
  /** Made when first asked after a change. */
  let inForce: ReadonlyMap<ProjectName, readonly Advisory[]> | undefined;

  return {
    async apply(update, events) {
      for (const { status, put, remove } of [update].flat()) {
        const own = rows.get(status.source) ?? new Map<string, Advisory>();
        for (const id of remove) own.delete(id);
        for (const advisory of put) own.set(advisory.id, advisory);
        rows.set(status.source, own);
        statuses.set(status.source, status);
      }
      inForce = undefined;
      log(events);
    },
    async findByProject(project) {
      inForce ??= indexInForce(rows.values());
      return inForce.get(project) ?? [];
    },
    async findById(id) {
      const copies = [...rows.values()].flatMap((own) => own.get(id) ?? []);
      const newest = copies
        .map(({ modified }) => modified)
        .sort()
        .at(-1);
      return copies.filter(({ modified }) => modified === newest);
    },
    async findBySource(source) {
      return [...(rows.get(source)?.values() ?? [])];
    },
    async projects() {
      inForce ??= indexInForce(rows.values());
      return [...inForce].filter(([, found]) => found.some((it) => it.withdrawn === undefined)).map(([name]) => name);
    },
    // One run has no revisions to compare.
    touchedBetween: async () => undefined,
    async statuses() {
      return [...statuses.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
    },
  };
}

/** Of the rows with one id the newest, by project. */
function indexInForce(sources: Iterable<ReadonlyMap<string, Advisory>>): Map<ProjectName, readonly Advisory[]> {
  const copies = new Map<string, Advisory[]>();
  for (const rows of sources) {
    for (const [id, advisory] of rows) {
      const known = copies.get(id);
      if (known === undefined || known[0]!.modified < advisory.modified) copies.set(id, [advisory]);
      else if (known[0]!.modified === advisory.modified) known.push(advisory);
    }
  }
  const byProject = new Map<ProjectName, Advisory[]>();
  for (const advisory of [...copies.values()].flat()) {
    for (const project of new Set(advisory.affected.map((entry) => entry.project))) {
      const there = byProject.get(project);
      if (there === undefined) byProject.set(project, [advisory]);
      else there.push(advisory);
    }
  }
  return byProject;
}
