import type { ProjectName } from '../python/name.ts';
import { tryParseVersion, type Version, versionKey } from '../python/version.ts';
import type { Advisory, AdvisoryRange, AffectedProject, RangeEvent } from './advisory.ts';
import { aliasGroups, compareIds } from './aliases.ts';
import { type Exploitations, worstExploitation } from './exploitation.ts';
import type { AdvisoryMatch } from './match.ts';
import { compareSeverity, judgeSeverity } from './severity.ts';

/**
 * The advisories of one project, prepared so that a page of thousands of versions is matched with integer comparisons:
 * every version that a record names gets a place in one sorted list, and a release is compared by its rank there.
 */
export type CompiledAdvisories = {
  /** `versionKey`s that records name, ascending, without repetition. */
  readonly points: readonly string[];
  /** Entries of one alias group together; malware first, then by severity, then by id. */
  readonly groups: readonly (readonly CompiledEntry[])[];
  /** Digests that any entry names. */
  readonly sha256: ReadonlySet<string>;
};

/** One `affected` entry of one record. */
export type CompiledEntry = {
  /** What a match takes over as it is. */
  readonly identity: Pick<AdvisoryMatch, 'id' | 'aliases' | 'kind' | 'summary' | 'severity'> &
    Pick<AdvisoryMatch, 'exploitation' | 'lastKnown' | 'origins' | 'published' | 'modified'>;
  /** Ranks of listed versions. */
  readonly listed: ReadonlySet<number>;
  /** Listed versions that PEP 440 does not accept. */
  readonly texts: ReadonlySet<string>;
  readonly sha256: ReadonlySet<string>;
  readonly ranges: readonly CompiledRange[];
  /** In version order. */
  readonly fixed: readonly { readonly rank: number; readonly text: string }[];
};

export type CompiledRange = {
  /** In the order in which they take effect. */
  readonly steps: readonly Step[];
  /** A version must be below one of them; none: no limit. */
  readonly limits: readonly Bound[];
  /** Holds events that PEP 440 cannot order. */
  readonly degraded: boolean;
};

export type Bound = {
  readonly rank: number;
  /** The bound has a local part, so the local part of a release counts when it is compared with it. */
  readonly local: boolean;
};

export type Step = Bound & { readonly type: Exclude<RangeEvent['type'], 'limit'> };

/** Rank of `introduced: "0"`: before every version, whatever PEP 440 says of 0.dev0. */
const START = -1;
// Tie order of osv.dev.
const TIE_ORDER = { introduced: 0, last_affected: 1, fixed: 2 } as const;

/**
 * Prepares what is in force for one project; withdrawn records are retracted and take no part.
 * @param exploitations what is known of the CVEs of the advisories
 */
export function compileAdvisories(
  project: ProjectName,
  advisories: readonly Advisory[],
  exploitations: Exploitations = new Map(),
): CompiledAdvisories {
  const live = advisories
    .filter(({ withdrawn }) => withdrawn === undefined)
    .map((advisory) => ({ advisory, entries: advisory.affected.filter((entry) => entry.project === project) }))
    .filter(({ entries }) => entries.length > 0);
  const versions = parseAll(live.flatMap(({ entries }) => entries));
  const points = [...new Set([...versions.values()].map(versionKey))].sort();
  const bounds = new Map([...versions].map(([text, version]) => [text, toBound(version, points)]));

  const aliases = aliasGroups(live.map(({ advisory }) => advisory));
  const groups = new Map<readonly string[], CompiledEntry[]>();
  for (const { advisory, entries } of live) {
    const ids = aliases.get(advisory.id)!;
    const group = groups.get(ids) ?? [];
    const exploitation = worstExploitation(ids.flatMap((id) => exploitations.get(id) ?? []));
    for (const entry of entries) {
      const compiled = compileEntry(advisory, entry, ids, bounds);
      group.push(exploitation ? { ...compiled, identity: { ...compiled.identity, exploitation } } : compiled);
    }
    groups.set(ids, group);
  }
  const byWeight = [...groups.values()].map((group) => group.sort(compareEntries));
  return {
    points,
    groups: byWeight.sort(([a], [b]) => compareEntries(a!, b!)),
    sha256: new Set(live.flatMap(({ entries }) => entries.flatMap((entry) => entry.sha256))),
  };
}

/** Odd for a version that is one of the points, even for one between two of them; ascending with the version. */
export function rankOf(points: readonly string[], key: string): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return points[low] === key ? 2 * low + 1 : 2 * low;
}

/** Every version text of the entries that PEP 440 accepts; `0` of `introduced` is among them, which does no harm. */
function parseAll(entries: readonly AffectedProject[]): Map<string, Version> {
  const texts = new Set(entries.flatMap(({ versions }) => versions));
  for (const event of entries.flatMap(({ ranges }) => ranges.flat())) texts.add(event.version);
  const parsed = new Map<string, Version>();
  for (const text of texts) {
    const version = tryParseVersion(text);
    if (version !== undefined) parsed.set(text, version);
  }
  return parsed;
}

function toBound(version: Version, points: readonly string[]): Bound {
  return { rank: rankOf(points, versionKey(version)), local: version.local !== undefined };
}

function compileEntry(
  advisory: Advisory,
  entry: AffectedProject,
  group: readonly string[],
  bounds: ReadonlyMap<string, Bound>,
): CompiledEntry {
  const { id, kind, summary, origins, published, modified } = advisory;
  const severity = judgeSeverity(entry.severity ?? advisory.severity);
  const fixed = new Map<number, string>();
  for (const { type, version } of entry.ranges.flat()) {
    const bound = type === 'fixed' ? bounds.get(version) : undefined;
    if (bound !== undefined) fixed.set(bound.rank, version);
  }
  return {
    identity: {
      id,
      aliases: group.filter((other) => other !== id),
      kind,
      ...(summary !== undefined && { summary }),
      ...(severity !== undefined && { severity }),
      ...(entry.lastKnown !== undefined && { lastKnown: entry.lastKnown }),
      ...(origins !== undefined && { origins }),
      ...(published !== undefined && { published }),
      modified,
    },
    listed: new Set(entry.versions.flatMap((text) => bounds.get(text)?.rank ?? [])),
    texts: new Set(entry.versions.filter((text) => !bounds.has(text))),
    sha256: new Set(entry.sha256),
    ranges: entry.ranges.map((range) => compileRange(range, bounds)),
    fixed: [...fixed].sort(([a], [b]) => a - b).map(([rank, text]) => ({ rank, text })),
  };
}

/**
 * Sorts the events as they take effect. One that PEP 440 cannot order is read so that the range holds more, never less:
 * an unreadable `introduced` begins at the first version, any other unreadable event ends nothing.
 */
function compileRange(range: AdvisoryRange, bounds: ReadonlyMap<string, Bound>): CompiledRange {
  const steps: Step[] = [];
  const limits: Bound[] = [];
  let degraded = false;
  let limited = true;
  for (const { type, version } of range) {
    const bound = bounds.get(version);
    if (type === 'introduced' && version === '0') steps.push({ type, rank: START, local: false });
    else if (type === 'limit' && version === '*') limited = false;
    else if (bound === undefined) {
      degraded = true;
      if (type === 'introduced') steps.push({ type, rank: START, local: false });
      else if (type === 'limit') limited = false;
    } else if (type === 'limit') limits.push(bound);
    else steps.push({ type, ...bound });
  }
  steps.sort((a, b) => a.rank - b.rank || TIE_ORDER[a.type] - TIE_ORDER[b.type]);
  return { steps, limits: limited ? limits : [], degraded };
}

function compareEntries({ identity: a }: CompiledEntry, { identity: b }: CompiledEntry): number {
  const malwareFirst = Number(b.kind === 'malware') - Number(a.kind === 'malware');
  return malwareFirst || compareSeverity(a.severity, b.severity) || compareIds(a.id, b.id);
}
