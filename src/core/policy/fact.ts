import type { ProjectName } from '../python/name.ts';
import type { Sha256 } from '../sha256.ts';

/**
 * A recorded human decision. Facts are only appended: a later fact about the same subject supersedes an earlier one.
 * `approval` binds to a digest; `denial` and `revocation` to a digest, a release or a whole project.
 */
export type Fact = {
  readonly id: string;
  readonly kind: 'approval' | 'denial' | 'revocation';
  /** Which index it holds for; absent: all. */
  readonly index?: string;
  readonly project: ProjectName;
  /** Normalised version; absent for a whole project. */
  readonly version?: string;
  /** Always present on an approval. */
  readonly sha256?: Sha256;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
  /** The policy in force when it was made. */
  readonly policyRevision: string;
};
