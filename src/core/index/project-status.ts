import type { ProjectPage, ProjectStatus } from './page.ts';

const KNOWN: ReadonlySet<unknown> = new Set<ProjectStatus>(['active', 'archived', 'quarantined', 'deprecated']);

/** PEP 792: no marker means active; a marker that we do not know is not active. */
export function readProjectStatus(marker: unknown, reason: unknown): Pick<ProjectPage, 'status' | 'statusReason'> {
  if (marker === undefined || marker === null) return { status: 'active' };
  const status = KNOWN.has(marker) ? (marker as ProjectStatus) : 'unknown';
  return typeof reason === 'string' ? { status, statusReason: reason } : { status };
}
