import type { IndexFile } from '../../core/index/page.ts';
import { parseTime, type Stored } from './stored-json.ts';
import type { Tables } from './tables.ts';

/** Revives the dates of a file as it stands in a stored page or record. */
export function reviveIndexFile({ uploadTime, ...file }: Stored<IndexFile>, table: keyof Tables): IndexFile {
  return uploadTime === undefined ? file : { ...file, uploadTime: parseTime(uploadTime, table) };
}
