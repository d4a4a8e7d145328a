import { WheelgateError } from '../errors.ts';
import { formatMarker } from '../python/marker.ts';
import { quoted } from '../python/quoted.ts';
import { parseRequirement, type Requirement } from '../python/requirement.ts';
import { type Specifier, specifiersAllow } from '../python/specifier.ts';
import { tryParseVersion } from '../python/version.ts';
import type { UnauditedReason } from './manifest.ts';

/** What a requirement comes down to: one release, or the reason why it is not one. */
export type Classified =
  | {
      readonly kind: 'pin';
      readonly name: string;
      readonly version: string;
      readonly extras: readonly string[];
      readonly marker?: string;
    }
  | {
      readonly kind: 'unaudited';
      readonly reason: UnauditedReason;
      /** The project, when the requirement names it. */
      readonly name?: string;
      readonly marker?: string;
      /** A direct reference, for what it says about itself. */
      readonly url?: string;
    };

const VCS_URL = /^(?:git|hg|svn|bzr)(?:\+[a-z]+)?:/i;
const PLAIN_URL = /^(?:https?|file|ftp):/i;
const ARCHIVE = /\.(?:zip|whl|tar\.(?:bz2|gz|xz|lz|lzma)|tbz|tgz|tar|txz|tlz)$/i;

/**
 * Reads one requirement as pip's command line and requirements files take it: a dependency specifier (PEP 508), a URL or a
 * path. Nothing is looked up on disk, so a path is what looks like one.
 * @throws {WheelgateError} REQUIREMENT_INVALID
 */
export function classifyRequirement(text: string): Classified {
  if (VCS_URL.test(text) || PLAIN_URL.test(text)) return { kind: 'unaudited', reason: urlReason(text), url: text };
  if (isArchivePath(text)) return { kind: 'unaudited', reason: 'path', url: text };
  try {
    // pip parts the marker first, and an empty one is none.
    return classifySpecifier(parseRequirement(text.replace(/;[ \t]*$/, '')));
  } catch (error) {
    if (looksLikePath(text)) return { kind: 'unaudited', reason: 'path', url: text };
    throw error;
  }
}

/** The same for a dependency specifier alone, as pyproject.toml has it. @throws {WheelgateError} REQUIREMENT_INVALID */
export function classifySpecifier(requirement: Requirement): Classified {
  const { project: name, extras, specifiers, url } = requirement;
  const marker = requirement.marker && { marker: formatMarker(requirement.marker) };
  if (url !== undefined) return { kind: 'unaudited', reason: urlReason(url), name, url, ...marker };
  const exact = specifiers.specifiers.flatMap(exactVersion);
  if (exact[0] === undefined) return { kind: 'unaudited', reason: 'unpinned', name, ...marker };
  const version = tryParseVersion(exact[0]);
  const isPossible = version === undefined ? exact.length === 1 : specifiersAllow(specifiers, version);
  if (!isPossible) {
    throw new WheelgateError(
      'REQUIREMENT_INVALID',
      `${quoted(requirement.raw)} allows no version`,
      'Remove the clauses that contradict each other.',
    );
  }
  return { kind: 'pin', name, version: exact[0], extras, ...marker };
}

/** Where a direct reference leads. */
export function urlReason(url: string): UnauditedReason {
  if (VCS_URL.test(url)) return 'vcs';
  return /^file:/i.test(url) ? 'path' : 'url';
}

/** True when a version control URL names one commit, which cannot change later. */
export function namesCommit(url: string): boolean {
  return /@[0-9a-f]{40}(?:[0-9a-f]{24})?(?:$|[#?])/i.test(url);
}

function exactVersion(specifier: Specifier): readonly string[] {
  if (specifier.operator === '===') return [specifier.text];
  return specifier.operator === '==' && !specifier.prefix ? [specifier.version.text] : [];
}

function isArchivePath(text: string): boolean {
  const bare = text.split(';', 1)[0]!.trim();
  const [before, ...after] = bare.split('@');
  // In `name @ https://…/x.whl` the slashes belong to the URL.
  if (after.length > 0 && !looksLikePath(before!)) return false;
  return ARCHIVE.test(bare.replace(/\[[^\]]*\]$/, ''));
}

function looksLikePath(text: string): boolean {
  return text.includes('/') || text.startsWith('.') || /^[A-Za-z]:\\/.test(text);
}
