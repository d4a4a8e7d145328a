import type { Auditor, AuditRun } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { requirementVariable } from '../config-presence.ts';
import { advisoryAsOf } from '../core/advisories/as-of.ts';
import { exploitationsAsOf } from '../core/advisories/exploitation.ts';
import type { FileSource, Manifest } from '../core/manifest/manifest.ts';
import { parseTarget } from '../core/manifest/marker-target.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { exemptionCovers, isInForce } from '../core/policy/exemption.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { AuditReport } from '../core/report/audit-report.ts';
import { type Baseline, baselineKeys } from '../core/report/baseline.ts';
import type { IgnoreEntry } from '../core/report/ignores.ts';
import { type AuditOptions, auditManifests, createFindingsOf, type PinVerdicts } from '../gate/audit-manifests.ts';
import { createHeldAdvisories } from '../gate/held-advisories.ts';
import type { AdvisorySource, ReleaseSource } from '../gate/ports.ts';
import { diskFiles, type Folders, findManifests } from '../io/files/manifest-files.ts';
import { type HeldData, readHeldData } from './held-data.ts';

/** The gate whose word counts: one that runs, or what this machine would let in. */
export type GateLink = {
  /** Of a gate that runs. */
  readonly remote?: { readonly url: string; verdicts(index: string): Promise<PinVerdicts> };
  releases(index: string): Promise<ReleaseSource>;
  close(): Promise<void>;
};

const DEFAULT_INDEX = 'default';

/**
 * Audits files on this machine. It needs no data folder: with one that a gate filled, its advisories count, else those
 * that ship with the package. Only the advisories of the projects that the files name are read.
 * @param isRemote a gate that runs is asked for its verdicts; else the recorded decisions of the data folder count
 * @param openLink opens that gate, or this machine's own when releases are asked for
 */
export function openLocalAuditor(
  config: { readonly ignore: Config['ignore'] | readonly [] },
  databasePath: string | undefined,
  isRemote: boolean,
  openLink: () => Promise<GateLink>,
): Auditor {
  async function withLink<T>(use: (link: GateLink) => Promise<T>): Promise<T> {
    const link = await openLink();
    try {
      return await use(link);
    } finally {
      await link.close();
    }
  }

  async function audit(run: AuditRun): Promise<AuditReport> {
    if (!isRemote) return auditWith(run, undefined);
    return withLink(async ({ remote }) => ({
      ...(await auditWith(run, await remote?.verdicts(run.index ?? DEFAULT_INDEX))),
      ...(remote && { gate: remote.url }),
    }));
  }

  async function auditWith(run: AuditRun, asked: PinVerdicts | undefined): Promise<AuditReport> {
    const { files, manifests } = await readInputs(run);
    const before =
      run.baseline !== undefined && 'ref' in run.baseline ? await readBefore(run, run.baseline.ref) : undefined;
    const held = await readHeldData(databasePath, projectsOf([...manifests, ...(before ?? [])]));
    const advisories = advisoriesOf(held, run);
    const verdicts = asked ?? (await factVerdicts(held));
    const options = {
      ignores: ignoresOf(run),
      target: parseTarget(run.python, run.platform),
      advisories: held.records,
      exploitation: held.exploitationAge,
      now: run.asOf ?? new Date(),
      ...(verdicts && { verdicts }),
    };
    const baseline = before ? await baselineOf(before, advisories, options) : givenBaseline(run.baseline);
    const report = await auditManifests(manifests, advisories, { ...options, files, baseline });
    return {
      ...report,
      warnings: [...report.warnings, ...(run.vex?.warnings ?? [])],
      exempted: exemptedOf(report, held.exemptions, run.index ?? DEFAULT_INDEX, options.now),
    };
  }

  function ignoresOf({ ignore, vex }: AuditRun): readonly IgnoreEntry[] {
    return [
      ...config.ignore.map(({ id, reason, expires, until_fixed, not_affected }) => ({
        id,
        reason,
        ...(expires !== undefined && { expires }),
        ...(until_fixed && { untilFixed: true }),
        ...(not_affected && { notAffected: not_affected }),
      })),
      ...ignore.map((id) => ({ id, reason: 'ignored on the command line' })),
      ...(vex?.ignores ?? []),
    ];
  }

  return {
    audit,
    async planFix(run, report) {
      const { fixManifests } = await import('../gate/fix-manifests.ts');
      const { manifests, source } = await readInputs(run);
      const held = await readHeldData(databasePath, projectsOf(manifests));
      const findingsOf = createFindingsOf(advisoriesOf(held, run), ignoresOf(run), run.asOf ?? new Date());
      return withLink(async (link) =>
        fixManifests(manifests, report.findings, {
          source: await link.releases(run.index ?? DEFAULT_INDEX),
          findingsOf,
          target: parseTarget(run.python, run.platform),
          read: source.read,
        }),
      );
    },
    async writeFix({ files }) {
      const { replaceFile } = await import('../io/files/replace-file.ts');
      for (const { path, before, after } of files) await replaceFile(path, before, after);
    },
  };
}

async function readInputs(run: AuditRun) {
  const source = diskFiles(requirementVariable, run.within);
  const files = [...new Set(run.inputs.flatMap((input) => findManifests(input)))];
  return { source, files, manifests: await readAll(files, source) };
}

async function readAll(files: readonly string[], source: FileSource): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const file of files) manifests.push(await readManifest(file, source));
  return manifests;
}

/** The same inputs as they were; what was not there yet named nothing. */
async function readBefore({ inputs }: AuditRun, ref: string): Promise<readonly Manifest[]> {
  const { openGitFiles } = await import('../io/sandbox/git-files.ts');
  const then = openGitFiles(ref, process.cwd(), requirementVariable);
  const folders: Folders = then;
  const source: FileSource = { ...then, list: (path) => then.listEntries(path)?.map(({ name }) => name) };
  const files = inputs
    .filter((input) => input !== '-' && then.isThere(input))
    .flatMap((input) => findManifests(input, folders));
  return readAll([...new Set(files)], source);
}

function projectsOf(manifests: readonly Manifest[]): ReadonlySet<ProjectName> {
  return new Set(manifests.flatMap(({ pins }) => pins.map(({ project }) => project)));
}

function advisoriesOf({ advisories, dates, exploitations }: HeldData, run: AuditRun): AdvisorySource {
  const { asOf: moment } = run;
  const then = moment === undefined ? advisories : advisories.flatMap((one) => advisoryAsOf(one, moment) ?? []);
  const exploited = moment === undefined ? exploitations : exploitationsAsOf(exploitations, moment);
  return createHeldAdvisories(then, dates, exploited);
}

/** What the exemptions of the data folder for everybody, from the rule about vulnerabilities, cover. */
function exemptedOf(
  { findings, known }: AuditReport,
  exemptions: HeldData['exemptions'],
  index: string,
  now: Date,
): NonNullable<AuditReport['exempted']> {
  const inForce = exemptions.filter(
    (one) => one.rule === 'known-vulnerable' && one.consumer === undefined && isInForce(one, now),
  );
  return [...findings, ...known].flatMap((finding) => {
    const { project, version, kind } = finding;
    const found = inForce.find((one) => exemptionCovers(one, { index, project, version }));
    if (kind !== 'vulnerability' || found === undefined) return [];
    return [{ finding, reason: `exempted: ${found.reason}`, until: found.expiresAt.toISOString().slice(0, 10) }];
  });
}

async function factVerdicts({ facts }: HeldData): Promise<PinVerdicts | undefined> {
  if (facts.length === 0) return undefined;
  const { createFactVerdicts } = await import('../gate/fact-verdicts.ts');
  return createFactVerdicts(facts);
}

function givenBaseline(baseline: AuditRun['baseline']): Baseline {
  return baseline !== undefined && 'keys' in baseline ? baseline : { keys: new Set() };
}

async function baselineOf(
  before: readonly Manifest[],
  advisories: AdvisorySource,
  options: Omit<AuditOptions, 'files' | 'baseline'>,
): Promise<Baseline> {
  const report = await auditManifests(before, advisories, { ...options, files: [], baseline: { keys: new Set() } });
  const versions = new Map<string, string[]>();
  for (const { project, version } of before.flatMap(({ pins }) => pins)) {
    const there = versions.get(project) ?? [];
    if (!there.includes(version)) versions.set(project, [...there, version]);
  }
  return { keys: new Set(report.findings.flatMap(baselineKeys)), versions };
}
