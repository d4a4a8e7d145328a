import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdoptDecisions, Adopter, AdoptPlan, AdoptRun, PlannedFile } from '../cli/adopter.ts';
import type { Config } from '../config.ts';
import { requirementVariable } from '../config-presence.ts';
import { WheelgateError } from '../core/errors.ts';
import { localIdentity } from '../core/identity/identity.ts';
import type { AdoptedRelease } from '../core/lock/adoption.ts';
import { type AdoptionTarget, adoptionTarget, sortAdoptionFiles } from '../core/lock/adoption-files.ts';
import { type LockDocument, lockFormatOf } from '../core/lock/lock-document.ts';
import type { LockOutcome } from '../core/lock/lock-outcome.ts';
import { renderLock } from '../core/lock/render-lock.ts';
import type { DirectRequirements } from '../core/manifest/direct-requirements.ts';
import type { FileSource, Manifest, Pin } from '../core/manifest/manifest.ts';
import { readDirectRequirements } from '../core/manifest/read-direct-requirements.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { BASELINE } from '../core/policy/fact.ts';
import type { ProjectName } from '../core/python/name.ts';
import { parseRequirement } from '../core/python/requirement.ts';
import { inGroups } from '../gate/in-groups.ts';
import { createJudgeBaseline } from '../gate/judge-baseline.ts';
import { lockRequirements } from '../gate/lock-requirements.ts';
import type { GateReader } from '../gate/ports.ts';
import { diskFiles } from '../io/files/manifest-files.ts';
import { openPolicyFile } from '../io/policy/policy-file.ts';
import { findResolver } from '../io/sandbox/find-resolver.ts';
import { wheelTargetOf } from '../server/wheel-target.ts';
import { personHere } from './command-gate.ts';
import { type LoopbackGate, openLoopbackGate } from './locker-gate.ts';
import type { Gate } from './open-gate.ts';
import { relativeTo } from './relative-to.ts';
import { thisPlatform } from './this-platform.ts';

/**
 * The index that a project is resolved through while it moves over: it lets out all but known malware, as the preset "monitor"
 * does, so that what the team uses today is found whole. It has verdicts of its own, and nobody else is served by it.
 */
const LOOKING = 'adoption';

type Input = {
  readonly direct: DirectRequirements;
  readonly pins: readonly Pin[];
  readonly manifests: readonly Manifest[];
  readonly target: AdoptionTarget;
};

/** Moves a project of this machine over to the gate of this machine's data folder. */
export async function openLocalAdopter(config: Config, version: string, index: string | undefined): Promise<Adopter> {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-adopt-'));
  const policy = join(folder, 'policy.toml');
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(config.data, `policy-${LOOKING}.last-good.toml`), { force: true });
  };
  try {
    const asked = config.indexes[index ?? ''];
    writeFileSync(policy, await lookingPolicy(asked?.policy ?? config.policy));
    const indexes = { ...config.indexes, [LOOKING]: { ...asked, policy } };
    const opened = await openLoopbackGate({ ...config, indexes }, version, index);
    return {
      plan: (run) => plan(opened, index, run),
      decide: (adopted) => decide(opened, index, adopted),
      async close() {
        await opened.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Lets out all but known malware; but the team's own names are looked up where they always are, and nowhere else. */
async function lookingPolicy(path: string | undefined): Promise<string> {
  const { names } = (await openPolicyFile(path)).current().rules['reserved-names'];
  return `preset = "monitor"\n[rules.reserved-names]\neffect = "block"\nnames = ${JSON.stringify(names)}\n`;
}

async function plan(opened: LoopbackGate, indexName: string | undefined, run: AdoptRun): Promise<AdoptPlan> {
  const { gate, reader } = opened;
  const source = diskFiles(requirementVariable);
  const input = await readInput(run, source);
  const resolver = await findResolver(opened.urlOf(LOOKING), run.resolver);
  const looking: GateReader = { ...opened.readerOf(LOOKING), indexUrl: reader.indexUrl, reviewUrl: reader.reviewUrl };
  const resolved = await lockRequirements(looking, resolver, {
    inputs: input.direct,
    described: describe(input, run),
    previous: input.pins,
    upgrade: new Set(),
    thisPlatform: thisPlatform(),
    isUniversal: false,
    builds: false,
    leaveOut: true,
  });
  const index = gate.index(indexName);
  const judgeBaseline = createJudgeBaseline(gate);
  const target = targetOf(resolved);
  const used = releasesIn(resolved, input.pins);
  const releases = await inGroups(used, ({ project, version }) => judgeBaseline(index, project, version, target));
  const placed = releases.map((one) => ({ ...one, reviewUrl: reader.reviewUrl(one.project, one.version) }));
  const outcome = withoutBlocked(resolved, placed);
  return {
    files: run.files,
    releases: placed,
    unlockable: input.direct.unlockable,
    notes: input.direct.notes,
    errors: [...input.direct.errors, ...input.manifests.flatMap(({ errors }) => errors)],
    outcome,
    writes:
      outcome.kind === 'locked'
        ? writesOf(adoptedLock(outcome.document, releases, index.policy().revision), input.target)
        : [],
    preset: index.policy().preset,
  };
}

/** What the policy in force blocks is not locked, whoever uses it so far. */
function withoutBlocked(outcome: LockOutcome, releases: AdoptPlan['releases']): LockOutcome {
  if (outcome.kind !== 'locked') return outcome;
  const locked = new Set(outcome.document.releases.map(({ project, version }) => `${project}==${version}`));
  const blocked = releases.filter(
    ({ project, version, state }) => state === 'blocked' && locked.has(`${project}==${version}`),
  );
  if (blocked.length === 0) return outcome;
  return {
    kind: 'withheld',
    withheld: blocked.map(({ project, version, reason = '', reviewUrl }) => {
      return { project, version, verdict: 'block', reason, reviewUrl };
    }),
  };
}

async function readInput(run: AdoptRun, source: FileSource): Promise<Input> {
  const files = sortAdoptionFiles(run.files);
  const target = adoptionTarget(files, run.output);
  if (target.moved && existsSync(target.moved.to)) {
    throw new WheelgateError(
      'USAGE',
      `${target.moved.to} is there already`,
      `Name it instead of ${target.moved.from}, or say with -o where the lock goes.`,
    );
  }
  const manifests: Manifest[] = [];
  for (const file of files.locks) manifests.push(await readManifest(file, source));
  const locked = manifests.flatMap((manifest) => manifest.pins);
  const { moved } = target;
  const paths = files.direct.map((path) => (path === moved?.from ? moved.to : path));
  const overlaid: FileSource = { ...source, read: (path) => source.read(path === moved?.to ? moved.from : path) };
  const direct = readDirectRequirements(paths, overlaid, run);
  // Exact requirements are used too, even when nothing comes of resolving.
  const asked = await Promise.all(files.direct.map((path) => readManifest(path, source)));
  return {
    direct: paths.length > 0 ? direct : { ...direct, requirements: locked.map(pinned) },
    pins: [
      ...locked,
      ...asked.flatMap(({ pins }) => pins.filter(({ group }) => group !== 'constraint' && group !== 'build')),
    ],
    manifests,
    target,
  };
}

/** Without a file that says what the team asks for, everything that is locked is asked for. */
function pinned({ project, version, marker, ...place }: Pin): DirectRequirements['requirements'][number] {
  const text = `${project}==${version}${marker === undefined ? '' : ` ; ${marker}`}`;
  return {
    file: place.file,
    ...(place.line !== undefined && { line: place.line }),
    requirement: parseRequirement(text),
    origin: `-r ${place.file}`,
  };
}

function describe({ target }: Input, { files, extras, groups }: AdoptRun) {
  const inputs = sortAdoptionFiles(files).direct.map((path) => (path === target.moved?.from ? target.moved.to : path));
  const { lock } = target;
  // No lock can be made from locks of other tools alone, so that adopting again is the way.
  if (inputs.length === 0)
    return { command: ['wheelgate adopt', ...files, '-o', lock].join(' '), inputs, extras, groups };
  const options = [...extras.map((extra) => `--extra ${extra}`), ...groups.map((group) => `--group ${group}`)];
  return {
    command: ['wheelgate lock', ...inputs, ...options, '-o', lock].join(' '),
    inputs: inputs.map((input) => relativeTo(lock, input)),
    extras,
    groups,
  };
}

/** What was resolved and what was locked before, each release once: both are used. */
function releasesIn(outcome: LockOutcome, pins: readonly Pin[]) {
  const resolved = outcome.kind === 'locked' ? outcome.document.releases : [];
  const all = [...resolved, ...pins].map(({ project, version }) => ({ project, version }));
  const once = new Map<string, { readonly project: ProjectName; readonly version: string }>();
  for (const one of all) once.set(`${one.project}==${one.version}`, one);
  return [...once.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** The lock of what the team uses today, which says of each release where it stands. */
function adoptedLock(lock: LockDocument, releases: readonly AdoptedRelease[], policyRevision: string): LockDocument {
  const byName = new Map(releases.map((one) => [`${one.project}==${one.version}`, one]));
  const today = new Date().toISOString().slice(0, 10);
  return {
    ...lock,
    header: { ...lock.header, policyRevision },
    releases: lock.releases.map((release) => {
      const { state, reason = '' } = byName.get(`${release.project}==${release.version}`)!;
      const approved = state === 'baseline' ? `by ${personHere().name} on ${today}` : `not yet (${state}): ${reason}`;
      return { ...release, approved };
    }),
  };
}

function writesOf(lock: LockDocument, { lock: path, moved }: AdoptionTarget): readonly PlannedFile[] {
  const text = renderLock(lock, { format: lockFormatOf(path), hashes: true });
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return [
    ...(moved ? [{ path: moved.to, text: readFileSync(moved.from, 'utf8') }] : []),
    { path, text, ...(before !== undefined && { before }) },
  ];
}

async function decide(
  opened: LoopbackGate,
  indexName: string | undefined,
  { releases }: AdoptPlan,
): Promise<AdoptDecisions> {
  const { gate, reader } = opened;
  const index = gate.index(indexName);
  let approved = 0;
  let inReview = 0;
  const remarks: string[] = [];
  for (const { project, version, state, approvable } of releases) {
    if (state === 'exempted-baseline') {
      const problem = await openReview(gate, index.name, project, version);
      if (problem === undefined) inReview++;
      else remarks.push(problem);
    }
    if (approvable.length === 0) continue;
    const { files } = await reader.release(project, version);
    for (const sha256 of approvable) {
      if (files.some((file) => file.sha256 === sha256 && file.approval !== null)) continue;
      const subject = { kind: 'digest', sha256 } as const;
      await gate.recordFact(index, { kind: 'approval', subject, reason: BASELINE, actor: personHere().name });
      approved++;
    }
  }
  return { approved, inReview, remarks };
}

/** Asks as nobody in particular: whoever adopts a project may have to approve. @returns why there is no review */
async function openReview(
  { reviews }: Gate,
  index: string,
  project: ProjectName,
  version: string,
): Promise<string | undefined> {
  try {
    await reviews.request(localIdentity('adopt'), { index, project, version, reason: 'exempted-baseline' });
    return undefined;
  } catch (error) {
    if (!(error instanceof WheelgateError)) throw error;
    return `no review of ${project} ${version}: ${error.message}`;
  }
}

function targetOf(outcome: LockOutcome) {
  const python = outcome.kind === 'locked' ? outcome.document.header.python : undefined;
  const system = { linux: 'Linux', darwin: 'Darwin', win32: 'Windows' }[process.platform as string];
  const machine = thisPlatform().split('-')[1];
  return wheelTargetOf({
    installer: 'other',
    userAgent: '',
    ...(python !== undefined && { python }),
    ...(system !== undefined && { system }),
    ...(machine !== undefined && { machine }),
  });
}
