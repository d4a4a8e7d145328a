import type { FileTime, Store } from '../../gate/ports.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './database.ts';
import { parseTime } from './stored-json.ts';

export function createFileTimes({ reads, write }: Database): Store['fileTimes'] {
  return {
    async find(upstream, urls) {
      const times = new Map<string, FileTime>();
      for await (const chunk of inChunks(urls)) {
        const rows = await reads
          .selectFrom('file_times')
          .select(['url', 'at', 'source'])
          .where('upstream', '=', upstream)
          .where('url', 'in', chunk)
          .execute();
        for (const { url, at, source } of rows) times.set(url, { at: parseTime(at, 'file_times'), source });
      }
      return times;
    },

    async put(upstream, rows) {
      await write(async (tx) => {
        for await (const chunk of inChunks(rows)) {
          await tx
            .insertInto('file_times')
            .values(chunk.map(({ url, time }) => ({ upstream, url, at: time.at.toISOString(), source: time.source })))
            .onConflict((conflict) => conflict.columns(['upstream', 'url']).doNothing())
            .execute();
        }
      });
    },
  };
}
