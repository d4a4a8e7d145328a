import type { AdoptedRelease } from '../core/lock/adoption.ts';
import type { LockOutcome } from '../core/lock/lock-outcome.ts';
import type { ProjectParts } from '../core/manifest/direct-requirements.ts';
import type { ManifestError, ManifestNote, Unaudited } from '../core/manifest/manifest.ts';

/** Moves a project over to the gate; main.ts hands it in. */
export type Adopter = {
  /** Looks, has everything inspected, and changes no file and no decision. @throws {WheelgateError} INPUT_UNREADABLE, USAGE */
  plan(run: AdoptRun): Promise<AdoptPlan>;
  /** Approves what the plan says is let in, and puts before people what is held. */
  decide(plan: AdoptPlan): Promise<AdoptDecisions>;
  close(): Promise<void>;
};

export type AdoptDecisions = {
  /** Files that were approved and were not before. */
  readonly approved: number;
  /** Releases of which a review is open now. */
  readonly inReview: number;
  /** What no review could be opened of, one line each. */
  readonly remarks: readonly string[];
};

export type AdoptRun = ProjectParts & {
  /** Manifests and locks of one project. */
  readonly files: readonly string[];
  readonly output: string | undefined;
  readonly resolver: 'uv' | 'pip' | undefined;
};

/** A file to be written: `before` is what it holds now, absent for a new one. */
export type PlannedFile = { readonly path: string; readonly before?: string; readonly text: string };

export type AdoptPlan = {
  readonly files: readonly string[];
  /** What the project uses, by name. */
  readonly releases: readonly (AdoptedRelease & { readonly reviewUrl: string })[];
  /** What the files name and no index serves. */
  readonly unlockable: readonly Unaudited[];
  readonly notes: readonly ManifestNote[];
  readonly errors: readonly ManifestError[];
  /** What came of resolving. */
  readonly outcome: LockOutcome;
  /** The lock and, when it takes the place of the input, the input under its new name. */
  readonly writes: readonly PlannedFile[];
  /** Of the policy in force. */
  readonly preset: string;
};
