import type { DataDates } from '../advisories/data-age.ts';
import type { Exploitation, ExploitationAge } from '../advisories/exploitation.ts';
import type { Severity } from '../advisories/match.ts';
import type { ManifestError, ManifestNote, Pin, Place, Unaudited } from '../manifest/manifest.ts';
import type { ProjectName } from '../python/name.ts';
import type { Justification } from './justification.ts';

/** One defect of one release at one place. */
export type AuditFinding = Place & {
  readonly project: ProjectName;
  readonly version: string;
  readonly group?: string;
  readonly marker?: string;
  /** All ids of the alias group; the one to show is first. */
  readonly ids: readonly string[];
  readonly kind: 'vulnerability' | 'malware' | 'policy';
  /** Of a policy finding: withheld until something happens, or refused. */
  readonly effect?: 'hold' | 'block';
  /** Absent: unknown, never "low". */
  readonly severity?: Severity;
  readonly exploitation?: Exploitation;
  readonly summary?: string;
  /** Of a policy finding: the gate's page about the release. */
  readonly url?: string;
  /** Later versions that the records name as fixed, in order. */
  readonly fixed: readonly string[];
  /** As in a match: `contested` and `low` are doubtful. */
  readonly confidence: 'high' | 'contested' | 'low';
};

/** One that was passed over; `until` is a day, or a word. */
export type IgnoredFinding = {
  readonly finding: AuditFinding;
  readonly reason: string;
  readonly until?: string;
  readonly notAffected?: Justification;
};

/** What an audit found, ready to be rendered. Findings are in the order of files and lines. */
export type AuditReport = {
  /** What is in force. */
  readonly findings: readonly AuditFinding[];
  /** Those of the baseline, which do not count. */
  readonly known: readonly AuditFinding[];
  readonly ignored: readonly IgnoredFinding[];
  /** Findings all the same that the gate of this machine exempts from its rule; `until` is a day. */
  readonly exempted?: readonly { readonly finding: AuditFinding; readonly reason: string; readonly until: string }[];
  readonly unaudited: readonly Unaudited[];
  readonly errors: readonly ManifestError[];
  readonly notes: readonly ManifestNote[];
  /** About the run itself: ignores that matched nothing or expired, old data. */
  readonly warnings: readonly string[];
  /** Releases that were looked up, and every place that names one. */
  readonly releases: number;
  readonly pins: readonly Pin[];
  readonly files: readonly string[];
  /** `asOf` is that of the older kind, ISO 8601; `dates` those of each. */
  readonly data: {
    readonly advisories: number;
    readonly asOf?: string;
    readonly dates: DataDates;
    readonly exploitation?: ExploitationAge;
  };
  /** Versions before the change, by project, when the baseline was an earlier state of the files. */
  readonly before?: ReadonlyMap<string, readonly string[]>;
  /** The gate that was asked for its verdicts; absent: none was. */
  readonly gate?: string;
};

/** Worst first; unknown counts as medium for the order alone, for it may be anything. */
export function compareFindings(a: AuditFinding, b: AuditFinding): number {
  const weight = ({ kind, effect, severity }: AuditFinding) => {
    if (kind === 'malware') return 20;
    if (kind === 'policy') return effect === 'block' ? 15 : 3;
    return severity === undefined ? 4 : (severity.score ?? LOWEST[severity.level]);
  };
  return weight(b) - weight(a) || (a.ids[0]! < b.ids[0]! ? -1 : 1);
}

const LOWEST = { low: 0, medium: 4, high: 7, critical: 9 } as const;

/** `critical 9.8`, `high`, `unknown severity`, `malware`, `blocked`, `held`. */
export function sayWeight({ kind, effect, severity }: AuditFinding): string {
  if (kind === 'malware') return 'malware';
  if (kind === 'policy') return effect === 'hold' ? 'held' : 'blocked';
  if (severity === undefined) return 'unknown severity';
  return severity.score === undefined ? severity.level : `${severity.level} ${severity.score.toFixed(1)}`;
}

/** The way out of a finding, as the end of a sentence. */
export function sayWayOut({ kind, fixed, url }: AuditFinding): string {
  if (kind === 'policy') return url === undefined ? 'ask the team' : `see ${url}`;
  return fixed.length > 0 ? `fixed in ${fixed.join(', ')}` : 'no fixed version is known';
}
