import type { ProjectName } from '../python/name.ts';
import type { Sha256 } from '../sha256.ts';

/**
 * What we keep of an OSV record: facts about PyPI projects that decide whether a release is affected, and what a person
 * needs to recognise it. Plain JSON; fields are always written in the order below, so that equal advisories are equal text.
 */
export type Advisory = {
  readonly id: string;
  readonly kind: 'malware' | 'vulnerability';
  /** Other ids of the same defect as this record names them; `core/advisories/aliases.ts` closes the relation. */
  readonly aliases: readonly string[];
  /** One line of foreign text, at most 200 characters, without control characters. */
  readonly summary?: string;
  readonly severity?: SeverityClaim;
  /** Dates are ISO 8601 in UTC with milliseconds: they sort as text. */
  readonly published?: string;
  readonly modified: string;
  /** Present: the record was retracted and is never a finding. */
  readonly withdrawn?: string;
  /** How many independent sources reported the malware, when the record tells. */
  readonly origins?: number;
  /** Empty only when `withdrawn`. A project may appear more than once. */
  readonly affected: readonly AffectedProject[];
};

/** One `affected` entry of a record. A release is affected when it is listed, in a range, or its file's digest is named. */
export type AffectedProject = {
  readonly project: ProjectName;
  /** As the record spells them; some are no PEP 440 versions. */
  readonly versions: readonly string[];
  /** Ranges of type ECOSYSTEM and SEMVER, which mean the same for PyPI; GIT ranges say nothing about releases. */
  readonly ranges: readonly AdvisoryRange[];
  readonly sha256: readonly Sha256[];
  /** Overrides the severity of the record. */
  readonly severity?: SeverityClaim;
  /** `last_known_affected_version_range` of GitHub advisories: information, without effect on matching. */
  readonly lastKnown?: string;
};

/** Events in the record's order, which is not always version order. */
export type AdvisoryRange = readonly RangeEvent[];

export type RangeEvent = {
  readonly type: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  readonly version: string;
};

/**
 * What a record says about severity: CVSS vectors of any version and the database's own word. `worst` was scored when the
 * record was read, so that nobody who looks it up needs the calculator.
 */
export type SeverityClaim = {
  readonly vectors: readonly string[];
  readonly word?: string;
  readonly worst?: { readonly vector: string; readonly score: number };
};
