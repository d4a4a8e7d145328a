import type { ManifestError, Place } from '../manifest/manifest.ts';

/** What keeps a lock from being proven. */
export type LockProblemCode =
  /** A person withdrew a file as malicious: who installed it has it. */
  | 'revoked'
  /** The gate blocks a file, or a person denied it. */
  | 'blocked'
  /** The gate holds a file. */
  | 'held'
  /** No file of the release has this digest. */
  | 'unknown-hash'
  /** No upstream of the gate has the release. */
  | 'absent'
  /** A pin without a hash lets any file in. */
  | 'missing-hash'
  /** A line that names no single release. */
  | 'not-locked'
  /** Two releases of one project, and no marker tells them apart. */
  | 'duplicate-pin'
  /** A requirement of the team or of a pin that no pin answers. */
  | 'missing'
  /** The input asks for something else than when the lock was made. */
  | 'input-changed'
  /** Nobody asked for the file yet, so that it was not inspected. */
  | 'not-inspected';

export type LockProblem = Place & {
  readonly code: LockProblemCode;
  /** `pending`: time or a person may end it. */
  readonly effect: 'violation' | 'pending' | 'note';
  readonly project?: string;
  readonly version?: string;
  /** One line without text from a package. */
  readonly message: string;
};

/** Whether a lock still holds nothing but what the gate lets out. */
export type LockCheck = {
  readonly file: string;
  readonly pins: number;
  /** Digests that were looked up. */
  readonly hashes: number;
  readonly problems: readonly LockProblem[];
  readonly errors: readonly ManifestError[];
  readonly notes: readonly string[];
  readonly policyRevision: string | undefined;
  readonly advisoriesAsOf: string | undefined;
};
