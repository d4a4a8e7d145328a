import type { Advisory } from './advisory.ts';

// The release segment of PEP 440, appendix B, behind an epoch; what follows is not looked at.
const RELEASE = /^\s*v?(?:\d+!)?(\d+(?:\.\d+)*)/i;

/**
 * The advisory with only those listed versions that may be the same as the given one: enough to match that version, and
 * it spares parsing hundreds of others. Ranges stay whole, so that a match is the same as with every version.
 */
export function withVersionsLike(advisory: Advisory, version: string): Advisory {
  const wanted = releaseOf(version);
  return {
    ...advisory,
    affected: advisory.affected.map((entry) => ({
      ...entry,
      versions: entry.versions.filter((text) => text === version || releaseOf(text) === wanted),
    })),
  };
}

/** Equal for equal versions: numbers without leading zeros, no zeros at the end. What is no version stays as it is. */
function releaseOf(text: string): string {
  const release = RELEASE.exec(text)?.[1];
  if (release === undefined) return text.trim();
  return release.replace(/(^|\.)0+(?=\d)/g, '$1').replace(/(?:\.0)+$/, '');
}
