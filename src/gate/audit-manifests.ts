import { compareIds } from '../core/advisories/aliases.ts';
import type { AdvisoryMatch } from '../core/advisories/match.ts';
import type { Manifest, Pin, Unaudited } from '../core/manifest/manifest.ts';
import { ManifestBuilder } from '../core/manifest/manifest-builder.ts';
import { type MarkerTarget, mayApply } from '../core/manifest/marker-target.ts';
import { tryParseVersion } from '../core/python/version.ts';
import type { AuditFinding, AuditReport } from '../core/report/audit-report.ts';
import { baselineKeys } from '../core/report/baseline.ts';
import { type IgnoreEntry, judgeIgnores } from '../core/report/ignores.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { AdvisorySource } from './ports.ts';

export type AuditOptions = {
  readonly files: readonly string[];
  readonly ignores: readonly IgnoreEntry[];
  /** Findings of an earlier report, by `baselineKeys`. */
  readonly baseline: ReadonlySet<string>;
  readonly target: MarkerTarget;
  /** How many records the data holds, and when ignores expire. */
  readonly advisories: number;
  readonly now: Date;
};

/**
 * Looks up every pin and sorts what was found: in force, known from the baseline, ignored. A version that PEP 440 does not
 * accept is unaudited, for ranges say nothing about it; only records that list its very text are findings.
 */
export async function auditManifests(
  manifests: readonly Manifest[],
  advisories: AdvisorySource,
  { files, ignores, baseline, target, advisories: records, now }: AuditOptions,
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
  const isKnown = (finding: AuditFinding) => baselineKeys(finding).some((key) => baseline.has(key));
  const { kept, ignored, warnings } = judgeIgnores(found, ignores, now);
  const asOf = await advisories.dataAsOf();
  return {
    findings: kept.filter((finding) => !isKnown(finding)),
    known: kept.filter(isKnown),
    ignored,
    unaudited: [...unaudited, ...unversionable],
    errors,
    notes,
    warnings,
    releases:
      new Set(relevant.map(({ project, version }) => `${project}==${version}`)).size - unversionableCount(relevant),
    files,
    data: { advisories: records, ...(asOf && { asOf: asOf.toISOString() }) },
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

function findingOf(pin: Pin, { id, aliases, kind, severity, summary, fixed, confidence }: AdvisoryMatch): AuditFinding {
  const { project, version, file, line, group, marker } = pin;
  return {
    project,
    version,
    file,
    ...(line !== undefined && { line }),
    ...(group !== undefined && { group }),
    ...(marker !== undefined && { marker }),
    ids: [id, ...aliases].sort((a, b) => (a === id ? -1 : b === id ? 1 : compareIds(a, b))),
    kind,
    ...(severity !== undefined && { severity }),
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
