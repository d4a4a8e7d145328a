import type { AdvisoryExport } from '../core/advisories/advisory-export.ts';
import type { AdvisorySourceStatus } from '../core/advisories/advisory-store.ts';
import type { Holdings } from '../core/advisories/holdings.ts';
import { WheelgateError } from '../core/errors.ts';
import { type ImportNeeds, type ImportResult, knownOf, type PlannedImport, planImport } from './import-advisories.ts';
import { SNAPSHOT_SOURCE } from './install-snapshot.ts';

/** What one source of an export brought. Absent: what was there is as new. */
export type ExportedOutcome = { readonly source: string; readonly result?: ImportResult };

/**
 * Takes over what another gate knew, source by source under the names that they have there, in one transaction. Sources
 * that the export does not name stay. Of the advisories that ship with the package the newer ones stay, whichever side
 * has them.
 * @throws {WheelgateError} FEED_INVALID when a source is older than what is known of it, or would lose more than a tenth
 *   of its records, without `force`; nothing was changed then
 */
export async function importExport(
  { store, clock }: ImportNeeds,
  { exportedAt, sha256, sources }: AdvisoryExport,
  { actor, force = false }: { readonly actor: string; readonly force?: boolean },
): Promise<readonly ExportedOutcome[]> {
  const now = clock();
  const statuses = new Map((await store.statuses()).map((status) => [status.source, status]));
  const about = { exportedAt: exportedAt.toISOString(), exportSha256: sha256 };
  const plans: PlannedImport[] = [];
  const outcomes: ExportedOutcome[] = [];
  for (const { source, advisories, ...holdings } of sources) {
    const held = statuses.get(source);
    const isSnapshot = source === SNAPSHOT_SOURCE;
    if (isSnapshot && held !== undefined && !isNewer(holdings, held)) {
      outcomes.push({ source });
      continue;
    }
    if (!force && !isSnapshot && held !== undefined && isNewer(held, holdings)) throw olderExport(source, exportedAt);
    const plan = await planImport(
      {
        advisories: new Map(advisories.map((advisory) => [advisory.id, advisory])),
        known: await knownOf(store, source),
        ignored: 0,
        rejected: [],
      },
      {
        source,
        actor,
        force: force || isSnapshot,
        now,
        dataUntil: exportedAt,
        // Those of the snapshot say which one this package brought, so that the next start does not bring it again.
        validators: (isSnapshot && held?.validators) || {},
        about,
      },
    );
    plans.push(plan);
    outcomes.push({ source, result: plan.result });
  }
  await store.apply(
    plans.map(({ update }) => update),
    plans.flatMap(({ events }) => events),
  );
  return outcomes;
}

/** Whether `one` has a kind that is dated later than in `other`. */
function isNewer(one: Holdings | AdvisorySourceStatus, other: Holdings | AdvisorySourceStatus): boolean {
  return (['malware', 'vulnerabilities'] as const).some((kind) => {
    const [a, b] = [one[kind], other[kind]];
    return a !== undefined && b !== undefined && a.asOf > b.asOf;
  });
}

function olderExport(source: string, exportedAt: Date): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The export of ${exportedAt.toISOString().slice(0, 10)} is older than what is known from ${source}.`,
    'Import a newer one, or this one with --force. Nothing of it was used.',
  );
}
