import type { ProjectName } from '../python/name.ts';

/** One release that a resolver chose. */
export type ResolvedPin = {
  readonly project: ProjectName;
  /** Normalised. */
  readonly version: string;
  readonly marker?: string;
  /** Projects that ask for it, as far as the resolver says. */
  readonly via: readonly string[];
};

/** What a resolver is asked for. All texts are dependency specifiers (PEP 508) without direct references. */
export type ResolveRequest = {
  readonly requirements: readonly string[];
  readonly constraints: readonly string[];
  /** Releases to stay with where they fit, as `name==version`. */
  readonly preferences: readonly string[];
  /** `3.12`, `3.12.1`; absent: the Python of this machine. */
  readonly python?: string;
  /** `linux`, `macos`, `windows`, with a machine as in `linux-x86_64`; absent: this machine. */
  readonly platform?: string;
  /** For every platform and every Python from `python` on, with markers. */
  readonly isUniversal: boolean;
  readonly prereleases: boolean;
  /** Releases without a wheel may be built on this machine, which runs their code. */
  readonly builds: boolean;
};

export type Resolution =
  | {
      readonly kind: 'resolved';
      /** `uv 0.13.9`. */
      readonly resolver: string;
      readonly python?: string;
      readonly pins: readonly ResolvedPin[];
      /** Preferences could not all be kept, and none was. */
      readonly droppedPreferences: boolean;
    }
  /** What the resolver said, without credentials. */
  | { readonly kind: 'failed'; readonly resolver: string; readonly output: string };
