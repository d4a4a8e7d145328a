import type { AdvisoryMatch } from '../../src/core/advisories/match.ts';
import type { AnalysisResult, BehaviourFinding } from '../../src/core/analysis/analyse.ts';
import type { Evidence, Inspection } from '../../src/core/policy/evidence.ts';
import type { Exemption } from '../../src/core/policy/exemption.ts';
import type { Fact } from '../../src/core/policy/fact.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseVersion } from '../../src/core/python/version.ts';
import { parseSha256 } from '../../src/core/sha256.ts';

export const NOW = new Date('2026-11-23T12:00:00Z');
export const DIGEST = parseSha256('a'.repeat(64));

/** Days before `NOW`. */
export function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 86_400_000);
}

/** Evidence of an old, quiet, inspected wheel of a project in use: every preset allows it. Name only what a test is about. */
export function anEvidence(
  over: {
    file?: Partial<Evidence['file']>;
    project?: Partial<Evidence['project']>;
    advisories?: Partial<Evidence['advisories']>;
    facts?: readonly Fact[];
    nearestApproved?: Evidence['nearestApproved'];
    exemptions?: Evidence['exemptions'];
    killSwitch?: Evidence['killSwitch'];
    approvedSibling?: Evidence['approvedSibling'];
    sourceDifferences?: Evidence['sourceDifferences'];
    inspection?: Evidence['inspection'];
  } = {},
): Evidence {
  return {
    file: {
      index: 'default',
      project: parseProjectName('demo'),
      filename: 'demo-1.0.0-py3-none-any.whl',
      version: parseVersion('1.0.0'),
      rawVersion: '1.0.0',
      kind: 'wheel',
      sha256: DIGEST,
      age: { at: daysAgo(100), source: 'upload-time' },
      ...over.file,
    },
    project: { status: 'active', approvedBefore: true, upstream: 'test', privateUpstream: false, ...over.project },
    advisories: { matches: [], fixes: [], asOf: NOW, ...over.advisories },
    facts: over.facts ?? [],
    ...(over.nearestApproved && { nearestApproved: over.nearestApproved }),
    ...(over.exemptions && { exemptions: over.exemptions }),
    ...(over.killSwitch && { killSwitch: over.killSwitch }),
    ...(over.approvedSibling && { approvedSibling: over.approvedSibling }),
    ...(over.sourceDifferences && { sourceDifferences: over.sourceDifferences }),
    inspection: over.inspection ?? anInspection(),
  };
}

/** A complete inspection that found nothing. */
export function anInspection(over: Partial<Inspection> = {}): Inspection {
  return {
    findings: [],
    complete: true,
    startupHooks: [],
    nativeFiles: [],
    behaviour: aBehaviour(),
    seconds: 0.01,
    ...over,
  };
}

/** A complete analysis of code that does nothing of note. */
export function aBehaviour(over: Partial<AnalysisResult> = {}): AnalysisResult {
  return { score: 0, verdict: 'none', findings: [], capabilities: [], units: [], complete: true, limits: [], ...over };
}

export function aBehaviourFinding(over: Partial<BehaviourFinding> = {}): BehaviourFinding {
  return {
    rule: 'network-call',
    title: 'makes a network request',
    context: 'import',
    file: 'demo/__init__.py',
    line: 3,
    excerpt: "requests.get('https://collector.example.invalid')",
    decoded: false,
    weight: 2,
    ...over,
  };
}

export function aFact(over: Partial<Fact> = {}): Fact {
  return {
    id: 'f1',
    kind: 'approval',
    project: parseProjectName('demo'),
    sha256: DIGEST,
    reason: 'read it',
    actor: 'cli:ada',
    at: daysAgo(1),
    policyRevision: 'r',
    ...over,
  };
}

export function anExemption(over: Partial<Exemption> = {}): Exemption {
  return {
    id: 'x1',
    kind: 'rule',
    rule: 'cooldown',
    project: parseProjectName('demo'),
    owner: 'user:ana',
    reason: 'the release is needed today',
    remediation: 'ends with the cooldown',
    createdAt: daysAgo(1),
    createdBy: 'user:sec',
    expiresAt: daysAgo(-29),
    warned: [],
    ...over,
  };
}

export function aMatch(over: Partial<AdvisoryMatch> = {}): AdvisoryMatch {
  return {
    id: 'PYSEC-2026-1',
    aliases: [],
    kind: 'vulnerability',
    matchedBy: 'both',
    confidence: 'high',
    fixed: ['1.0.1'],
    open: false,
    ...over,
  };
}
