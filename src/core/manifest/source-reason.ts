import type { Table } from './loose.ts';
import type { UnauditedReason } from './manifest.ts';

/**
 * Where a dependency that is written as a table comes from, when not from an index (uv sources, Poetry, Pipfile).
 * `workspace`: it is the team's own.
 */
export function sourceReason(table: Table): UnauditedReason | 'workspace' | undefined {
  if (table.workspace === true) return 'workspace';
  if (['git', 'hg', 'svn', 'bzr'].some((vcs) => table[vcs] !== undefined)) return 'vcs';
  if (table.editable === true || table.develop === true) return 'editable';
  if (table.path !== undefined) return 'path';
  return table.url === undefined && table.file === undefined ? undefined : 'url';
}
