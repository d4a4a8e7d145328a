import type { Finding } from '../core/finding.ts';
import { behaviourFindings, grantedTo } from '../core/policy/behaviour-findings.ts';
import type { Evidence, Inspection } from '../core/policy/evidence.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { startupHookFindings } from '../core/policy/startup-hook-findings.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import { type DistFilename, parseFilename, sdistCandidates } from '../core/python/filename.ts';
import { type ProjectName, tryParseProjectName } from '../core/python/name.ts';
import { tryParseVersion } from '../core/python/version.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { AdvisorySource } from './ports.ts';

/**
 * What is known of a file on this machine: its bytes and the advisories. Where it comes from, how old it is and who uses it
 * is not.
 * @param advisories absent: they do not count either
 */
export async function gatherLocal(
  advisories: AdvisorySource | undefined,
  filename: string,
  { sha256, size }: { readonly sha256: Sha256; readonly size: number },
  inspection: Inspection,
): Promise<Evidence> {
  const name = identify(filename, inspection);
  const version = name.rawVersion === undefined ? undefined : tryParseVersion(name.rawVersion);
  const asOf = await advisories?.dataAsOf();
  const matches = (await advisories?.match(name.project, version ?? name.rawVersion ?? '', sha256)) ?? [];
  return {
    file: {
      index: 'scan',
      project: name.project,
      filename,
      kind: name.kind,
      sha256,
      size,
      ...(version && { version }),
      ...(name.rawVersion !== undefined && { rawVersion: name.rawVersion }),
    },
    project: { status: 'active', approvedBefore: false, upstream: '', privateUpstream: false },
    advisories: { matches, fixes: [], ...(asOf && { asOf }) },
    facts: [],
    inspection,
  };
}

/** Files on this machine are judged as preset "balanced" does. */
const { behaviour: BEHAVIOUR, 'startup-hook': STARTUP_HOOK } = parsePolicy('').rules;

/** A name that no project has (PEP 508 forbids the leading dash): advisories match it by digest only. */
export const UNNAMED = '-unnamed' as ProjectName;

/** A file may have been renamed on its way here: then its own metadata says what it claims to be. */
function identify(
  filename: string,
  { declared }: Inspection,
): { kind: DistFilename['kind']; project: ProjectName; rawVersion?: string } {
  const name = tryFilename(filename);
  const own = declared && tryParseProjectName(declared.name);
  const [candidate] = name?.kind === 'sdist' ? sdistCandidates(filename) : [];
  const project = name?.project ?? own ?? candidate?.project ?? UNNAMED;
  const rawVersion = name?.version?.text ?? declared?.version ?? candidate?.version.text ?? name?.rawVersion;
  return { kind: name?.kind ?? 'other', project, ...(rawVersion !== undefined && { rawVersion }) };
}

function tryFilename(filename: string): DistFilename | undefined {
  try {
    return parseFilename(filename);
  } catch {
    return undefined;
  }
}

/**
 * Everything that was seen, with its place where it has one, the decisive first.
 * @param more findings of rules about more than this file
 */
export function findingsOf(
  inspection: Inspection,
  verdict: Verdict,
  more: readonly Finding[] = [],
): readonly Finding[] {
  // The inspection's own findings carry their place; the verdict repeats them without it.
  const seen =
    inspection.behaviour === undefined
      ? []
      : behaviourFindings(inspection.behaviour, grantedTo(inspection.behaviour, BEHAVIOUR));
  const isAsked = verdict.reasons.some(({ rule }) => rule === 'startup-hook');
  const hooks = isAsked ? startupHookFindings(inspection, STARTUP_HOOK) : [];
  const placed = [...inspection.findings, ...hooks, ...more, ...seen];
  const messages = new Set(placed.map(({ message }) => message));
  const others = verdict.reasons
    .filter(({ message }) => !messages.has(message))
    .map(({ rule, effect, message }) => ({ rule, effect, message, code: rule }));
  const order = { block: 0, hold: 1, note: 2 } as const;
  return [...placed, ...others].sort((a, b) => order[a.effect] - order[b.effect]);
}
