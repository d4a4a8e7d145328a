import type { AdvisoryStore } from '../../core/advisories/advisory-store.ts';
import type { ExploitationStore } from '../../core/advisories/exploitation-store.ts';
import type { DeliveryStore } from '../../core/notify/delivery.ts';
import type { Store } from '../../gate/ports.ts';
import { createAdvisories } from './advisories.ts';
import { createAuditLog, type StoredAuditLog } from './audit-log.ts';
import { type DatabaseOptions, openSqliteDatabase } from './database.ts';
import { createDeliveries } from './deliveries.ts';
import { createExemptions, createKillSwitch } from './emergency.ts';
import { createExploitation } from './exploitation.ts';
import { createFacts } from './facts.ts';
import { createFileTimes } from './file-times.ts';
import { createIdentities } from './identities.ts';
import { createInspections } from './inspections.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { createKnownFiles } from './known-files.ts';
import { createPages } from './pages.ts';
import { createReviews } from './reviews.ts';
import { readRevision } from './revision.ts';
import { createSharedReviews } from './shared-reviews.ts';
import { createVerdicts } from './verdicts.ts';

/** The store with what checks it. */
export type SqliteStore = Store & {
  readonly advisories: AdvisoryStore;
  readonly exploitation: ExploitationStore;
  /** `verify` recomputes the whole log and compares its end with the one that was remembered. */
  readonly audit: StoredAuditLog;
  readonly deliveries: DeliveryStore;
  /** What is wrong with the database file, one line each; reads all of it. */
  findDamage(): readonly string[];
};

/**
 * Opens the database at `path`, creates it or brings it to the newest schema. Several processes may have it open.
 * @throws {WheelgateError} STORE_FAILED when it cannot be opened, is damaged or was written by a newer program; DISK_FULL
 */
export async function openSqliteStore(path: string, options?: DatabaseOptions): Promise<SqliteStore> {
  const database = openSqliteDatabase(path, options);
  return {
    pages: createPages(database),
    files: createKnownFiles(database),
    fileTimes: createFileTimes(database),
    inspections: createInspections(database),
    verdicts: createVerdicts(database),
    facts: createFacts(database),
    reviews: createReviews(database),
    exemptions: createExemptions(database),
    killSwitch: createKillSwitch(database),
    sharedReviews: createSharedReviews(database),
    identities: createIdentities(database),
    keptAnswers: createKeptAnswers(database),
    audit: createAuditLog(database),
    deliveries: createDeliveries(database),
    advisories: createAdvisories(database),
    exploitation: createExploitation(database),
    revision: () => readRevision(database.reads),
    findDamage: database.findDamage,
    close: database.close,
  };
}
