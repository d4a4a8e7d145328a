import type { Auditor, AuditRun } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { requirementVariable } from '../config-presence.ts';
import type { Advisory } from '../core/advisories/advisory.ts';
import { advisoryAsOf } from '../core/advisories/as-of.ts';
import { dataAsOf } from '../core/advisories/data-age.ts';
import type { Manifest } from '../core/manifest/manifest.ts';
import { parseTarget } from '../core/manifest/marker-target.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import type { ProjectName } from '../core/python/name.ts';
import { auditManifests } from '../gate/audit-manifests.ts';
import { createHeldAdvisories } from '../gate/held-advisories.ts';
import { readFromSnapshot } from '../io/feeds/snapshot.ts';
import { diskFiles, findManifests } from '../io/files/manifest-files.ts';

type Held = { readonly advisories: readonly Advisory[]; readonly records: number; readonly asOf: Date | undefined };

/**
 * Audits files on this machine. It needs no data folder: with one that a gate filled, its advisories count, else those
 * that ship with the package. Only the advisories of the projects that the files name are read.
 */
export function openLocalAuditor(
  config: { readonly ignore: Config['ignore'] | readonly [] },
  databasePath: string | undefined,
): Auditor {
  return {
    async audit({ inputs, python, platform, asOf, ignore, baseline }: AuditRun) {
      const target = parseTarget(python, platform);
      const source = diskFiles(requirementVariable);
      const files = [...new Set(inputs.flatMap(findManifests))];
      const manifests: Manifest[] = [];
      for (const file of files) manifests.push(await readManifest(file, source));
      const projects = new Set(manifests.flatMap(({ pins }) => pins.map(({ project }) => project)));
      const held = (await storedAdvisories(databasePath, projects)) ?? (await shippedAdvisories(projects));
      const then =
        asOf === undefined ? held.advisories : held.advisories.flatMap((one) => advisoryAsOf(one, asOf) ?? []);
      return auditManifests(manifests, createHeldAdvisories(then, held.asOf), {
        files,
        ignores: [
          ...config.ignore.map(({ id, reason, expires, until_fixed }) => ({
            id,
            reason,
            ...(expires !== undefined && { expires }),
            ...(until_fixed && { untilFixed: true }),
          })),
          ...ignore.map((id) => ({ id, reason: 'ignored on the command line' })),
        ],
        baseline,
        target,
        advisories: held.records,
        now: asOf ?? new Date(),
      });
    },
  };
}

/** Undefined when there is no data folder, or no data in it. */
async function storedAdvisories(
  path: string | undefined,
  projects: ReadonlySet<ProjectName>,
): Promise<Held | undefined> {
  if (path === undefined) return undefined;
  // Loaded when there is a data folder: without one the command starts in half the time.
  const { openSqliteStore } = await import('../io/store/sqlite-store.ts');
  const store = await openSqliteStore(path);
  try {
    const statuses = await store.advisories.statuses();
    const records = statuses.reduce((sum, { malware, vulnerabilities }) => {
      return sum + (malware?.records ?? 0) + (vulnerabilities?.records ?? 0);
    }, 0);
    if (records === 0) return undefined;
    const advisories: Advisory[] = [];
    for (const project of projects) advisories.push(...(await store.advisories.findByProject(project)));
    return { advisories, records, asOf: dataAsOf(statuses) };
  } finally {
    await store.close();
  }
}

/** The snapshot is as old as the oldest of its sources. */
async function shippedAdvisories(projects: ReadonlySet<ProjectName>): Promise<Held> {
  const { header, advisories } = await readFromSnapshot(projects);
  const [oldest] = header.sources.map(({ asOf }) => asOf).sort();
  return {
    advisories,
    records: header.sources.reduce((sum, { records }) => sum + records, 0),
    asOf: oldest === undefined ? undefined : new Date(oldest),
  };
}
