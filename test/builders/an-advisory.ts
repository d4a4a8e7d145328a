import type { Advisory, AffectedProject } from '../../src/core/advisories/advisory.ts';
import { parseProjectName } from '../../src/core/python/name.ts';

/** A boring vulnerability of `demo` before 2.0. A test names only what it is about. */
export function anAdvisory(over: Partial<Advisory> = {}): Advisory {
  return {
    id: 'PYSEC-2026-1',
    kind: 'vulnerability',
    aliases: [],
    modified: '2026-01-02T00:00:00.000Z',
    affected: [anAffected()],
    ...over,
  };
}

/** `demo` from the beginning up to, not including, 2.0. */
export function anAffected(over: Partial<AffectedProject> = {}): AffectedProject {
  return { project: parseProjectName('demo'), versions: [], ranges: [aRange('0', '2.0')], sha256: [], ...over };
}

/** The window from `introduced` to `fixed`, open without one. */
export function aRange(introduced: string, fixed?: string): AffectedProject['ranges'][number] {
  const start = { type: 'introduced', version: introduced } as const;
  return fixed === undefined ? [start] : [start, { type: 'fixed', version: fixed }];
}

/** The JSON of the same advisory as OSV publishes it. */
export function anOsvRecord(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schema_version: '1.7.4',
    id: 'PYSEC-2026-1',
    modified: '2026-01-02T00:00:00Z',
    affected: [anOsvEntry()],
    ...over,
  };
}

export function anOsvEntry(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    package: { ecosystem: 'PyPI', name: 'demo', purl: 'pkg:pypi/demo' },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
    ...over,
  };
}
