import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Advisory } from '../core/advisories/advisory.ts';
import type {
  AdvisorySourceStatus,
  AdvisoryStore,
  AdvisoryUpdate,
  FeedValidators,
} from '../core/advisories/advisory-store.ts';
import type { Feed } from '../core/advisories/feed.ts';
import { holdingsOf, isLive } from '../core/advisories/holdings.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import { WheelgateError } from '../core/errors.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Clock } from './ports.ts';

export type ImportNeeds = { readonly store: AdvisoryStore; readonly clock: Clock };

export type ImportOptions = {
  /** Under which name the records are kept; the next import under it replaces them. */
  readonly source: string;
  /** As in an audit event. */
  readonly actor: string;
  /** Accepts the loss of more than a tenth of the known records. */
  readonly force?: boolean;
};

export type ImportResult = {
  /** Records that the source now holds, withdrawn ones not counted. */
  readonly records: number;
  readonly added: number;
  readonly changed: number;
  /** Ids that were in force and are now withdrawn, or gone from the feed. */
  readonly withdrawn: readonly string[];
  /** Records of the feed that say nothing about PyPI. */
  readonly ignored: number;
  /** Broken records and why; where the source held a good revision before, it stays. */
  readonly rejected: readonly WheelgateError[];
  /** Projects named by anything that was added, changed or withdrawn, before or after. */
  readonly touchedProjects: readonly ProjectName[];
};

/** Comparing so many records takes a few milliseconds; then other work gets its turn. */
const RECORDS_PER_TURN = 500;
const MAX_LOST_SHARE = 0.1;
const MAX_NAMED_IN_EVENT = 50;

/**
 * Takes over what a feed says: reads it to its end, refuses it when it looks like an accident, and stores the difference
 * to what the source said before, with its audit event, in one transaction. Of a partial feed, what it does not name stays.
 * @throws {WheelgateError} FEED_INVALID when the feed is damaged or empty, or would lose more than a tenth of the records
 *   in force without `force`; nothing was changed then
 */
export async function importAdvisories(
  { store, clock }: ImportNeeds,
  feed: Feed,
  { source, actor, force = false }: ImportOptions,
): Promise<ImportResult> {
  const { advisories, ignored, ignoredIds, rejected, rejectedIds } = await readAll(feed);
  if (advisories.size === 0 && !feed.isPartial) throw emptyFeed(rejected);
  const known = await knownOf(store, source);
  if (feed.isPartial) {
    const spoken = new Set(ignoredIds);
    for (const [id, last] of known) if (!advisories.has(id) && !spoken.has(id)) advisories.set(id, last);
  }
  for (const id of rejectedIds) {
    const last = known.get(id);
    if (last !== undefined && !advisories.has(id)) advisories.set(id, last);
  }
  const now = clock();
  const { update, events, result } = await planImport(
    { advisories, known, ignored, rejected },
    { source, actor, force, now, dataUntil: now, validators: feed.validators },
  );
  await store.apply(update, events);
  return result;
}

/** Every record of a source, by id. */
export async function knownOf(store: AdvisoryStore, source: string): Promise<ReadonlyMap<string, Advisory>> {
  return new Map((await store.findBySource(source)).map((advisory) => [advisory.id, advisory]));
}

export type PlannedImport = {
  readonly update: AdvisoryUpdate;
  readonly events: readonly AuditEventInput[];
  readonly result: ImportResult;
};

/**
 * What makes `known` the `advisories`, with its audit event; nothing is stored yet.
 * @param options.dataUntil records that claim to be newer do not date the source
 * @param options.about goes into the audit event
 * @throws {WheelgateError} FEED_INVALID when it would lose more than a tenth of the records in force without `force`
 */
export async function planImport(
  {
    advisories,
    known,
    ignored,
    rejected,
  }: Pick<ImportResult, 'ignored' | 'rejected'> & {
    readonly advisories: ReadonlyMap<string, Advisory>;
    readonly known: ReadonlyMap<string, Advisory>;
  },
  {
    source,
    actor,
    force,
    now,
    dataUntil,
    validators,
    about,
  }: Required<ImportOptions> & {
    readonly now: Date;
    readonly dataUntil: Date;
    readonly validators: FeedValidators;
    readonly about?: AuditEventInput['detail'];
  },
): Promise<PlannedImport> {
  const put = await differing(advisories, known);
  const gone = [...known.values()].filter(({ id }) => !advisories.has(id));
  const withdrawn = [...known.values()]
    .filter((it) => isLive(it) && !isLive(advisories.get(it.id)))
    .map(({ id }) => id);
  if (!force) refuseLoss(withdrawn.length, [...known.values()].filter(isLive).length);

  const added = put.filter(({ id }) => !known.has(id)).length;
  const before = put.flatMap(({ id }) => known.get(id) ?? []);
  const result: ImportResult = {
    records: [...advisories.values()].filter(isLive).length,
    added,
    changed: put.length - added - withdrawn.filter((id) => advisories.has(id)).length,
    withdrawn,
    ignored,
    rejected,
    touchedProjects: projectsOf([...put, ...before, ...gone]),
  };
  const status: AdvisorySourceStatus = {
    source,
    ...holdingsOf([...advisories.values()], dataUntil),
    importedAt: now.toISOString(),
    validators,
  };
  const detail = { ...eventDetail(result), ...about };
  const event = { at: now, type: 'advisories.imported', actor, subject: source, detail } as const;
  const isNews = put.length + gone.length > 0;
  const { touchedProjects: touched } = result;
  return {
    update: { status, put, remove: gone.map(({ id }) => id), touched },
    events: isNews ? [event] : [],
    result,
  };
}

type FeedContent = Pick<ImportResult, 'ignored' | 'rejected'> & {
  readonly advisories: Map<string, Advisory>;
  readonly rejectedIds: readonly string[];
  readonly ignoredIds: readonly string[];
};

async function readAll(feed: Feed): Promise<FeedContent> {
  const advisories = new Map<string, Advisory>();
  const rejected: WheelgateError[] = [];
  const rejectedIds: string[] = [];
  const ignoredIds: string[] = [];
  let ignored = 0;
  for await (const entry of feed.entries) {
    switch (entry.kind) {
      case 'advisory': {
        const other = advisories.get(entry.advisory.id);
        if (other === undefined || other.modified <= entry.advisory.modified) {
          advisories.set(entry.advisory.id, entry.advisory);
        }
        break;
      }
      case 'ignored':
        ignored++;
        if (entry.id !== undefined) ignoredIds.push(entry.id);
        break;
      case 'rejected':
        rejected.push(entry.error);
        if (entry.id !== undefined) rejectedIds.push(entry.id);
    }
  }
  return { advisories, ignored, ignoredIds, rejected, rejectedIds };
}

/** Equal advisories are equal text, so that a better parser of ours is news too, whatever `modified` says. */
async function differing(
  advisories: ReadonlyMap<string, Advisory>,
  known: ReadonlyMap<string, Advisory>,
): Promise<readonly Advisory[]> {
  const put: Advisory[] = [];
  let count = 0;
  for (const advisory of advisories.values()) {
    if (++count % RECORDS_PER_TURN === 0) await nextTurn();
    const last = known.get(advisory.id);
    if (last === undefined || JSON.stringify(last) !== JSON.stringify(advisory)) put.push(advisory);
  }
  return put;
}

/** A broken or swapped feed must not release what it held; one record may always go, for sources of a few records. */
function refuseLoss(lost: number, live: number): void {
  if (lost <= Math.max(1, live * MAX_LOST_SHARE)) return;
  throw new WheelgateError(
    'FEED_INVALID',
    `The feed would withdraw ${lost} of ${live} known advisories.`,
    'If that is right, import it again with --force. The advisories known before stay in force.',
  );
}

function emptyFeed(rejected: readonly WheelgateError[]): WheelgateError {
  const reason =
    rejected[0] === undefined ? '' : `; ${rejected.length} records are broken, the first: ${rejected[0].message}`;
  return new WheelgateError(
    'FEED_INVALID',
    `The feed has no advisory about PyPI${reason}`,
    'Give the PyPI part of an OSV database: a zip file or a folder of JSON records.',
    rejected[0],
  );
}

function projectsOf(advisories: readonly Advisory[]): readonly ProjectName[] {
  return [...new Set(advisories.flatMap(({ affected }) => affected.map(({ project }) => project)))].sort();
}

function eventDetail({ records, added, changed, withdrawn, ignored, rejected }: ImportResult) {
  return {
    records,
    added,
    changed,
    withdrawn: withdrawn.length,
    withdrawnIds: withdrawn.slice(0, MAX_NAMED_IN_EVENT),
    ignored,
    rejected: rejected.length,
    rejections: rejected.slice(0, MAX_NAMED_IN_EVENT).map(({ message }) => message),
  };
}
