import type { ProjectName } from '../python/name.ts';

/** Where something stands. `file` is the path that a person would open; `line` counts from 1. */
export type Place = { readonly file: string; readonly line?: number };

/** One release that a manifest, lock or inventory names. */
export type Pin = Place & {
  readonly project: ProjectName;
  /** Normalised; a text that PEP 440 does not accept stays as written. */
  readonly version: string;
  /** Why it is there when it is not simply required: `dev`, an extra, `constraint`. */
  readonly group?: string;
  /** The environment marker (PEP 508) as normalised text. */
  readonly marker?: string;
  /** Asked for with it, normalised; absent: none, or the format does not say. */
  readonly extras?: readonly string[];
  /** `sha256:<hex>` and the like, as the file gives them. */
  readonly hashes: readonly string[];
};

/**
 * Why something that will be installed cannot be looked up among advisories. `unpinned`: no single version is named;
 * `unversionable`: PEP 440 does not accept the version; `dynamic`: a build decides; `foreign`: no PyPI project.
 */
export type UnauditedReason =
  | 'unpinned'
  | 'url'
  | 'vcs'
  | 'path'
  | 'editable'
  | 'include'
  | 'dynamic'
  | 'foreign'
  | 'unversionable';

/** `requirement` is what the file says, with credentials and environment variables left out. */
export type Unaudited = Place & {
  readonly requirement: string;
  readonly reason: UnauditedReason;
  readonly group?: string;
};

/** What is risky about the file itself, whatever it names. `code` is stable. */
export type ManifestNote = Place & { readonly code: ManifestNoteCode; readonly message: string };

export type ManifestNoteCode =
  | 'duplicate-pin'
  | 'encoding'
  | 'extra-index'
  | 'find-links'
  | 'insecure-url'
  | 'missing-hash'
  | 'stray-hash'
  | 'trusted-host'
  | 'vcs-without-commit';

/** A line that could not be read; the rest of the file was. */
export type ManifestError = Place & { readonly message: string };

/** What was read from one or more files. Nothing that they name is missing: it is a pin, unaudited or an error. */
export type Manifest = {
  readonly pins: readonly Pin[];
  readonly unaudited: readonly Unaudited[];
  readonly notes: readonly ManifestNote[];
  readonly errors: readonly ManifestError[];
};

/** How manifests reach the disk. Paths are the caller's business: relative ones stay relative. */
export type FileSource = {
  /** @throws {WheelgateError} INPUT_UNREADABLE */
  read(path: string): Uint8Array;
  /** Names in a folder, sorted; undefined for what is no folder. */
  list(path: string): readonly string[] | undefined;
  /** The path that `target` means inside the file `from`. */
  resolve(from: string, target: string): string;
  /** The value of an environment variable; undefined when it has none. */
  variable(name: string): string | undefined;
};
