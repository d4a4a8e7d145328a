import type { KnownFile, Store } from '../../gate/ports.ts';
import type { Database } from './database.ts';
import { reviveIndexFile } from './stored-index-file.ts';
import { parseDocument } from './stored-json.ts';

export function createKnownFiles({ reads, write }: Database): Store['files'] {
  const documents = () => reads.selectFrom('known_files').select('document');

  return {
    async put(file) {
      const content = { project: file.project, sha256: file.sha256, document: JSON.stringify(file) };
      await write((tx) =>
        tx
          .insertInto('known_files')
          .values({ index_name: file.index, path: file.path, ...content })
          .onConflict((conflict) => conflict.columns(['index_name', 'path']).doUpdateSet(content))
          .execute(),
      );
    },

    async findByPath(index, path) {
      const row = await documents().where('index_name', '=', index).where('path', '=', path).executeTakeFirst();
      return row && readFile(row);
    },

    async findByDigest(sha256) {
      const rows = await documents().where('sha256', '=', sha256).orderBy('index_name').orderBy('path').execute();
      return rows.map(readFile);
    },

    async findByProject(project) {
      const rows = await documents().where('project', '=', project).orderBy('index_name').orderBy('path').execute();
      return rows.map(readFile);
    },
  };
}

function readFile({ document }: { document: string }): KnownFile {
  const stored = parseDocument<KnownFile>(document, 'known_files');
  return { ...stored, file: reviveIndexFile(stored.file, 'known_files') };
}
