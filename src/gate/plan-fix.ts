import { hasCode, WheelgateError } from '../core/errors.ts';
import type { Pin } from '../core/manifest/manifest.ts';
import { type MarkerTarget, mayHold } from '../core/manifest/marker-target.ts';
import type { ProjectName } from '../core/python/name.ts';
import { formatRequirement, type Requirement } from '../core/python/requirement.ts';
import { formatSpecifiers, parseSpecifiers, specifiersAllow } from '../core/python/specifier.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../core/python/version.ts';
import type { OfferedRelease, ReleaseSource } from './ports.ts';

/** One project that gets another version, and on whose account. */
export type Raise = {
  readonly project: ProjectName;
  readonly from: Version;
  readonly to: OfferedRelease;
  /** Why it is raised, when it is not affected itself: `it keeps urllib3 below 2`. */
  readonly because?: string;
};

export type FixPlan = {
  readonly raises: readonly Raise[];
  readonly refused: readonly { readonly project: ProjectName; readonly version: string; readonly reason: string }[];
  /** What could not be checked. */
  readonly remarks: readonly string[];
};

export type FixNeeds = {
  readonly source: ReleaseSource;
  /** Ids of what is known against a release and not ignored. */
  readonly findingsOf: (project: ProjectName, version: Version) => Promise<readonly string[]>;
  readonly target: MarkerTarget;
  /** True when the pins are all that will be installed: a release that asks for something else then does not fit. */
  readonly isComplete: boolean;
  /** Projects that cannot be raised, and why. */
  readonly frozen: ReadonlyMap<ProjectName, string>;
};

/** Versions by project: those of the pins, as raised so far. */
type State = ReadonlyMap<ProjectName, Version>;
type Attempt =
  | { readonly state: State; readonly because: ReadonlyMap<ProjectName, string> }
  | { readonly problem: string };

/** A chain of raises that needs more attempts than this has no simple answer. */
const MAX_ATTEMPTS = 400;
/** Requests at a time. */
const AT_ONCE = 8;
/** A release that is further away than this is no small step. */
const MAX_CANDIDATES = 40;

/**
 * Finds for each affected pin the smallest later release that is let in, that nothing is known against, and that fits the
 * other pins: what it asks for is raised with it, and so is a parent that caps it. Nothing is ever lowered.
 * @param pins what is installed together
 * @param affected projects of these pins, worst first
 */
export async function planFix(
  pins: readonly Pin[],
  affected: readonly ProjectName[],
  needs: FixNeeds,
): Promise<FixPlan> {
  const { start, refused: unclear } = versionsOf(pins);
  const solver = new FixSolver(pins, needs);
  if (affected.length > 0) await solver.prepare(start);
  const refused = affected.flatMap((project) => {
    const reason = unclear.get(project);
    return reason === undefined ? [] : [{ project, version: versionText(pins, project), reason }];
  });
  let state: State = start;
  const because = new Map<ProjectName, string>();
  for (const project of affected) {
    const version = state.get(project);
    // Raised already for the sake of another one, and well again.
    if (version === undefined || (await needs.findingsOf(project, version)).length === 0) continue;
    const attempt = await solver.raise(state, project);
    if ('problem' in attempt) refused.push({ project, version: version.text, reason: attempt.problem });
    else {
      for (const [other, why] of attempt.because) if (!affected.includes(other)) because.set(other, why);
      state = attempt.state;
    }
  }
  const raises: Raise[] = [];
  for (const [project, from] of start) {
    const to = state.get(project)!;
    if (compareVersions(from, to) === 0) continue;
    const why = because.get(project);
    raises.push({ project, from, to: await solver.release(project, to), ...(why !== undefined && { because: why }) });
  }
  return { raises, refused, remarks: solver.remarks };
}

class FixSolver {
  readonly #needs: FixNeeds;
  readonly #extras = new Map<ProjectName, string[]>();
  readonly #releases = new Map<ProjectName, readonly OfferedRelease[]>();
  readonly #requirements = new Map<string, readonly Requirement[]>();
  readonly #unknown = new Set<string>();
  #attempts = 0;

  constructor(pins: readonly Pin[], needs: FixNeeds) {
    this.#needs = needs;
    for (const { project, extras = [] } of pins) this.#addExtras(project, extras);
  }

  /** Reads what every pin asks for: any of them may cap another one. */
  async prepare(start: State): Promise<void> {
    const all = [...start];
    for (let at = 0; at < all.length; at += AT_ONCE) {
      await Promise.all(
        all.slice(at, at + AT_ONCE).map(([project, version]) => this.#requirementsOf(project, version)),
      );
    }
    for (const [project, version] of all) {
      for (const requirement of await this.#asks(project, version)) {
        this.#addExtras(requirement.project, requirement.extras);
      }
    }
  }

  get remarks(): readonly string[] {
    if (this.#unknown.size === 0) return [];
    const names = [...this.#unknown].sort();
    const shown = names.slice(0, 10).join(', ');
    const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
    return [`what ${shown}${more} ask for could not be read: whether the raised releases suit them was not checked`];
  }

  async release(project: ProjectName, version: Version): Promise<OfferedRelease> {
    return (await this.#releasesOf(project)).find((one) => compareVersions(one.version, version) === 0)!;
  }

  /** Tries later releases in order. */
  async raise(state: State, project: ProjectName): Promise<Attempt> {
    return this.#raiseTo(state, project, [], () => true);
  }

  async #raiseTo(
    state: State,
    project: ProjectName,
    above: readonly ProjectName[],
    suits: (version: Version) => boolean | Promise<boolean>,
  ): Promise<Attempt> {
    const frozen = this.#needs.frozen.get(project);
    if (frozen !== undefined) return { problem: frozen };
    const current = state.get(project)!;
    const all = await this.#releasesOf(project);
    if (all.length === 0) return { problem: `no index has ${project}` };
    const later = all.filter(({ version }) => compareVersions(version, current) > 0);
    if (later.length === 0) return { problem: `no index has a release after ${current.text}` };
    let problem: string | undefined;
    let tried = 0;
    for (const release of later) {
      const refusal = await this.#refusalOf(project, current, release);
      if (refusal !== undefined) {
        problem ??= refusal;
        continue;
      }
      if (!(await suits(release.version))) continue;
      if (++tried > MAX_CANDIDATES || ++this.#attempts > MAX_ATTEMPTS) break;
      const attempt = await this.#fit(state, project, release.version, above);
      if (!('problem' in attempt)) return attempt;
      // What stood in the way of the nearest one says most.
      if (tried === 1) problem = attempt.problem;
    }
    return { problem: problem ?? `no later release of ${project} fits` };
  }

  /** Why a release cannot be taken whatever the other pins are. */
  async #refusalOf(project: ProjectName, current: Version, release: OfferedRelease): Promise<string | undefined> {
    const { version, refused, requiresPython } = release;
    const name = `${project} ${version.text}`;
    if (isPrerelease(version) && !isPrerelease(current)) return `${name} is a pre-release`;
    const build = version.local?.join('.');
    if (build !== current.local?.join('.')) return `${name} is another build (${build ?? 'the public one'})`;
    if (refused !== undefined) return `${name}: ${refused}`;
    const python = this.#needs.target.python_full_version ?? this.#needs.target.python_version;
    if (
      python !== undefined &&
      requiresPython.length > 0 &&
      !requiresPython.some((clauses) => takesPython(clauses, python))
    ) {
      return `${name} wants Python ${requiresPython[0]}`;
    }
    const ids = await this.#needs.findingsOf(project, version);
    return ids.length === 0 ? undefined : `${name} is affected too (${ids[0]})`;
  }

  /** Puts a version in place, then raises the parents that cap it and what it asks for itself. */
  async #fit(state: State, project: ProjectName, version: Version, above: readonly ProjectName[]): Promise<Attempt> {
    if (above.includes(project)) return { problem: `${above.join(', ')} and ${project} exclude each other` };
    const before = state.get(project)!;
    const chain = [...above, project];
    let next: State = new Map(state).set(project, version);
    const because = new Map<ProjectName, string>();
    const settle = async (other: ProjectName, why: string, suits: (version: Version) => boolean | Promise<boolean>) => {
      const attempt = await this.#raiseTo(next, other, chain, suits);
      if ('problem' in attempt) return attempt.problem;
      next = attempt.state;
      for (const [name, reason] of attempt.because) because.set(name, reason);
      because.set(other, why);
      return undefined;
    };
    for (const parent of state.keys()) {
      if (parent === project) continue;
      const caps = await this.#caps(parent, next.get(parent)!, project, version, before);
      if (caps === undefined) continue;
      const why = `${parent} ${next.get(parent)!.text} asks for ${caps}`;
      const suits = async (later: Version) =>
        (await this.#caps(parent, later, project, version, undefined)) === undefined;
      const problem = await settle(parent, why, suits);
      if (problem !== undefined) return { problem: `${why}, and ${problem}` };
    }
    const asked = await this.#asks(project, version);
    const askedBefore = new Set((await this.#asks(project, before)).map((one) => one.project));
    for (const requirement of asked) {
      const there = next.get(requirement.project);
      const wants = `${project} ${version.text} asks for ${formatRequirement({ ...requirement, raw: '' })}`;
      if (there === undefined) {
        // What was asked for before without being pinned is none of our business.
        if (this.#needs.isComplete && !askedBefore.has(requirement.project))
          return { problem: `${wants}, which is not pinned` };
      } else if (!specifiersAllow(requirement.specifiers, there)) {
        const problem = await settle(requirement.project, wants, (later) =>
          specifiersAllow(requirement.specifiers, later),
        );
        if (problem !== undefined) return { problem: `${wants}, and ${problem}` };
      }
    }
    return { state: next, because };
  }

  /** The clauses of a parent that leave out a version; a parent that left out the version before too is not heeded. */
  async #caps(
    parent: ProjectName,
    version: Version,
    project: ProjectName,
    wanted: Version,
    before: Version | undefined,
  ): Promise<string | undefined> {
    const about = (await this.#asks(parent, version)).filter((one) => one.project === project);
    const cap = about.find(
      ({ specifiers }) =>
        !specifiersAllow(specifiers, wanted) && (before === undefined || specifiersAllow(specifiers, before)),
    );
    return cap && `${project}${formatSpecifiers(cap.specifiers)}`;
  }

  /** What a release asks for with the extras that the pins and other releases want of it. */
  async #asks(project: ProjectName, version: Version): Promise<readonly Requirement[]> {
    const extras = ['', ...(this.#extras.get(project) ?? [])];
    const all = await this.#requirementsOf(project, version);
    return all.filter(
      ({ marker, url }) =>
        url === undefined &&
        (marker === undefined || extras.some((extra) => mayHold(marker, { ...this.#needs.target, extra }))),
    );
  }

  async #requirementsOf(project: ProjectName, version: Version): Promise<readonly Requirement[]> {
    const key = `${project} ${version.text}`;
    const known = this.#requirements.get(key);
    if (known !== undefined) return known;
    const read = await this.#readRequirements(project, version);
    if (read === undefined) this.#unknown.add(key);
    this.#requirements.set(key, read ?? []);
    return read ?? [];
  }

  /** What is pinned today may be gone upstream, and the gate may hold it: what it asked for is then not known. */
  async #readRequirements(project: ProjectName, version: Version): Promise<readonly Requirement[] | undefined> {
    try {
      return await this.#needs.source.requirements(project, version);
    } catch (error) {
      if (error instanceof WheelgateError && error.code.startsWith('UPSTREAM_')) return undefined;
      throw error;
    }
  }

  #addExtras(project: ProjectName, extras: readonly string[]): void {
    if (extras.length > 0) this.#extras.set(project, [...(this.#extras.get(project) ?? []), ...extras]);
  }

  async #releasesOf(project: ProjectName): Promise<readonly OfferedRelease[]> {
    const known = this.#releases.get(project) ?? (await this.#needs.source.releases(project)) ?? [];
    this.#releases.set(project, known);
    return known;
  }
}

/** One version per project; what is pinned to several, or to what is no version, is left to a person. */
function versionsOf(pins: readonly Pin[]): {
  readonly start: State;
  readonly refused: ReadonlyMap<ProjectName, string>;
} {
  const start = new Map<ProjectName, Version>();
  const refused = new Map<ProjectName, string>();
  for (const { project, version: text, file, line } of pins) {
    const version = tryParseVersion(text);
    const there = start.get(project);
    if (version === undefined) refused.set(project, `${text} is no version that can be ordered`);
    else if (there !== undefined && there.text !== version.text) {
      refused.set(project, `it is pinned to ${there.text} too, beside ${version.text} (${file}:${line ?? 1})`);
    } else start.set(project, version);
  }
  for (const project of refused.keys()) start.delete(project);
  return { start, refused };
}

function versionText(pins: readonly Pin[], project: ProjectName): string {
  return pins.find((pin) => pin.project === project)?.version ?? '';
}

function takesPython(clauses: string, python: string): boolean {
  const version = tryParseVersion(python);
  try {
    return version === undefined || specifiersAllow(parseSpecifiers(clauses), version);
  } catch (error) {
    if (hasCode(error, 'SPECIFIER_INVALID')) return true; // pip passes over what it cannot read, too
    throw error;
  }
}
