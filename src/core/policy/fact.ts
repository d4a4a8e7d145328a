import type { ProjectName } from '../python/name.ts';
import { compareVersions, tryParseVersion } from '../python/version.ts';
import type { Criteria } from '../review/criteria.ts';
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
  /** What an approval says the file is fit for; absent: everything. */
  readonly criteria?: Criteria;
  /** The review that it closed, and everybody who approved there. */
  readonly review?: string;
  readonly approvers?: readonly string[];
};

/** The reason of approvals that `adopt` makes of what a project uses already: nobody has reviewed those files. */
export const BASELINE = 'baseline';

/** True when `fact` speaks about this file: its digest, its release or its whole project, on its index. */
export function factApplies(
  fact: Fact,
  file: { index: string; project: ProjectName; version?: string; sha256?: Sha256 },
): boolean {
  if (fact.index !== undefined && fact.index !== file.index) return false;
  if (fact.sha256 !== undefined) return fact.sha256 === file.sha256;
  if (fact.project !== file.project) return false;
  return fact.version === undefined || (file.version !== undefined && isSameRelease(fact.version, file.version));
}

/** `1.0` and `1.0.0` are one release (PEP 440); what PEP 440 does not accept is compared as text. */
export function isSameRelease(a: string, b: string): boolean {
  const [left, right] = [tryParseVersion(a), tryParseVersion(b)];
  return left && right ? compareVersions(left, right) === 0 : a === b;
}

/**
 * The facts in force among those that apply to one file: a later approval lifts an earlier denial of the same subject and
 * the other way round; a revocation is lifted by nothing but a later approval of exactly this digest.
 */
export function latestFacts(facts: readonly Fact[]): { revocation?: Fact; denial?: Fact; approval?: Fact } {
  // Nearly every file of every page.
  if (facts.length === 0) return {};
  let revocation: Fact | undefined;
  let denial: Fact | undefined;
  let approval: Fact | undefined;
  for (const fact of [...facts].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    switch (fact.kind) {
      case 'revocation':
        revocation = fact;
        approval = undefined;
        break;
      case 'denial':
        denial = fact;
        approval = undefined;
        break;
      case 'approval':
        // Without a digest an approval would cover bytes that nobody has seen.
        if (fact.sha256 === undefined) break;
        approval = fact;
        denial = undefined;
        revocation = undefined;
        break;
    }
  }
  return { ...(revocation && { revocation }), ...(denial && { denial }), ...(approval && { approval }) };
}
