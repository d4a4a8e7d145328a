import { compareIds } from '../core/advisories/aliases.ts';
import { dataAsOf } from '../core/advisories/data-age.ts';
import type { ExploitationAge } from '../core/advisories/exploitation.ts';
import type { AdvisoryMatch } from '../core/advisories/match.ts';
import type { Manifest, Pin, Unaudited } from '../core/manifest/manifest.ts';
import { ManifestBuilder } from '../core/manifest/manifest-builder.ts';
import { type MarkerTarget, mayApply } from '../core/manifest/marker-target.ts';
import type { ProjectName } from '../core/python/name.ts';
import { tryParseVersion, type Version } from '../core/python/version.ts';
import type { AuditFinding, AuditReport } from '../core/report/audit-report.ts';
import { type Baseline, baselineKeys } from '../core/report/baseline.ts';
import { type IgnoreEntry, judgeIgnores } from '../core/report/ignores.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { AdvisorySource } from './ports.ts';

export type AuditOptions = {
  readonly files: readonly string[];
  readonly ignores: readonly IgnoreEntry[];
  readonly baseline: Baseline;
  readonly target: MarkerTarget;
  /** How many records the data holds, and when ignores expire. */
  readonly advisories: number;
  /** How old EPSS and KEV are, where they are held. */
  readonly exploitation?: ExploitationAge;
  readonly now: Date;
  /** What policy says; absent: nobody was asked. */
  readonly verdicts?: PinVerdicts;
};

/** What policy says of a release that a manifest names: refused, withheld, or that nobody could tell. */
export type PinVerdict =
  | {
      readonly kind: 'refused';
      readonly effect: 'hold' | 'block';
      readonly rule: string;
      readonly message: string;
      /** The page about the release. */
      readonly url?: string;
    }
  | { readonly kind: 'unknown' | 'pending' };

/** Answers pin by pin, in order; undefined: nothing speaks against it. */
export type PinVerdicts = (pins: readonly Pin[]) => Promise<readonly (PinVerdict | undefined)[]>;

/**
 * Looks up every pin and sorts what was found: in force, known from the baseline, ignored. A version that PEP 440 does not
 * accept is unaudited, for ranges say nothing about it; only records that list its very text are findings.
 */
export async function auditManifests(
  manifests: readonly Manifest[],
  advisories: AdvisorySource,
  { files, ignores, baseline, target, advisories: records, exploitation, now, verdicts }: AuditOptions,
): Promise<AuditReport> {
  const all = new ManifestBuilder();
  for (const manifest of manifests) all.add(manifest);
  const { pins, unaudited, notes, errors } = all.build();
  const relevant = pins.filter(({ marker }) => mayApply(marker, target));
  const unversionable: Unaudited[] = [];
  const found: AuditFinding[] = [];
  for (const pin of oncePerPlace(relevant)) {
    for (const match of await matchesOf(pin, advisories)) found.push(findingOf(pin, match));
    if (tryParseVersion(pin.version) === undefined) unversionable.push(asUnversionable(pin));
  }
  const policy = verdicts && policyFindings(relevant, await verdicts(relevant), found);
  found.push(...(policy?.findings ?? []));
  const isKnown = (finding: AuditFinding) => baselineKeys(finding).some((key) => baseline.keys.has(key));
  const { kept, ignored, warnings } = judgeIgnores(found, ignores, now);
  const dates = await advisories.dataDates();
  const asOf = dataAsOf(dates);
  return {
    findings: kept.filter((finding) => !isKnown(finding)),
    known: kept.filter(isKnown),
    ignored,
    unaudited: [...unaudited, ...unversionable],
    errors,
    notes,
    warnings: [...warnings, ...(policy?.warnings ?? [])],
    releases:
      new Set(relevant.map(({ project, version }) => `${project}==${version}`)).size - unversionableCount(relevant),
    pins: relevant,
    files,
    data: {
      advisories: records,
      ...(asOf && { asOf: asOf.toISOString() }),
      dates,
      ...(exploitation && { exploitation }),
    },
    ...(baseline.versions && { before: baseline.versions }),
  };
}

/** What is known against a release and not ignored, by ids: what a raise must get away from. */
export function createFindingsOf(advisories: AdvisorySource, ignores: readonly IgnoreEntry[], now: Date) {
  return async (project: ProjectName, version: Version): Promise<readonly string[]> => {
    const pin: Pin = { project, version: version.text, file: '', hashes: [] };
    const found = (await matchesOf(pin, advisories)).map((match) => findingOf(pin, match));
    return judgeIgnores(found, ignores, now).kept.flatMap(({ ids }) => ids.slice(0, 1));
  };
}

/** A release that is reported as malware needs no second finding that says so. */
function policyFindings(
  pins: readonly Pin[],
  verdicts: readonly (PinVerdict | undefined)[],
  found: readonly AuditFinding[],
): { readonly findings: readonly AuditFinding[]; readonly warnings: readonly string[] } {
  const placeOf = ({ project, version, file, line }: Pin | AuditFinding) => `${project} ${version} ${file}:${line}`;
  const malware = new Set(found.filter(({ kind }) => kind === 'malware').map(placeOf));
  const findings: AuditFinding[] = [];
  const silent = { unknown: new Set<string>(), pending: new Set<string>() };
  const seen = new Set<string>();
  for (const [at, pin] of pins.entries()) {
    const verdict = verdicts[at];
    if (verdict === undefined) continue;
    if (verdict.kind !== 'refused') silent[verdict.kind].add(`${pin.project} ${pin.version}`);
    else if (!malware.has(placeOf(pin)) && !seen.has(placeOf(pin))) {
      seen.add(placeOf(pin));
      findings.push(policyFinding(pin, verdict));
    }
  }
  return {
    findings,
    warnings: [
      ...sayReleases(silent.unknown, 'the gate could not say what it thinks of'),
      ...sayReleases(silent.pending, 'the gate inspects these when they are first asked for:'),
    ],
  };
}

function sayReleases(releases: ReadonlySet<string>, what: string): readonly string[] {
  if (releases.size === 0) return [];
  const shown = [...releases].sort().slice(0, 5).join(', ');
  return [`${what} ${shown}${releases.size > 5 ? ` and ${releases.size - 5} more` : ''}`];
}

/** What is pinned, and where. */
function placeOf({ project, version, file, line, group, marker }: Pin) {
  return {
    project,
    version,
    file,
    ...(line !== undefined && { line }),
    ...(group !== undefined && { group }),
    ...(marker !== undefined && { marker }),
  };
}

function policyFinding(pin: Pin, { effect, rule, message, url }: PinVerdict & { kind: 'refused' }): AuditFinding {
  return {
    ...placeOf(pin),
    ids: [rule],
    kind: 'policy',
    effect,
    summary: message,
    ...(url !== undefined && { url }),
    fixed: [],
    confidence: 'high',
  };
}

async function matchesOf(pin: Pin, advisories: AdvisorySource): Promise<readonly AdvisoryMatch[]> {
  const match = await advisories.matcher(pin.project);
  const version = tryParseVersion(pin.version) ?? pin.version;
  const byId = new Map<string, AdvisoryMatch>();
  for (const one of match(version)) if (one.matchedBy !== 'unversionable') byId.set(one.id, one);
  for (const hash of pin.hashes) {
    const digest = /^sha256:([0-9a-f]{64})$/i.exec(hash)?.[1];
    if (digest === undefined) continue;
    for (const one of match(version, parseSha256(digest))) if (one.matchedBy === 'digest') byId.set(one.id, one);
  }
  return [...byId.values()];
}

function findingOf(pin: Pin, match: AdvisoryMatch): AuditFinding {
  const { id, aliases, kind, severity, exploitation, summary, fixed, confidence } = match;
  return {
    ...placeOf(pin),
    ids: [id, ...aliases].sort((a, b) => (a === id ? -1 : b === id ? 1 : compareIds(a, b))),
    kind,
    ...(severity !== undefined && { severity }),
    ...(exploitation !== undefined && { exploitation }),
    ...(summary !== undefined && { summary }),
    fixed,
    confidence,
  };
}

function asUnversionable({ project, version, file, line, group }: Pin): Unaudited {
  return {
    requirement: `${project}===${version}`,
    reason: 'unversionable',
    file,
    ...(line !== undefined && { line }),
    ...(group !== undefined && { group }),
  };
}

function unversionableCount(pins: readonly Pin[]): number {
  const odd = pins.filter(({ version }) => tryParseVersion(version) === undefined);
  return new Set(odd.map(({ project, version }) => `${project}==${version}`)).size;
}

/** A file that two others include is read twice, but its lines are there once. */
function oncePerPlace(pins: readonly Pin[]): readonly Pin[] {
  return [...new Map(pins.map((pin) => [`${pin.project} ${pin.version} ${pin.file}:${pin.line}`, pin])).values()];
}
