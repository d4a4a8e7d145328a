import type { ProjectName } from '../../core/python/name.ts';
import type { RecordedVerdict, Store } from '../../gate/ports.ts';
import { appendAuditEvents } from './audit-log.ts';
import type { Database } from './database.ts';
import { damaged } from './store-error.ts';
import { parseDocument, parseTime } from './stored-json.ts';

export function createVerdicts({ reads, write }: Database): Store['verdicts'] {
  return {
    async find(index, sha256) {
      const row = await reads
        .selectFrom('verdicts')
        .select('document')
        .where('index_name', '=', index)
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      return row && readVerdict(row);
    },

    async record(recorded, event) {
      const { index, sha256, project, verdict } = recorded;
      const content = { project, kind: verdict.kind, document: JSON.stringify(recorded) };
      await write(async (tx) => {
        await tx
          .insertInto('verdicts')
          .values({ index_name: index, sha256, ...content })
          .onConflict((conflict) => conflict.columns(['index_name', 'sha256']).doUpdateSet(content))
          .execute();
        await appendAuditEvents(tx, [event]);
      });
    },

    async findByProject(index, project) {
      const rows = await reads
        .selectFrom('verdicts')
        .select('document')
        .where('index_name', '=', index)
        .where('project', '=', project)
        .orderBy('sha256')
        .execute();
      return rows.map(readVerdict);
    },

    async allowedProjects(index) {
      const rows = await reads
        .selectFrom('verdicts')
        .select('project')
        .distinct()
        .where('index_name', '=', index)
        .where('kind', '=', 'allow')
        .orderBy('project')
        .execute();
      return rows.map(({ project }) => project as ProjectName);
    },
  };
}

function readVerdict({ document }: { document: string }): RecordedVerdict {
  const { verdict, at, ...recorded } = parseDocument<RecordedVerdict>(document, 'verdicts');
  const { kind } = verdict;
  // Only these words are verdicts: anything else on the disk must not pass for one.
  if (kind !== 'allow' && kind !== 'hold' && kind !== 'block') throw damaged('A row of verdicts has an unknown kind');
  const reasons = verdict.reasons.map(({ until, ...reason }) =>
    until === undefined ? reason : { ...reason, until: parseTime(until, 'verdicts') },
  );
  return { ...recorded, verdict: { kind, reasons }, at: parseTime(at, 'verdicts') };
}
