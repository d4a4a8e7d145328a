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
