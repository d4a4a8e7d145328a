import type { Requirement } from '../python/requirement.ts';
import type { ManifestError, ManifestNote, Place, Unaudited } from './manifest.ts';

/** Something that a team asks for itself, as opposed to what that brings along. */
export type DirectRequirement = Place & {
  readonly requirement: Requirement;
  /** How a lock names where it stands: `-r requirements.in`, `demo (pyproject.toml)`. */
  readonly origin: string;
};

/** Which optional parts of a pyproject.toml count. */
export type ProjectParts = {
  readonly extras: readonly string[];
  readonly groups: readonly string[];
};

/** What a lock is made from, and what stands in the same files but cannot be locked. */
export type DirectRequirements = {
  readonly requirements: readonly DirectRequirement[];
  /** They limit what is chosen and ask for nothing. */
  readonly constraints: readonly DirectRequirement[];
  /** URLs, repositories, paths: no index serves them. */
  readonly unlockable: readonly Unaudited[];
  /** Options of a requirements file that lead past the gate, and the like. */
  readonly notes: readonly ManifestNote[];
  readonly errors: readonly ManifestError[];
  /** `--pre` was given in a file. */
  readonly prereleases: boolean;
};
