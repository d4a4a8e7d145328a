import type { LockCheck } from '../core/lock/lock-check.ts';
import type { LockFormat } from '../core/lock/lock-document.ts';
import type { LockOutcome } from '../core/lock/lock-outcome.ts';
import type { ProjectParts } from '../core/manifest/direct-requirements.ts';

/** Makes and checks locks; main.ts hands it in. */
export type Locker = {
  /** @throws {WheelgateError} INPUT_UNREADABLE, USAGE, RESOLUTION_FAILED, and what a gate that cannot be asked gives */
  lock(run: LockRun): Promise<LockResult>;
  /** Checks one lock. @throws {WheelgateError} INPUT_UNREADABLE, USAGE */
  check(run: LockCheckRun): Promise<LockCheck>;
  close(): Promise<void>;
};

export type LockRun = ProjectParts & {
  readonly inputs: readonly string[];
  /** The lock as it stands, whose pins are kept, when it is there. */
  readonly output: string | undefined;
  readonly format: LockFormat;
  readonly hashes: boolean;
  /** What the header names as the way to write it again. */
  readonly command: string;
  readonly python: string | undefined;
  readonly platform: string | undefined;
  readonly isUniversal: boolean;
  /** Which releases may move: all of them, or those of these projects. */
  readonly upgrade: 'all' | readonly string[];
  readonly resolver: 'uv' | 'pip' | undefined;
  /** Releases without a wheel may be built here, which runs their code. */
  readonly builds: boolean;
  /** Leave out what no index serves. */
  readonly leaveOut: boolean;
};

/** `text` is the lock, ready to be written. */
export type LockResult = { readonly outcome: LockOutcome; readonly text?: string };

export type LockCheckRun = {
  readonly file: string;
  readonly python: string | undefined;
  readonly platform: string | undefined;
  readonly isStrict: boolean;
};
