import { WheelgateError } from '../errors.ts';
import { type ProjectName, tryParseProjectName } from './name.ts';
import { quoted } from './quoted.ts';
import { tryParseTags, type WheelTags } from './tags.ts';
import { tryParseVersion, type Version } from './version.ts';

type Named = {
  readonly filename: string;
  /** The version as it stands in the file name. */
  readonly rawVersion?: string;
  /** Absent when PEP 440 does not accept `rawVersion`. */
  readonly version?: Version;
};

/** PEP 427. */
export type WheelFilename = Named & {
  readonly kind: 'wheel';
  readonly project: ProjectName;
  readonly rawVersion: string;
  /** Starts with a digit; breaks ties between wheels of one release. */
  readonly build?: string;
  readonly tags: WheelTags;
};

/** PEP 625, and the names that tools wrote before it. Without a project when the name can be split in several ways. */
export type SdistFilename = Named & {
  readonly kind: 'sdist';
  readonly project?: ProjectName;
  /** With its dots: `.tar.gz`. */
  readonly extension: string;
};

/** Eggs, installers, signatures, malformed wheels: nothing that pip or uv install today. */
export type OtherFilename = Named & { readonly kind: 'other'; readonly project?: ProjectName };

/** What the name of a distribution file says. */
export type DistFilename = WheelFilename | SdistFilename | OtherFilename;

/** Longest name that a client can store (Linux NAME_MAX); it also bounds the combinations of compressed tags. */
const MAX_LENGTH = 255;

/** Each of them may be asked for at an upstream. */
const MAX_PROJECTS = 8;

// The empty name and the two folders; controls, invisible and bidirectional formatting, lone surrogates, line separators;
// path separators and Windows streams; percent-encoding, for whoever decodes once more would read another name.
const UNSAFE = /^\.{0,2}$|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\/:]|%[0-9A-Fa-f]{2}/u;

/** Nearly every name, found out faster. */
const ORDINARY = /^\w[\w.+!-]*$/;

/** What pip or uv would unpack as source, and `.tar.Z` from the years when the index took it. */
const SDIST_EXTENSION =
  /\.(?:zip|tgz|tbz|tbz2|txz|tlz|tar|tar\.gz|tar\.bz2|tar\.xz|tar\.lz|tar\.lzma|tar\.zst|tar\.Z)$/;

/**
 * Reads a file name without knowing whose file it is. On a project page, `parseFilenameFor` reads more.
 * @throws {WheelgateError} FILENAME_INVALID for what is no plain file name: paths, control characters, above 255 characters
 */
export function parseFilename(filename: string): DistFilename {
  checkSafe(filename);
  const extension = sdistExtension(filename);
  if (extension === undefined) return parseBuilt(filename);
  const [only, ...others] = sdistCandidates(filename);
  if (only === undefined || others.length > 0) return { kind: 'sdist', filename, extension };
  return { kind: 'sdist', filename, extension, ...only };
}

/**
 * Reads the name of a file on the page of `project`, as pip does: an sdist's version is what follows the first spelling
 * of the project, so that nothing is ambiguous.
 * @throws {WheelgateError} FILENAME_INVALID as `parseFilename` does, and when a wheel or an sdist is of another project
 */
export function parseFilenameFor(project: ProjectName, filename: string): DistFilename {
  checkSafe(filename);
  const extension = sdistExtension(filename);
  if (extension === undefined) {
    const built = parseBuilt(filename);
    if (built.kind === 'other' || built.project === project) return built;
    throw invalid(`${quoted(filename)} is not a file of ${project}`, `It is a file of ${built.project}.`);
  }
  for (const { name, rest } of dashSplits(filename.slice(0, -extension.length))) {
    if (tryParseProjectName(name) === project) {
      return { kind: 'sdist', filename, extension, project, ...readVersion(rest, tryParseVersion(rest)) };
    }
  }
  throw invalid(`${quoted(filename)} is not a file of ${project}`, 'The name must start with the project and a dash.');
}

/**
 * Every way to read an sdist's name as a project, a dash and a version, shortest project first: `a-1.0-1.tar.gz` is
 * version `1.0.post1` of `a` or version `1` of `a-1.0`. Empty for what is not named like an sdist.
 */
export function sdistCandidates(
  filename: string,
): readonly { readonly project: ProjectName; readonly rawVersion: string; readonly version: Version }[] {
  const extension = sdistExtension(filename);
  if (extension === undefined) return [];
  return dashSplits(filename.slice(0, -extension.length)).flatMap(({ name, rest }) => {
    const project = tryParseProjectName(name);
    const version = tryParseVersion(rest);
    return project === undefined || version === undefined ? [] : [{ project, rawVersion: rest, version }];
  });
}

/**
 * The projects on whose page an sdist of this name can stand, likeliest first: those of `sdistCandidates`, or, when no part
 * of the name is a version, every beginning before a dash. Empty for what is not named like an sdist.
 */
export function sdistProjects(filename: string): readonly ProjectName[] {
  const extension = sdistExtension(filename);
  if (extension === undefined) return [];
  const versioned = sdistCandidates(filename).map(({ project }) => project);
  if (versioned.length > 0) return versioned;
  return dashSplits(filename.slice(0, -extension.length))
    .flatMap(({ name }) => tryParseProjectName(name) ?? [])
    .slice(0, MAX_PROJECTS);
}

function parseBuilt(filename: string): WheelFilename | OtherFilename {
  if (filename.endsWith('.egg')) return parseEgg(filename);
  return (filename.endsWith('.whl') ? parseWheel(filename) : undefined) ?? { kind: 'other', filename };
}

function parseWheel(filename: string): WheelFilename | undefined {
  const parts = filename.slice(0, -'.whl'.length).split('-');
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const project = tryParseProjectName(parts[0]!);
  const tags = tryParseTags(parts.slice(-3).join('-'));
  const build = parts.length === 6 ? parts[2] : undefined;
  if (project === undefined || tags === undefined || parts[1] === '') return undefined;
  if (build === undefined) return { kind: 'wheel', filename, project, tags, ...readEscapedVersion(parts[1]!) };
  return /^\d/.test(build)
    ? { kind: 'wheel', filename, project, tags, build, ...readEscapedVersion(parts[1]!) }
    : undefined;
}

/** `name-version-py3.8[-platform].egg`, where a dash inside name or version became an underscore. */
function parseEgg(filename: string): OtherFilename {
  const [name, rawVersion, python] = filename.slice(0, -'.egg'.length).split('-');
  const project = tryParseProjectName(name!);
  if (project === undefined || !rawVersion || !python?.startsWith('py')) return { kind: 'other', filename };
  return { kind: 'other', filename, project, ...readEscapedVersion(rawVersion) };
}

/** Wheels and eggs wrote the dash of `1.0-1` as an underscore, which PEP 440 does not take there. */
function readEscapedVersion(rawVersion: string) {
  return readVersion(rawVersion, tryParseVersion(rawVersion) ?? tryParseVersion(rawVersion.replaceAll('_', '-')));
}

function readVersion(rawVersion: string, version: Version | undefined): { rawVersion: string; version?: Version } {
  return version === undefined ? { rawVersion } : { rawVersion, version };
}

function sdistExtension(filename: string): string | undefined {
  return SDIST_EXTENSION.exec(filename)?.[0];
}

function dashSplits(stem: string): { name: string; rest: string }[] {
  return [...stem.matchAll(/-/g)].map(({ index }) => ({ name: stem.slice(0, index), rest: stem.slice(index + 1) }));
}

function checkSafe(filename: string): void {
  if (filename.length > MAX_LENGTH) {
    throw invalid(`${quoted(filename)} is longer than ${MAX_LENGTH} characters`, 'No client can store such a name.');
  }
  if (!ORDINARY.test(filename) && UNSAFE.test(filename)) {
    throw invalid(`${quoted(filename)} is not a file name`, 'Give a plain name without folders or control characters.');
  }
}

function invalid(message: string, help: string): WheelgateError {
  return new WheelgateError('FILENAME_INVALID', message, help);
}
