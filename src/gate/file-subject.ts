import type { Evidence } from '../core/policy/evidence.ts';
import type { FileSubject } from './knowledge.ts';

/** What facts and exemptions ask about a file. */
export function fileSubject({ index, project, rawVersion, sha256 }: Evidence['file']): FileSubject {
  return {
    index,
    project,
    ...(rawVersion !== undefined && { version: rawVersion }),
    ...(sha256 !== undefined && { sha256 }),
  };
}
