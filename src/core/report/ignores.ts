import { endOfDay } from '../duration.ts';
import { isSameRelease } from '../policy/fact.ts';
import type { ProjectName } from '../python/name.ts';
import type { AuditFinding, IgnoredFinding } from './audit-report.ts';
import type { Justification } from './justification.ts';

/** A finding that the team accepts for now. `expires` is a day, whose end in UTC counts. */
export type IgnoreEntry = {
  readonly id: string;
  readonly reason: string;
  readonly expires?: string;
  /** Only as long as no version is named as fixed. */
  readonly untilFixed?: boolean;
  /** Why it does not affect us; absent: it does, and is accepted. */
  readonly notAffected?: Justification;
  /** Of a VEX file: only these releases, never malware; a file may speak of more than what is audited. */
  readonly releases?: readonly { readonly project: ProjectName; readonly version?: string }[];
};

/**
 * Sorts out what is ignored. Any id of a group will do, except that malware is ignored by the id of its own report only:
 * accepting a vulnerability must not let in a malicious release that happens to be its alias.
 */
export function judgeIgnores(
  findings: readonly AuditFinding[],
  entries: readonly IgnoreEntry[],
  now: Date,
): {
  readonly kept: readonly AuditFinding[];
  readonly ignored: readonly IgnoredFinding[];
  readonly warnings: readonly string[];
} {
  const kept: AuditFinding[] = [];
  const ignored: IgnoredFinding[] = [];
  const matched = new Set<IgnoreEntry>();
  const overtaken = new Set<IgnoreEntry>();
  for (const finding of findings) {
    const naming = entries.filter((entry) => names(entry, finding));
    for (const entry of naming) matched.add(entry);
    const inForce = naming.filter((entry) => !isExpired(entry, now));
    const entry = inForce.find(({ untilFixed }) => untilFixed !== true || finding.fixed.length === 0);
    if (entry === undefined) {
      kept.push(finding);
      for (const late of inForce) overtaken.add(late);
    } else {
      ignored.push(ignoredBy(entry, finding));
    }
  }
  const warnings = entries.flatMap((entry) => {
    if (isExpired(entry, now)) return [`the ignore of ${entry.id} expired on ${entry.expires}`];
    if (!matched.has(entry)) return entry.releases ? [] : [`the ignore of ${entry.id} matches nothing: remove it`];
    return overtaken.has(entry) ? [`the ignore of ${entry.id} ended, for there is a fix`] : [];
  });
  return { kept, ignored, warnings };
}

function ignoredBy({ reason, expires, untilFixed, notAffected }: IgnoreEntry, finding: AuditFinding): IgnoredFinding {
  const until = expires ?? (untilFixed ? 'there is a fix' : undefined);
  return { finding, reason, ...(until !== undefined && { until }), ...(notAffected && { notAffected }) };
}

function names({ id, releases }: IgnoreEntry, { ids, kind, project, version }: AuditFinding): boolean {
  if (releases !== undefined) {
    if (kind !== 'vulnerability' || !ids.includes(id)) return false;
    return releases.some(
      (one) => one.project === project && (one.version === undefined || isSameRelease(one.version, version)),
    );
  }
  // What the gate refuses is opened there, with an approval or an exemption, or it would still not install.
  if (kind === 'policy') return false;
  return kind === 'malware' ? id.startsWith('MAL-') && ids.includes(id) : ids.includes(id);
}

function isExpired({ expires }: IgnoreEntry, now: Date): boolean {
  return expires !== undefined && now >= endOfDay(expires);
}
