import { type Exemption, exemptionCovers, isInForce } from '../core/policy/exemption.ts';
import { tryParseVersion } from '../core/python/version.ts';
import type { AuditFinding, AuditReport } from '../core/report/audit-report.ts';
import type { AdvisorySource, Clock, KnownFile, Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

export type TeamVexNeeds = {
  readonly store: Pick<Store, 'exemptions' | 'files'>;
  readonly advisories: Pick<AdvisorySource, 'match' | 'dataDates'>;
  readonly clock: Clock;
};

/**
 * What an index lets in although a vulnerability is known, by an exemption for everybody: as a report, from which a VEX is
 * made. Only releases that were met here are named.
 */
export function createTeamVex({ store, advisories, clock }: TeamVexNeeds) {
  return async function teamVex(index: ServedIndex): Promise<AuditReport> {
    const now = clock();
    const inForce = (await store.exemptions.all()).filter((one) => isAboutVulnerabilities(one) && isInForce(one, now));
    const exempted: { finding: AuditFinding; reason: string; until: string }[] = [];
    const seen = new Set<string>();
    for (const exemption of inForce) {
      for (const file of await store.files.findByProject(exemption.project)) {
        if (!covers(exemption, file, index)) continue;
        for (const finding of await findingsOf(file)) {
          const key = JSON.stringify([finding.ids, finding.project, finding.version]);
          if (seen.has(key)) continue;
          seen.add(key);
          const reason = `exempted (${exemption.id}): ${exemption.reason}`;
          exempted.push({ finding, reason, until: exemption.expiresAt.toISOString().slice(0, 10) });
        }
      }
    }
    const findings = exempted.map(({ finding }) => finding);
    return {
      findings,
      exempted,
      known: [],
      ignored: [],
      unaudited: [],
      errors: [],
      notes: [],
      warnings: [],
      releases: new Set(findings.map(({ project, version }) => `${project} ${version}`)).size,
      pins: findings.map(({ project, version, file }) => ({ project, version, file, hashes: [] })),
      files: [...new Set(findings.map(({ file }) => file))],
      data: { advisories: 0, dates: await advisories.dataDates() },
    };
  };

  async function findingsOf({ project, version, sha256, file }: KnownFile): Promise<readonly AuditFinding[]> {
    if (version === undefined) return [];
    const matches = await advisories.match(project, tryParseVersion(version) ?? version, sha256);
    return matches
      .filter(({ kind }) => kind === 'vulnerability')
      .map(({ id, aliases, kind, summary, severity, exploitation, fixed, confidence }) => ({
        project,
        version,
        file: file.filename,
        ids: [id, ...aliases],
        kind,
        fixed,
        confidence,
        ...(summary !== undefined && { summary }),
        ...(severity && { severity }),
        ...(exploitation && { exploitation }),
      }));
  }
}

export type TeamVex = ReturnType<typeof createTeamVex>;

function isAboutVulnerabilities({ kind, rule, consumer }: Exemption): boolean {
  return consumer === undefined && (kind === 'break-glass' || rule === 'known-vulnerable');
}

function covers(exemption: Exemption, { index, project, version, sha256 }: KnownFile, served: ServedIndex): boolean {
  if (index !== served.name) return false;
  return exemptionCovers(exemption, { index, project, sha256, ...(version !== undefined && { version }) });
}
