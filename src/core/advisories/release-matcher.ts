import { publicVersionKey, tryParseVersion, type Version, versionKey } from '../python/version.ts';
import type { Sha256 } from '../sha256.ts';
import { compareIds } from './aliases.ts';
import { type Bound, type CompiledAdvisories, type CompiledEntry, type CompiledRange, rankOf } from './compile.ts';
import type { AdvisoryMatch } from './match.ts';
import { compareSeverity } from './severity.ts';

/** Where a release stands among the points of its project: its rank with and without its local part. */
type Place = { readonly full: number; readonly public: number };

/** What one entry says about one release. */
type Hit = Pick<AdvisoryMatch, 'matchedBy' | 'confidence' | 'open'> & {
  readonly identity: CompiledEntry['identity'];
  readonly fixed: CompiledEntry['fixed'];
  readonly degraded: boolean;
};

/**
 * Finds every advisory that touches a release of the compiled project: one match per alias group, in the order of
 * `CompiledAdvisories.groups`. Follows the evaluation of the OSV schema with PEP 440 order; the local part of a version
 * counts only against bounds that have one (2.0.1+cu118 is 2.0.1). A text that is no version is matched as text, and
 * whatever that leaves open is `unversionable`.
 */
export type ReleaseMatcher = (version: Version | string, sha256?: Sha256) => readonly AdvisoryMatch[];

/** Many versions of a page fall between the same two points: what was found at one place is remembered. */
export function createReleaseMatcher(compiled: CompiledAdvisories): ReleaseMatcher {
  const found = new Map<number, readonly AdvisoryMatch[]>();
  return (raw, sha256) => {
    if (compiled.groups.length === 0) return [];
    const named = sha256 !== undefined && compiled.sha256.has(sha256) ? sha256 : undefined;
    const version = typeof raw === 'string' ? tryParseVersion(raw) : raw;
    if (version === undefined) {
      const text = String(raw).trim();
      return matchAll(compiled, (entry) => evaluateText(entry, text, isNamed(entry, named)));
    }
    const full = rankOf(compiled.points, versionKey(version));
    const place: Place = {
      full,
      public: version.local === undefined ? full : rankOf(compiled.points, publicVersionKey(version)),
    };
    if (named !== undefined) return matchAll(compiled, (entry) => evaluateVersion(entry, place, isNamed(entry, named)));
    const key = place.full * (2 * compiled.points.length + 1) + place.public;
    let matches = found.get(key);
    if (matches === undefined) {
      matches = matchAll(compiled, (entry) => evaluateVersion(entry, place, false));
      found.set(key, matches);
    }
    return matches;
  };
}

function matchAll(
  compiled: CompiledAdvisories,
  evaluate: (entry: CompiledEntry) => Hit | undefined,
): readonly AdvisoryMatch[] {
  const matches: AdvisoryMatch[] = [];
  for (const group of compiled.groups) {
    const hits: Hit[] = [];
    for (const entry of group) {
      const hit = evaluate(entry);
      if (hit !== undefined) hits.push(hit);
    }
    if (hits.length > 0) matches.push(toMatch(hits));
  }
  return matches;
}

function isNamed(entry: CompiledEntry, sha256: Sha256 | undefined): boolean {
  return sha256 !== undefined && entry.sha256.has(sha256);
}

function evaluateVersion(entry: CompiledEntry, place: Place, named: boolean): Hit | undefined {
  const listed = entry.listed.has(place.full) || entry.listed.has(place.public);
  let inRange = false;
  let open = false;
  let degraded = false;
  for (const range of entry.ranges) {
    const window = windowAt(range, place);
    if (window === 'outside') continue;
    inRange = true;
    open ||= window === 'open';
    degraded ||= range.degraded;
  }
  if (!(named || listed || inRange)) return undefined;
  return {
    identity: entry.identity,
    matchedBy: named ? 'digest' : listed && inRange ? 'both' : listed ? 'listed' : 'range',
    confidence: confidenceOf(named, listed, inRange, open || degraded, entry.ranges.length > 0),
    fixed: entry.fixed.filter(({ rank }) => rank > place.full),
    open,
    degraded,
  };
}

function confidenceOf(
  named: boolean,
  listed: boolean,
  inRange: boolean,
  doubtful: boolean,
  hasRanges: boolean,
): AdvisoryMatch['confidence'] {
  if (named || (listed && inRange)) return 'high';
  if (inRange) return doubtful ? 'low' : 'high';
  return hasRanges ? 'contested' : 'high';
}

/** A version that cannot be ordered: ranges stay undecided, so an entry that has some is never silently passed over. */
function evaluateText(entry: CompiledEntry, text: string, named: boolean): Hit | undefined {
  const listed = entry.texts.has(text);
  const undecided = entry.ranges.length > 0;
  if (!(named || listed || undecided)) return undefined;
  return {
    identity: entry.identity,
    matchedBy: named ? 'digest' : listed ? 'text' : 'unversionable',
    confidence: named || listed ? 'high' : 'low',
    fixed: entry.fixed,
    open: undecided && entry.ranges.every((range) => range.steps.every(({ type }) => type === 'introduced')),
    degraded: entry.ranges.some((range) => range.degraded),
  };
}

/** Replays a range up to the release: outside, or inside a window that ends (`bounded`) or does not (`open`). */
function windowAt({ steps, limits }: CompiledRange, place: Place): 'outside' | 'bounded' | 'open' {
  let inside = false;
  let ends = false;
  for (const step of steps) {
    const rank = rankFor(step, place);
    if (step.type === 'introduced') inside ||= rank >= step.rank;
    else if (step.type === 'fixed' ? rank >= step.rank : rank > step.rank) inside = false;
    else ends = true;
  }
  if (!inside) return 'outside';
  if (limits.length > 0 && !limits.some((limit) => rankFor(limit, place) < limit.rank)) return 'outside';
  return ends ? 'bounded' : 'open';
}

function rankFor(bound: Bound, place: Place): number {
  return bound.local ? place.full : place.public;
}

const CONFIDENCE = ['high', 'contested', 'low'] as const;
const MATCHED_BY = ['digest', 'both', 'listed', 'range', 'text', 'unversionable'] as const;

/** One match for all records of an alias group that hit: the worst kind and severity and the surest hit count. */
function toMatch(hits: readonly Hit[]): AdvisoryMatch {
  const { identity } = hits.reduce((a, b) => (compareIds(b.identity.id, a.identity.id) < 0 ? b : a));
  const ways = new Set(hits.map(({ matchedBy }) => matchedBy));
  if (ways.has('listed') && ways.has('range')) ways.add('both');
  const severity = hits.map((hit) => hit.identity.severity).sort(compareSeverity)[0];
  const fixed = new Map(hits.flatMap((hit) => hit.fixed).map(({ rank, text }) => [rank, text]));
  return {
    ...identity,
    kind: hits.some((hit) => hit.identity.kind === 'malware') ? 'malware' : 'vulnerability',
    ...(severity !== undefined && { severity }),
    matchedBy: MATCHED_BY.find((way) => ways.has(way))!,
    confidence: CONFIDENCE.find((confidence) => hits.some((hit) => hit.confidence === confidence))!,
    fixed: [...fixed].sort(([a], [b]) => a - b).map(([, text]) => text),
    open: hits.every(({ open }) => open),
    ...(hits.some(({ degraded }) => degraded) && { degraded: true }),
  };
}
