import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Advisory } from '../src/core/advisories/advisory.ts';
import { advisoryAsOf } from '../src/core/advisories/as-of.ts';
import { compileAdvisories } from '../src/core/advisories/compile.ts';
import { createReleaseMatcher } from '../src/core/advisories/release-matcher.ts';
import { decide } from '../src/core/policy/decide.ts';
import type { Evidence, Inspection } from '../src/core/policy/evidence.ts';
import { isSameRelease } from '../src/core/policy/fact.ts';
import { costByRule, type HoldCost, holdCost } from '../src/core/policy/hold-cost.ts';
import { parsePolicy } from '../src/core/policy/policy.ts';
import { parseFilename } from '../src/core/python/filename.ts';
import { type ProjectName, parseProjectName } from '../src/core/python/name.ts';
import { parseVersion } from '../src/core/python/version.ts';
import { openFeed } from '../src/io/feeds/open-feed.ts';
import { createInspector } from '../src/io/workers/inspector.ts';
import { dataFolder } from './corpus.ts';

/**
 * Replays two years of a real team's merged upgrades (upgrades.json) against every preset: the share that no person had to
 * touch, and what each hold would have cost from the moment of the merge. What the code of a release does is known only for
 * the releases whose files are here; the others count as quiet, and the figures say how many.
 */

type Upgrade = {
  readonly merged: string;
  readonly project: string;
  readonly old: string | null;
  readonly new: string;
  readonly uploaded: string | null;
};

const QUIET: Inspection = {
  findings: [],
  complete: true,
  startupHooks: [],
  nativeFiles: [],
  behaviour: { score: 0, verdict: 'none', findings: [], capabilities: [], units: [], complete: true, limits: [] },
  seconds: 0,
};

const folder = dataFolder();
try {
  await replayUpgrades(readUpgrades(join(folder, 'upgrades.json')));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  console.log(`skipped: ${(error as NodeJS.ErrnoException).path} is not there (set WHEELGATE_EVAL_DATA)`);
}

/** Distinct upgrades in the order of their merge: several files of the team pin the same release. */
function readUpgrades(path: string): readonly Upgrade[] {
  const distinct = new Map<string, Upgrade>();
  const rows = JSON.parse(readFileSync(path, 'utf8')) as Upgrade[];
  for (const row of rows.sort((a, b) => Date.parse(a.merged) - Date.parse(b.merged))) {
    const key = `${row.project} ${row.new}`;
    if (!distinct.has(key)) distinct.set(key, row);
  }
  return [...distinct.values()];
}

async function replayUpgrades(upgrades: readonly Upgrade[]): Promise<void> {
  const advisories = await readAdvisories(join(folder, 'osv-pypi.zip'));
  const inspections = await inspectReleases(upgrades);
  const inspected = upgrades.filter((upgrade) => inspections.has(keyOf(upgrade.project, upgrade.new))).length;
  console.log(`${upgrades.length} upgrades, ${inspected} of them with the code of the new release`);
  for (const preset of ['balanced', 'strict', 'monitor'] as const) {
    const policy = parsePolicy(`preset = "${preset}"`);
    const inUse = new Set<string>();
    const costs: HoldCost[] = [];
    const fixes: number[] = [];
    let blocked = 0;
    let attended = 0;
    for (const upgrade of upgrades) {
      const at = new Date(upgrade.merged);
      const evidence = evidenceOf(upgrade, at, advisories, inspections, inUse.has(upgrade.project));
      const verdict = decide(policy, evidence, at);
      const cost = holdCost(verdict, at);
      if (cost) costs.push(cost);
      if (verdict.kind === 'block') blocked++;
      if (verdict.kind === 'block' || (cost && cost.hours === undefined)) attended++;
      if (evidence.advisories.fixes.length > 0) fixes.push(cost ? (cost.hours ?? Number.POSITIVE_INFINITY) : 0);
      // The team took it in, whatever we would have said.
      inUse.add(upgrade.project);
    }
    const waits = costs.flatMap(({ hours }) => hours ?? []).sort((a, b) => a - b);
    console.log(`\n${preset}: ${percent(upgrades.length - attended, upgrades.length)} touched by nobody,`);
    console.log(`  ${costs.length} held (${waits.length} until a time), ${blocked} blocked, ${attended} for a person`);
    if (waits.length > 0)
      console.log(`  waiting: median ${hours(waits[Math.floor(waits.length / 2)]!)}, longest ${hours(waits.at(-1)!)}`);
    for (const { rule, holds, attended: people, medianHours } of costByRule(costs))
      console.log(
        `  ${rule}: ${holds} held, ${people} for a person${medianHours === undefined ? '' : `, median ${hours(medianHours)}`}`,
      );
    const late = fixes.filter((wait) => wait > 1).length;
    console.log(`  ${fixes.length} security fixes, ${late} of them held for more than 1 h`);
  }
}

function evidenceOf(
  upgrade: Upgrade,
  at: Date,
  advisories: ReadonlyMap<string, readonly Advisory[]>,
  inspections: ReadonlyMap<string, Inspection>,
  isInUse: boolean,
): Evidence {
  const project = parseProjectName(upgrade.project);
  const known = (advisories.get(project) ?? []).flatMap((advisory) => advisoryAsOf(advisory, at) ?? []);
  const match = createReleaseMatcher(compileAdvisories(project, known));
  const version = parseVersion(upgrade.new);
  const before = upgrade.old === null ? undefined : inspections.get(keyOf(project, upgrade.old));
  const fixes = upgrade.old === null ? [] : match(parseVersion(upgrade.old));
  return {
    file: {
      index: 'default',
      project,
      filename: `${project}-${upgrade.new}-py3-none-any.whl`,
      version,
      rawVersion: upgrade.new,
      kind: 'wheel',
      ...(upgrade.uploaded !== null && { age: { at: new Date(upgrade.uploaded), source: 'upload-time' } }),
    },
    project: {
      status: 'active',
      approvedBefore: isInUse || upgrade.old !== null,
      upstream: 'upstream',
      privateUpstream: false,
    },
    advisories: {
      matches: match(version),
      fixes: fixes.filter(({ fixed }) => fixed.some((text) => isSameRelease(text, upgrade.new))).map(({ id }) => id),
      asOf: at,
    },
    facts: [],
    ...(before?.behaviour &&
      upgrade.old !== null && {
        nearestApproved: {
          version: upgrade.old,
          behaviour: before.behaviour,
          hasNativeFiles: before.nativeFiles.length > 0,
        },
      }),
    inspection: inspections.get(keyOf(project, upgrade.new)) ?? QUIET,
  };
}

async function readAdvisories(path: string): Promise<ReadonlyMap<ProjectName, readonly Advisory[]>> {
  const byProject = new Map<ProjectName, Advisory[]>();
  const answer = await openFeed(path, {});
  if (answer.kind !== 'feed') return byProject;
  for await (const entry of answer.feed.entries) {
    if (entry.kind !== 'advisory') continue;
    for (const { project } of entry.advisory.affected) {
      byProject.set(project, [...(byProject.get(project) ?? []), entry.advisory]);
    }
  }
  return byProject;
}

/** Inspections of the old and new releases whose wheels are here, by `project version`. */
async function inspectReleases(upgrades: readonly Upgrade[]): Promise<ReadonlyMap<string, Inspection>> {
  const wanted = new Set(upgrades.flatMap((one) => [keyOf(one.project, one.new), keyOf(one.project, one.old ?? '')]));
  const inspector = createInspector({ deadlineMs: 120_000, maxMemoryBytes: 2 ** 30 });
  const found = new Map<string, Inspection>();
  try {
    for (const below of ['wheels', 'pairs']) {
      for (const name of readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.whl')) continue;
        const filename = name.slice(name.lastIndexOf('/') + 1);
        const parsed = parseFilename(filename);
        const key = keyOf(parsed.project ?? '', parsed.version?.text ?? '');
        if (wanted.has(key) && !found.has(key))
          found.set(key, await inspector.inspect(join(folder, below, name), filename));
      }
    }
  } finally {
    await inspector.close();
  }
  return found;
}

function keyOf(project: string, version: string): string {
  return `${project} ${version}`;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function hours(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(1)} h` : 'for ever';
}
