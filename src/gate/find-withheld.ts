import { type GateFile, type GateRelease, isOfferedFile, refusalOf } from '../core/lock/gate-release.ts';
import type { Missing, Withheld } from '../core/lock/lock-outcome.ts';
import type { DirectRequirement } from '../core/manifest/direct-requirements.ts';
import { parseFilenameFor } from '../core/python/filename.ts';
import { type ProjectName, tryParseProjectName } from '../core/python/name.ts';
import { formatRequirement } from '../core/python/requirement.ts';
import { specifiersAllow } from '../core/python/specifier.ts';
import { compareVersions, parseVersion, type Version } from '../core/python/version.ts';
import { inGroups } from './in-groups.ts';
import type { GateReader } from './ports.ts';

/** Projects that are asked about after a failure: what failed is among the first ones named. */
const MAX_ASKED = 20;

/** A withheld release of a project, as it is told to people. */
export function withheldRelease(
  gate: GateReader,
  project: ProjectName,
  version: string,
  files: readonly GateFile[],
  requirements: readonly DirectRequirement[],
): Withheld {
  // The worst file speaks for the release, for an approval has to answer it.
  const worst = files.find(({ verdict }) => verdict === 'block') ?? files.find(({ verdict }) => verdict === 'hold');
  const direct = requirements.find(({ requirement }) => requirement.project === project);
  return {
    project,
    version,
    verdict: worst?.verdict === 'hold' ? 'hold' : 'block',
    reason: worst ? refusalOf(worst) : `the gate lists no file of it${files.length === 0 ? '' : ' with a digest'}`,
    reviewUrl: gate.reviewUrl(project, version),
    ...(direct && {
      requiredBy: {
        file: direct.file,
        ...(direct.line !== undefined && { line: direct.line }),
        text: formatRequirement(direct.requirement),
      },
    }),
  };
}

/**
 * Looks for what a resolver missed: of the projects that the team asks for, and of those that the resolver's message names,
 * the releases that the gate withholds.
 */
export async function findMissing(
  gate: GateReader,
  requirements: readonly DirectRequirement[],
  message: string,
): Promise<Missing> {
  const linked = linkedReleases(message);
  const names = new Set([
    ...linked.map(({ project }) => project),
    ...requirements.map(({ requirement }) => requirement.project),
    ...projectsIn(message),
  ]);
  const found = await inGroups([...names].slice(0, MAX_ASKED), async (project) => {
    const exact = linked.find((one) => one.project === project)?.version ?? pinnedVersion(project, requirements);
    const newest = await gate.release(project);
    const release = exact === undefined ? newest : await gate.release(project, exact);
    return { project, exact, newest, release };
  });
  return {
    withheld: found.flatMap(({ project, exact, release }) => {
      const version = exact ?? newestWithheld(project, release, requirements);
      if (version === undefined || release.files.length === 0) return [];
      const files = filesOf(project, release, version);
      if (files.length === 0 || files.some(isOfferedFile)) return [];
      return [withheldRelease(gate, project, version, files, requirements)];
    }),
    sourceOnly: found.flatMap(({ project, release }) => {
      const offered = release.files.filter(isOfferedFile);
      return offered.length > 0 && !offered.some(({ filename }) => filename.endsWith('.whl')) ? [project] : [];
    }),
    // The message names more than projects: only what the team itself asks for is surely meant as one.
    absent: found.flatMap(({ project, newest }) =>
      newest.state !== 'found' && requirements.some(({ requirement }) => requirement.project === project)
        ? [project]
        : [],
    ),
  };
}

/** The newest release that is withheld, fits the requirement, and is newer than every one that is offered. */
export function newestWithheld(
  project: ProjectName,
  { files, offered }: GateRelease,
  requirements: readonly DirectRequirement[],
): string | undefined {
  const wanted = requirements.filter(({ requirement }) => requirement.project === project);
  const fits = (version: Version) =>
    wanted.every(({ requirement }) => specifiersAllow(requirement.specifiers, version, { prereleases: true }));
  const newestOffered = offered.map(parseVersion).find(fits);
  for (const file of files) {
    const version = versionOf(project, file);
    if (version === undefined || !fits(version) || isOfferedFile(file)) continue;
    if (newestOffered === undefined || compareVersions(version, newestOffered) > 0) return version.text;
  }
  return undefined;
}

function filesOf(project: ProjectName, { files }: GateRelease, version: string): readonly GateFile[] {
  const wanted = parseVersion(version);
  return files.filter((file) => {
    const own = versionOf(project, file);
    return own !== undefined && compareVersions(own, wanted) === 0;
  });
}

function versionOf(project: ProjectName, { filename }: GateFile): Version | undefined {
  return parseFilenameFor(project, filename).version;
}

function pinnedVersion(project: ProjectName, requirements: readonly DirectRequirement[]): string | undefined {
  for (const { requirement } of requirements) {
    if (requirement.project !== project) continue;
    const [only, ...others] = requirement.specifiers.specifiers;
    if (only?.operator === '==' && !only.prefix && others.length === 0) return only.version.text;
  }
  return undefined;
}

/** The releases that refusals in the message link to. */
function linkedReleases(message: string): readonly { readonly project: ProjectName; readonly version: string }[] {
  return [...message.matchAll(/\/r\/([A-Za-z0-9._-]{1,200})\/([A-Za-z0-9._%+-]{1,100})/g)].flatMap(
    ([, name, version]) => {
      const project = tryParseProjectName(name!);
      return project === undefined ? [] : [{ project, version: decodeVersion(version!) }];
    },
  );
}

function decodeVersion(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names that stand before a comparison or after the words with which pip speaks of a project. */
function projectsIn(message: string): readonly ProjectName[] {
  const named = message.matchAll(
    /(?:^|[\s({])([A-Za-z0-9][A-Za-z0-9._-]{0,100})(?:\[[^\]\s]{0,100}\])?(?=[=<>~!]=?)/gm,
  );
  const spoken = message.matchAll(/(?:found for|requirement|versions? of|of) ([A-Za-z0-9][A-Za-z0-9._-]{0,100})/g);
  return [...named, ...spoken].flatMap(([, name]) => tryParseProjectName(name!) ?? []);
}
