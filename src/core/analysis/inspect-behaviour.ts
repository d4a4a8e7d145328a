import type { Finding } from '../finding.ts';
import { type AnalysisResult, analyse } from './analyse.ts';
import type { CollectedMembers } from './collect-members.ts';
import type { PackageKind } from './package-layout.ts';
import type { PythonParser } from './syntax/parser.ts';

/** The analysis as a part of an inspection: what could not be read is a finding that holds. */
export type BehaviourInspection = {
  /** Absent when the analysis failed. */
  readonly result?: AnalysisResult;
  readonly findings: readonly Finding[];
  readonly complete: boolean;
};

/** Analyses collected members. Never throws: a failure of ours, on whatever input, is a finding of code `error`. */
export function inspectBehaviour(
  parser: PythonParser,
  { files, metadata, limits: left }: CollectedMembers,
  kind: PackageKind,
): BehaviourInspection {
  try {
    const analysed = analyse(parser, files, { kind, ...(metadata !== undefined && { metadata }) });
    const limits = [...left, ...analysed.limits];
    const complete = limits.length === 0;
    const findings = complete ? [] : [incomplete(`Not all of the code could be analysed: ${limits.join(', ')}.`)];
    return { result: { ...analysed, complete, limits }, findings, complete };
  } catch (error) {
    const why = error instanceof RangeError ? ': it is nested too deeply, or makes texts too long' : '';
    return { findings: [incomplete(`The analysis of the code failed${why}.`)], complete: false };
  }
}

function incomplete(message: string): Finding {
  return { rule: 'behaviour', code: 'error', effect: 'hold', message };
}
