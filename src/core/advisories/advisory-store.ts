import type { AuditEventInput } from '../audit/event.ts';
import type { ProjectName } from '../python/name.ts';
import type { Advisory } from './advisory.ts';

/**
 * Where advisories live. A row is keyed by (source, id): several sources may bring the same record. Of the rows with one
 * id only those with the newest `modified` are in force; an older copy in another source is superseded, whichever
 * projects it names.
 */
export interface AdvisoryStore {
  /**
   * Removes, writes (insert or replace) and sets the source's status, of one or several sources, with the audit events,
   * in one transaction. Raises the store's revision for each source of which it removed or wrote anything.
   */
  apply(update: AdvisoryUpdate | readonly AdvisoryUpdate[], events: readonly AuditEventInput[]): Promise<void>;
  /** The rows in force that name the project in `affected`, withdrawn ones included. */
  findByProject(project: ProjectName): Promise<readonly Advisory[]>;
  /** The rows in force with this id, withdrawn ones included: one for each source that is equally new. */
  findById(id: string): Promise<readonly Advisory[]>;
  /** Every row of a source, superseded or not. */
  findBySource(source: string): Promise<readonly Advisory[]>;
  /** Projects named by any row that is not withdrawn. */
  projects(): Promise<readonly ProjectName[]>;
  /**
   * The projects that were touched between two revisions of the store, the first one excluded. Undefined when anything
   * else raised the revision too, or when it is not known any more.
   */
  touchedBetween(after: number, upTo: number): Promise<ReadonlySet<ProjectName> | undefined>;
  /** One status per source, by source name. */
  statuses(): Promise<readonly AdvisorySourceStatus[]>;
}

export type AdvisoryUpdate = {
  readonly status: AdvisorySourceStatus;
  readonly put: readonly Advisory[];
  /** Ids of rows of this source to delete. */
  readonly remove: readonly string[];
  /**
   * Projects that any of these rows names, or named before: what was decided about others stays as it is. Absent: it may
   * be any project.
   */
  readonly touched?: readonly ProjectName[];
};

/** What a source holds. A kind that it does not hold is absent. Plain data: dates survive JSON. */
export type AdvisorySourceStatus = {
  readonly source: string;
  readonly malware?: AdvisoryHolding;
  readonly vulnerabilities?: AdvisoryHolding;
  /** ISO 8601. When this source last brought data, changed or not. */
  readonly importedAt: string;
  readonly validators: FeedValidators;
};

/** `records` without withdrawn ones; `asOf` is the newest `modified` among them all, ISO 8601 in UTC. */
export type AdvisoryHolding = { readonly records: number; readonly asOf: string };

/** What to send next time to be answered "not modified" (RFC 9110, section 13.1). The snapshot's `etag` is its digest. */
export type FeedValidators = {
  readonly etag?: string;
  readonly lastModified?: string;
  readonly changes?: FeedChanges;
};

/** How far a feed was read that publishes what it changes. Times are ISO 8601 in UTC. */
export type FeedChanges = {
  /** The newest change that was read. */
  readonly newest: string;
  /** When everything was read last. */
  readonly wholeAt: string;
  /** Of the list of changes. */
  readonly list: { readonly etag?: string; readonly lastModified?: string };
};
