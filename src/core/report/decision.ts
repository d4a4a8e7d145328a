import type { AuditFinding, AuditReport } from './audit-report.ts';

/** Why a release is not affected, in the words of CycloneDX 1.6 (`analysis.justification`), with those of OpenVEX 0.2.0. */
export const JUSTIFICATIONS = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_not_in_execute_path',
  requires_dependency: 'vulnerable_code_not_in_execute_path',
  requires_environment: 'vulnerable_code_not_in_execute_path',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
} as const;

export type Justification = keyof typeof JUSTIFICATIONS;
export const JUSTIFICATION_NAMES = Object.keys(JUSTIFICATIONS) as [Justification, ...Justification[]];

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
