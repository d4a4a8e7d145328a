import type { ProjectName } from '../python/name.ts';
import type { Sha256 } from '../sha256.ts';

/** PEP 792 status markers; a status we do not know is kept as `unknown` and never treated as active. */
export type ProjectStatus = 'active' | 'archived' | 'quarantined' | 'deprecated' | 'unknown';

/**
 * One file on a project page, read from any representation (Simple API living specification, "Project detail").
 * What the upstream did not say is absent, never guessed.
 */
export type IndexFile = {
  readonly filename: string;
  /** Absolute URL at the upstream (http, https or file), without fragment and credentials. */
  readonly url: string;
  readonly sha256?: Sha256;
  /** Bytes. */
  readonly size?: number;
  readonly uploadTime?: Date;
  readonly requiresPython?: string;
  /** PEP 592: absent = not yanked; the string is the reason and may be empty. */
  readonly yanked?: string;
  /** PEP 658/714 as the upstream said it: absent = none, `true` = there, a digest = there with this sha256. */
  readonly coreMetadata?: true | Sha256;
  /** PEP 740 URL, absolute. */
  readonly provenance?: string;
};

/** A project page, whatever its representation was. */
export type ProjectPage = {
  readonly project: ProjectName;
  readonly status: ProjectStatus;
  readonly statusReason?: string;
  readonly files: readonly IndexFile[];
  /**
   * What on the page could not be read, one printable line each: no entry is dropped silently. At most 101 lines, the
   * last one counts the rest.
   */
  readonly problems: readonly string[];
};
