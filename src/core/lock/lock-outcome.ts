import type { ManifestError, Place, Unaudited } from '../manifest/manifest.ts';
import type { ProjectName } from '../python/name.ts';
import type { LockDocument } from './lock-document.ts';

/** A release that the gate does not let out, and what asks for it. */
export type Withheld = {
  readonly project: ProjectName;
  readonly version: string;
  readonly verdict: 'hold' | 'block';
  /** Why, in one line without text from the package. */
  readonly reason: string;
  /** Where a person reads more and asks for a review. */
  readonly reviewUrl: string;
  /** The team's own requirement, when it names the project. */
  readonly requiredBy?: Place & { readonly text: string };
};

/** What may be why a resolver found no solution. */
export type Missing = {
  readonly withheld: readonly Withheld[];
  /** Projects whose releases have no wheel, and that are not built here. */
  readonly sourceOnly: readonly ProjectName[];
  /** No upstream of the gate has them. */
  readonly absent: readonly ProjectName[];
};

export type LockOutcome =
  | {
      readonly kind: 'locked';
      readonly document: LockDocument;
      /** What a person should know, one line each. */
      readonly remarks: readonly string[];
    }
  /** The input cannot be read, or names what no index serves. */
  | {
      readonly kind: 'unreadable';
      readonly errors: readonly ManifestError[];
      readonly unlockable: readonly Unaudited[];
    }
  | { readonly kind: 'nothing' }
  /** The resolver found releases that the gate does not let out. */
  | { readonly kind: 'withheld'; readonly withheld: readonly Withheld[] }
  /** The resolver found no solution. */
  | { readonly kind: 'unresolved'; readonly resolver: string; readonly output: string; readonly missing: Missing };
