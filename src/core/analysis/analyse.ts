import type { CoreMetadata } from '../python/metadata.ts';
import { type Capability, capabilitiesOf } from './capabilities.ts';
import { declaresEntries } from './declared-entries.ts';
import { CONTEXTS, type Context } from './fact.ts';
import { runPackage } from './interpret/package-run.ts';
import { isScript } from './other-files/script-lines.ts';
import type { PackageFile } from './package-file.ts';
import { layOut, type PackageKind } from './package-layout.ts';
import { aboutProject, countMissingFields } from './project.ts';
import { ALL_RULES } from './rules/all-rules.ts';
import type { Rule } from './rules/rule.ts';
import { type BehaviourVerdict, evidenceOfRule, scoreUnits } from './scoring/score.ts';
import type { PythonParser } from './syntax/parser.ts';
import { type JudgedUnit, judgeUnits } from './units.ts';

/** Part of every cache key: raise it when the same bytes could be judged otherwise. */
export const ANALYSIS_VERSION = '18';

/** What is known of the distribution besides its files. Without metadata the project counts as anonymous. */
export type AnalysisContext = {
  readonly kind: PackageKind;
  readonly metadata?: CoreMetadata;
};

/** One reason, told so that a reviewer can look at it. `excerpt` and `file` are text from the package. */
export type BehaviourFinding = {
  readonly rule: string;
  readonly title: string;
  readonly context: Context;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly excerpt: string;
  /** True when it was found in code that had to be decoded first. */
  readonly decoded: boolean;
  /** What it adds to the evidence, in log odds. */
  readonly weight: number;
};

export type AnalysisResult = {
  /** Calibrated on the training groups: 0 nothing found, 1 certain. */
  readonly score: number;
  readonly verdict: BehaviourVerdict;
  /** At most five, the decisive one first, all from the unit that decided. */
  readonly findings: readonly BehaviourFinding[];
  readonly capabilities: readonly Capability[];
  /** The pieces of code with evidence, the strongest first: what an update is compared by. */
  readonly units: readonly UnitEvidence[];
  /** False when a limit left something unread: `limits` names it. Never take such a result for a good one. */
  readonly complete: boolean;
  readonly limits: readonly string[];
};

/** One piece of code that is judged by itself, and how much speaks against it (log odds, before anonymity counts). */
export type UnitEvidence = {
  readonly name: string;
  readonly evidence: number;
  readonly findings: readonly BehaviourFinding[];
};

const MAX_FINDINGS = 5;
/** Of the strongest units: the others of a package that has more could hardly decide anything. */
const MAX_UNITS = 100;
/** Code that nobody has to ask for: a limit reached there is as bad as code that was never read. */
const UNASKED: readonly Context[] = ['install', 'start-up', 'import'];

/** True for members whose code `analyse` reads; of the others it wants what is small, for code that reads them. */
export function isAnalysed(path: string): boolean {
  return /\.(?:pyw?|pth|start)$/i.test(path) || declaresEntries(path) || isScript(path);
}

/** Reads a distribution without running it. Deterministic: the same bytes give the same result on every machine. */
export function analyse(parser: PythonParser, files: readonly PackageFile[], context: AnalysisContext): AnalysisResult {
  const { units, capabilities, limits: met } = examine(parser, files, context);
  const limits = [...met, ...limitsOfUnasked(units)];
  const { probability, verdict, unit } = scoreUnits(units, countMissingFields(context.metadata));
  return {
    score: probability,
    verdict,
    findings: unit === undefined ? [] : reasonsOf(unit),
    capabilities,
    units: strongest(units),
    complete: limits.length === 0,
    limits,
  };
}

/** All that was found, unit by unit and without a score: what the weights are fitted on. */
export function examine(
  parser: PythonParser,
  files: readonly PackageFile[],
  context: AnalysisContext,
): {
  readonly units: readonly JudgedUnit[];
  readonly capabilities: readonly Capability[];
  readonly limits: readonly string[];
} {
  const layout = layOut(files, context.kind);
  const { facts, limits } = runPackage(parser, layout);
  const units = judgeUnits(facts, ALL_RULES, aboutProject(context.metadata));
  return { units, capabilities: capabilitiesOf(facts), limits };
}

/** Limits of one definition are common in honest code that is only called; in code that runs unasked they are not. */
function limitsOfUnasked(units: readonly JudgedUnit[]): string[] {
  const hits = units.flatMap((unit) => unit.hits.get('limit-reached') ?? []);
  return [...new Set(hits.filter(({ place }) => UNASKED.includes(place.context)).map(({ excerpt }) => excerpt))];
}

function strongest(units: readonly JudgedUnit[]): UnitEvidence[] {
  return units
    .map((unit) => ({
      unit,
      evidence: [...unit.hits.keys()].reduce((sum, rule) => sum + evidenceOfRule(unit, rule), 0),
    }))
    .filter(({ evidence }) => evidence > 0)
    .sort((a, b) => b.evidence - a.evidence || (a.unit.name < b.unit.name ? -1 : 1))
    .slice(0, MAX_UNITS)
    .map(({ unit, evidence }) => ({ name: unit.name, evidence, findings: reasonsOf(unit) }));
}

function reasonsOf(unit: JudgedUnit): BehaviourFinding[] {
  const reasons = [...unit.hits].map(([id, hits]): BehaviourFinding => {
    const [first] = [...hits].sort(
      (a, b) => CONTEXTS.indexOf(a.place.context) - CONTEXTS.indexOf(b.place.context) || a.place.line - b.place.line,
    );
    const { context, file, line, decodedLayer } = first!.place;
    return {
      rule: id,
      title: ruleOf(id).title,
      context,
      file,
      line,
      excerpt: first!.excerpt,
      decoded: decodedLayer,
      weight: evidenceOfRule(unit, id),
    };
  });
  return reasons.sort((a, b) => b.weight - a.weight || (a.rule < b.rule ? -1 : 1)).slice(0, MAX_FINDINGS);
}

function ruleOf(id: string): Rule {
  return ALL_RULES.find((rule) => rule.id === id)!;
}
