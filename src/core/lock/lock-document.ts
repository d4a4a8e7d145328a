import type { ProjectName } from '../python/name.ts';
import type { Sha256 } from '../sha256.ts';

/** A file that a lock lets in. */
export type LockedFile = {
  readonly filename: string;
  readonly sha256: Sha256;
  /** Where the gate serves it, without credentials. */
  readonly url: string;
  /** Bytes. */
  readonly size?: number;
  readonly uploadTime?: Date;
};

/** One release of a lock with every file that the gate offers of it. */
export type LockedRelease = {
  readonly project: ProjectName;
  /** Normalised. */
  readonly version: string;
  /** The environment marker (PEP 508) under which it is installed. */
  readonly marker?: string;
  /** By file name. */
  readonly files: readonly LockedFile[];
  /** Who asks for it: projects of the lock, and what stands for the team's own files (`-r requirements.in`). */
  readonly via: readonly string[];
  /** Who or what let it in: `by cli:lea on 2026-08-02`, `by the policy`. */
  readonly approved: string;
  /** How many of its files have a provenance object (PEP 740). */
  readonly withProvenance: number;
};

/** What a lock says about how it came to be: enough to make it again, and to see when it must be. */
export type LockHeader = {
  /** Writes it again. */
  readonly command: string;
  /** Paths relative to the folder of the lock. */
  readonly inputs: readonly string[];
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Of what the inputs ask for; see `requirementsDigest`. */
  readonly requirements: Sha256;
  /** The index that it was resolved against and that its hashes are from. */
  readonly gate: string;
  readonly policyRevision: string;
  /** Day of the advisory data. */
  readonly advisories?: string;
  /** `uv 0.13.9`. */
  readonly resolver: string;
  /** `3.12` or `3.12.1`. */
  readonly python?: string;
  /** As `--platform` takes it; absent: every platform. */
  readonly platform?: string;
  /** What the inputs name and no index serves: it is left out. */
  readonly leftOut: readonly string[];
};

export type LockDocument = {
  readonly header: LockHeader;
  /** By project, then version. */
  readonly releases: readonly LockedRelease[];
  /** The lock was resolved without building anything: installs shall build nothing either. */
  readonly onlyWheels: boolean;
};

/** The formats that a lock is written in. */
export type LockFormat = 'requirements' | 'constraints' | 'pylock';
export const LOCK_FORMATS: readonly LockFormat[] = ['requirements', 'constraints', 'pylock'];

/** The format that the name of a file asks for: `pylock.toml` and `pylock.<name>.toml` (PEP 751), `constraints*.txt`, else requirements. */
export function lockFormatOf(path: string): LockFormat {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (/^pylock\.(?:[^.]+\.)?toml$/.test(name)) return 'pylock';
  return /^constraints.*\.txt$/.test(name) ? 'constraints' : 'requirements';
}
