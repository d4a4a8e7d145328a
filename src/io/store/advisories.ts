import type { Advisory } from '../../core/advisories/advisory.ts';
import type { AdvisorySourceStatus, AdvisoryStore, AdvisoryUpdate } from '../../core/advisories/advisory-store.ts';
import type { ProjectName } from '../../core/python/name.ts';
import { appendAuditEvents } from './audit-log.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './database.ts';
import { raiseRevision, readRevision } from './revision.ts';
import { parseDocument } from './stored-json.ts';
import type { WriteTransaction } from './write-queue.ts';

/** Beyond so many it is no use to tell them apart from the others. */
const MAX_TOUCHED = 2_000;

/** Which projects the last change of a source touched, and the revision that it made. */
type Change = { readonly revision: number; readonly projects: readonly ProjectName[] };
type StoredStatus = AdvisorySourceStatus & { readonly change?: Change };

export function createAdvisories({ reads, write }: Database): AdvisoryStore {
  // Compiled once: a lock file asks for a thousand projects, and building the query costs four times what running it does.
  const inForceByProject = selectInForce(reads).compile();

  async function storedStatuses(): Promise<readonly StoredStatus[]> {
    const rows = await reads.selectFrom('advisory_sources').select('status').orderBy('source').execute();
    return rows.map(({ status }) => parseDocument<StoredStatus>(status, 'advisory_sources'));
  }

  return {
    async apply(update, events) {
      await write(async (tx) => {
        for (const one of [update].flat()) await applyTo(tx, one);
        await appendAuditEvents(tx, events);
      });
    },

    async findByProject(project) {
      const { rows } = await reads.executeQuery<{ document: string }>({ ...inForceByProject, parameters: [project] });
      return rows.map(readAdvisory);
    },

    async findById(id) {
      const rows = await reads
        .selectFrom('advisories')
        .select(['document', 'modified'])
        .where('id', '=', id)
        .orderBy('source')
        .execute();
      const newest = rows
        .map(({ modified }) => modified)
        .sort()
        .at(-1);
      return rows.filter(({ modified }) => modified === newest).map(readAdvisory);
    },

    async findBySource(source) {
      const rows = await reads
        .selectFrom('advisories')
        .select('document')
        .where('source', '=', source)
        .orderBy('id')
        .execute();
      return rows.map(readAdvisory);
    },

    async projects() {
      const rows = await reads
        .selectFrom('advisory_projects as named')
        .innerJoin('advisories as advisory', (join) =>
          join.onRef('advisory.source', '=', 'named.source').onRef('advisory.id', '=', 'named.id'),
        )
        .select('named.project')
        .distinct()
        .where('advisory.withdrawn', '=', 0)
        .orderBy('named.project')
        .execute();
      return rows.map(({ project }) => project as ProjectName);
    },

    async touchedBetween(after, upTo) {
      const changes = (await storedStatuses()).flatMap(({ change }) => change ?? []);
      const between = changes.filter(({ revision }) => revision > after && revision <= upTo);
      return between.length === upTo - after ? new Set(between.flatMap(({ projects }) => projects)) : undefined;
    },

    async statuses() {
      return (await storedStatuses()).map(({ change: _, ...status }) => status);
    },
  };
}

async function applyTo(tx: WriteTransaction, { status, put, remove, touched }: AdvisoryUpdate): Promise<void> {
  const { source } = status;
  const removed = await removeRows(tx, source, remove);
  await putRows(tx, source, put);
  let change: Change | undefined;
  if (removed > 0 || put.length > 0) {
    await raiseRevision(tx);
    const projects = touched !== undefined && touched.length <= MAX_TOUCHED ? touched : undefined;
    change = projects && { revision: await readRevision(tx), projects };
  }
  const row = { status: JSON.stringify({ ...status, ...(change && { change }) } satisfies StoredStatus) };
  await tx
    .insertInto('advisory_sources')
    .values({ source, ...row })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(row))
    .execute();
}

/** Advisories that name a project, which is the query's one parameter, unless a newer copy supersedes them. */
function selectInForce(reads: Database['reads']) {
  return reads
    .selectFrom('advisory_projects as named')
    .innerJoin('advisories as advisory', (join) =>
      join.onRef('advisory.source', '=', 'named.source').onRef('advisory.id', '=', 'named.id'),
    )
    .select('advisory.document')
    .where('named.project', '=', '')
    .where('advisory.modified', '=', ({ selectFrom }) =>
      selectFrom('advisories as copy')
        .select(({ fn }) => fn.max('copy.modified').as('newest'))
        .whereRef('copy.id', '=', 'advisory.id'),
    )
    .orderBy('advisory.id')
    .orderBy('advisory.source');
}

async function removeRows(tx: WriteTransaction, source: string, ids: readonly string[]): Promise<number> {
  let removed = 0;
  for await (const chunk of inChunks(ids)) {
    // Their rows in advisory_projects go with them.
    const [result] = await tx.deleteFrom('advisories').where('source', '=', source).where('id', 'in', chunk).execute();
    removed += Number(result?.numDeletedRows ?? 0);
  }
  return removed;
}

async function putRows(tx: WriteTransaction, source: string, advisories: readonly Advisory[]): Promise<void> {
  for await (const chunk of inChunks(advisories)) {
    await removeRows(
      tx,
      source,
      chunk.map(({ id }) => id),
    );
    // Of two records with one id the later one counts.
    const byId = new Map(chunk.map((advisory) => [advisory.id, advisory]));
    const rows = [...byId.values()];
    await tx
      .insertInto('advisories')
      .values(
        rows.map((advisory) => ({
          source,
          id: advisory.id,
          modified: advisory.modified,
          withdrawn: advisory.withdrawn === undefined ? 0 : 1,
          document: JSON.stringify(advisory),
        })),
      )
      .execute();
    const named = rows.flatMap(({ id, affected }) =>
      [...new Set(affected.map(({ project }) => project))].map((project) => ({ project, source, id })),
    );
    for await (const part of inChunks(named)) await tx.insertInto('advisory_projects').values(part).execute();
  }
}

function readAdvisory({ document }: { document: string }): Advisory {
  return parseDocument<Advisory>(document, 'advisories');
}
