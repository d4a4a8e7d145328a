import type { AuditFinding, AuditReport } from './audit-report.ts';
import type { Justification } from './justification.ts';

/** What the team decided about a finding. */
export type Decision = {
  /** In words, with its end. */
  readonly reason: string;
  /** Absent: it is affected, and accepted for now. */
  readonly notAffected?: Justification;
};

/** Every finding that somebody decided something about: ignores, and exemptions of the gate. */
export function decisionsOf({ ignored, exempted = [] }: AuditReport): ReadonlyMap<AuditFinding, Decision> {
  return new Map([
    ...exempted.map(({ finding, reason, until }) => [finding, { reason: sayUntil(reason, until) }] as const),
    ...ignored.map(
      ({ finding, reason, until, notAffected }) =>
        [finding, { reason: sayUntil(reason, until), ...(notAffected && { notAffected }) }] as const,
    ),
  ]);
}

function sayUntil(reason: string, until: string | undefined): string {
  return until === undefined ? reason : `${reason} (until ${until})`;
}
