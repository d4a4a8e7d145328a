import { awaitsInspection, type GateFile, type GateRelease, refusalOf } from '../core/lock/gate-release.ts';
import type { LockCheck, LockProblem } from '../core/lock/lock-check.ts';
import { type Gap, gapText, lockGaps, pinsFor } from '../core/lock/lock-closure.ts';
import type { LockHeader } from '../core/lock/lock-document.ts';
import { requirementsDigest } from '../core/lock/lock-header.ts';
import type { DirectRequirements } from '../core/manifest/direct-requirements.ts';
import type { Manifest, Pin, Place } from '../core/manifest/manifest.ts';
import type { MarkerTarget } from '../core/manifest/marker-target.ts';
import { inGroups } from './in-groups.ts';
import type { GateReader } from './ports.ts';

export type LockToCheck = {
  readonly file: string;
  readonly manifest: Manifest;
  /** What it was made from: what its header says, and the inputs as they are now. */
  readonly origin?: { readonly header: Pick<LockHeader, 'requirements'>; readonly inputs: DirectRequirements };
  /** Said of the origin, when it could not be read. */
  readonly remarks: readonly string[];
  readonly target: MarkerTarget;
  /** A file that nobody asked for yet counts as pending. */
  readonly isStrict: boolean;
};

/** Proves that a lock is exact, complete, and holds only files that the gate lets out now; says with line what is not so. */
export async function checkLock(gate: GateReader, lock: LockToCheck): Promise<LockCheck> {
  const { file, manifest, origin, target } = lock;
  const pins = pinsFor(manifest.pins, target);
  const asked = await inGroups(pins, async (pin) => ({ pin, release: await gate.release(pin.project, pin.version) }));
  const needs = asked.map(({ pin, release }) => ({ pin, requiresDist: release.requiresDist }));
  const problems = [
    ...asked.flatMap(({ pin, release }) => pinProblems(pin, release, lock.isStrict)),
    ...manifest.unaudited.map((item) => ({
      ...placeOf(item),
      code: 'not-locked' as const,
      effect: 'violation' as const,
      message: `${item.requirement} names no single release of the gate (${item.reason})`,
    })),
    ...manifest.notes
      .filter(({ code }) => code === 'duplicate-pin')
      .map((note) => ({
        ...placeOf(note),
        code: 'duplicate-pin' as const,
        effect: 'violation' as const,
        message: note.message,
      })),
    ...(origin ? originProblems(origin, file) : []),
    ...lockGaps(needs, origin?.inputs.requirements ?? [], target).map(gapProblem),
  ];
  const releases = asked.map(({ release }) => release);
  const unread = needs.filter(({ requiresDist }) => requiresDist === null).length;
  return {
    file,
    pins: pins.length,
    hashes: pins.reduce((sum, { hashes }) => sum + hashes.length, 0),
    problems: [...problems].sort(byPlace),
    errors: manifest.errors,
    notes: [
      ...lock.remarks,
      ...manifest.notes
        .filter(({ code }) => code !== 'duplicate-pin' && code !== 'missing-hash')
        .map(({ message }) => message),
      ...(unread === 0 ? [] : [`of ${unread} releases the gate has not read yet what they need`]),
    ],
    policyRevision: releases[0]?.policyRevision,
    advisoriesAsOf: releases.flatMap(({ advisoriesAsOf }) => advisoriesAsOf ?? []).sort()[0],
  };
}

function pinProblems(pin: Pin, release: GateRelease, isStrict: boolean): readonly LockProblem[] {
  const { project, version, hashes } = pin;
  const about = { ...placeOf(pin), project, version };
  if (release.files.length === 0) {
    return [
      { ...about, code: 'absent', effect: 'violation', message: `no upstream of the gate has ${project} ${version}` },
    ];
  }
  if (hashes.length === 0) {
    const message = `${project} ${version} has no hash: any file of that name would do`;
    return [{ ...about, code: 'missing-hash', effect: 'violation', message }];
  }
  // Of a release that somebody installs the files for other platforms may wait; of one that nobody met all do.
  const locked = new Set(hashes.map((hash) => hash.toLowerCase()));
  const isMet = release.files.some((file) => file.verdict === 'allow' && locked.has(`sha256:${file.sha256}`));
  const problems = hashes.flatMap((hash) => hashProblems(pin, hash, release, isStrict || !isMet));
  // The many wheels of one release are refused for one reason: once is enough.
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
}

function hashProblems(pin: Pin, hash: string, { files }: GateRelease, waits: boolean): readonly LockProblem[] {
  const { project, version } = pin;
  const about = { ...placeOf(pin), project, version };
  const digest = /^sha256:([0-9a-f]{64})$/i.exec(hash)?.[1]?.toLowerCase();
  const file = digest === undefined ? undefined : files.find(({ sha256 }) => sha256 === digest);
  const shown = hash.length > 26 ? `${hash.slice(0, 23)}…` : hash;
  if (file === undefined) {
    const message =
      digest === undefined
        ? `${project} ${version}: ${shown} cannot be compared, the gate knows files by their sha256`
        : `the gate has no file of ${project} ${version} with ${shown}`;
    return [{ ...about, code: 'unknown-hash', effect: 'violation', message }];
  }
  return fileProblems(about, file, waits);
}

function fileProblems(
  about: Place & { readonly project: string; readonly version: string },
  file: GateFile,
  waits: boolean,
): readonly LockProblem[] {
  const subject = `${about.project} ${about.version}`;
  if (file.verdict === 'allow') return [];
  if (awaitsInspection(file)) {
    const message = `${subject}: not all of its files were inspected yet: the first who asks for one has it inspected`;
    return [{ ...about, code: 'not-inspected', effect: waits ? 'pending' : 'note', message }];
  }
  if (file.reasons.some(({ rule, effect }) => rule === 'revocation' && effect === 'block')) {
    const message = `${subject} is revoked: ${refusalOf(file)}; wheelgate who-has "${about.project}==${about.version}" says who was served it`;
    return [{ ...about, code: 'revoked', effect: 'violation', message }];
  }
  return file.verdict === 'hold'
    ? [{ ...about, code: 'held', effect: 'pending', message: `${subject} is held: ${refusalOf(file)}` }]
    : [{ ...about, code: 'blocked', effect: 'violation', message: `${subject} is blocked: ${refusalOf(file)}` }];
}

function originProblems({ header, inputs }: NonNullable<LockToCheck['origin']>, file: string): readonly LockProblem[] {
  if (requirementsDigest(inputs) === header.requirements) return [];
  const names = [...new Set(inputs.requirements.map((one) => one.file))].join(', ');
  const message = `${names || 'the input'} asks for something else than when this was locked: lock again`;
  return [{ file, line: 1, code: 'input-changed', effect: 'violation', message }];
}

function gapProblem({ requirement, pins, by }: Gap): LockProblem {
  const who = 'pin' in by ? `${by.pin.project} ${by.pin.version}` : 'the input';
  const there = pins.map(({ version }) => version).join(', ');
  const place = 'pin' in by ? by.pin : by.direct;
  return {
    ...placeOf(place),
    code: 'missing',
    effect: 'violation',
    project: requirement.project,
    message:
      pins.length === 0
        ? `${who} needs ${gapText(requirement)}, which is not locked`
        : `${who} needs ${gapText(requirement)}, and ${there} is locked`,
  };
}

function placeOf({ file, line }: Place): Place {
  return { file, ...(line !== undefined && { line }) };
}

function byPlace(a: LockProblem, b: LockProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}
