import type { Policy } from '../core/policy/policy.ts';
import type { Upstream } from './ports.ts';

/** The index that is served at `/simple/`; others have a name and are served at `/<name>/simple/`. */
export const DEFAULT_INDEX = 'default';

/** One index that clients install from: where its files come from and which rules hold. */
export type ServedIndex = {
  readonly name: string;
  /** In strict order: the first that has a name owns it (dependency confusion). */
  readonly upstreams: readonly { readonly upstream: Upstream; readonly isPrivate: boolean }[];
  /** The policy in force now; another object (and revision) after a reload. */
  policy(): Policy;
};
