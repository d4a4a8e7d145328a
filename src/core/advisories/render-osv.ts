import { formatPurl } from '../python/purl.ts';
import type { Advisory, AffectedProject, SeverityClaim } from './advisory.ts';

/** The version of the schema that these records follow. */
const SCHEMA_VERSION = '1.7.0';

/**
 * An OSV record (OSV schema 1.x) of what we keep of one: reading it again gives the same advisory. `details` repeats the
 * summary, for clients that show nothing else.
 */
export function renderOsvRecord(advisory: Advisory): Record<string, unknown> {
  const { id, kind, aliases, summary, severity, published, modified, withdrawn, origins, affected } = advisory;
  return {
    schema_version: SCHEMA_VERSION,
    id,
    modified,
    ...(published !== undefined && { published }),
    ...(withdrawn !== undefined && { withdrawn }),
    ...(aliases.length > 0 && { aliases }),
    ...(summary !== undefined && { summary, details: summary }),
    ...(severity !== undefined && severity.vectors.length > 0 && { severity: severity.vectors.map(renderVector) }),
    affected: affected.map(renderAffected),
    database_specific: {
      ...(severity?.word !== undefined && { severity: severity.word }),
      x_wheelgate: { kind, ...(origins !== undefined && { origins }) },
    },
  };
}

function renderAffected({ project, versions, ranges, sha256, severity, lastKnown }: AffectedProject) {
  const specific = {
    ...(severity?.word !== undefined && { severity: severity.word }),
    ...(lastKnown !== undefined && { last_known_affected_version_range: lastKnown }),
    ...(sha256.length > 0 && {
      indicators: { package_integrity: sha256.map((digest) => ({ hashes: { sha256: digest } })) },
    }),
  };
  return {
    package: { ecosystem: 'PyPI', name: project, purl: formatPurl(project) },
    ...(ranges.length > 0 && {
      ranges: ranges.map((events) => ({
        type: 'ECOSYSTEM',
        events: events.map(({ type, version }) => ({ [type]: version })),
      })),
    }),
    ...(versions.length > 0 && { versions }),
    ...(severity !== undefined && severity.vectors.length > 0 && { severity: severity.vectors.map(renderVector) }),
    ...(Object.keys(specific).length > 0 && { database_specific: specific }),
  };
}

function renderVector(score: SeverityClaim['vectors'][number]) {
  const type = score.startsWith('CVSS:4') ? 'CVSS_V4' : score.startsWith('CVSS:3') ? 'CVSS_V3' : 'CVSS_V2';
  return { type, score };
}
