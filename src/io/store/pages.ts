import type { ProjectPage } from '../../core/index/page.ts';
import type { PageStore } from '../../gate/ports.ts';
import type { Database } from './database.ts';
import { reviveIndexFile } from './stored-index-file.ts';
import { packDocument, parseTime, unpackDocument } from './stored-json.ts';

export function createPages({ reads, write }: Database): PageStore {
  return {
    async find(upstream, project) {
      const row = await reads
        .selectFrom('pages')
        .select(['etag', 'fetched_at', 'body'])
        .where('upstream', '=', upstream)
        .where('project', '=', project)
        .executeTakeFirst();
      if (!row) return undefined;
      return {
        ...(row.body && { page: await unpackPage(row.body) }),
        ...(row.etag !== null && { etag: row.etag }),
        fetchedAt: parseTime(row.fetched_at, 'pages'),
      };
    },

    async put(upstream, project, { page, etag, fetchedAt }) {
      const content = {
        etag: etag ?? null,
        fetched_at: fetchedAt.toISOString(),
        body: page ? await packDocument(page) : null,
      };
      await write((tx) =>
        tx
          .insertInto('pages')
          .values({ upstream, project, ...content })
          .onConflict((conflict) => conflict.columns(['upstream', 'project']).doUpdateSet(content))
          .execute(),
      );
    },
  };
}

async function unpackPage(body: Uint8Array): Promise<ProjectPage> {
  const page = await unpackDocument<ProjectPage>(body, 'pages');
  return { ...page, files: page.files.map((file) => reviveIndexFile(file, 'pages')) };
}
