import { decide } from '../core/policy/decide.ts';
import { type Fact, latestFacts } from '../core/policy/fact.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import type { ReviewedFile } from '../core/review/review.ts';
import { twoPeopleCauses } from '../core/review/two-people.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { DecidedFile } from './decide-project.ts';

/** A file as a review shows it: what the rules say without what people said before, and who has to approve it. */
export function reviewedFile(decided: DecidedFile, policy: Policy, now: Date): ReviewedFile {
  const { evidence, verdict, file } = decided;
  const plain = verdictOfRules(decided, policy, now);
  const { revocation } = latestFacts(evidence.facts);
  const counted = policy.reviews.two_people;
  // A revocation is a block that people made: it takes two of them to find that it was wrong.
  const causes = twoPeopleCauses(evidence, revocation ? { ...plain, kind: 'block' } : plain, counted);
  const shown = plain.kind === 'allow' ? verdict : plain;
  return {
    filename: file.filename,
    ...(evidence.file.sha256 !== undefined && { sha256: evidence.file.sha256 }),
    verdict: verdict.kind,
    reasons: shown.reasons
      .filter(({ effect, pending }) => effect !== 'note' && pending !== true)
      .map(({ rule, effect, message }) => ({ rule, effect, message })),
    causes,
    evidence: knownOf(decided, plain, twoPeopleCauses(evidence, plain, counted)),
  };
}

/** These say how late it is, not what the file is. */
const OF_THE_CLOCK: ReadonlySet<string> = new Set(['cooldown', 'feed-age', 'evidence']);

function knownOf({ evidence }: DecidedFile, plain: Verdict, causes: readonly string[]): readonly string[] {
  const { sha256 } = evidence.file;
  const rules = plain.reasons.filter(({ rule, effect }) => !OF_THE_CLOCK.has(rule) && effect !== 'note');
  return [
    ...new Set([
      ...(sha256 === undefined ? [] : [`sha256 ${sha256}`]),
      ...rules.map(({ rule, effect }) => `${rule} ${effect}`),
      ...evidence.advisories.matches.map(({ id }) => id),
      ...causes,
    ]),
  ];
}

/** What the rules say, as if nobody had approved or denied anything and no emergency were on. */
function verdictOfRules({ evidence }: DecidedFile, policy: Policy, now: Date): Verdict {
  const { killSwitch: _, ...rest } = evidence;
  return decide(policy, { ...rest, facts: [] }, now);
}

/** Why not even an approval would let a file in; undefined: it would. Bytes that were not read yet are no reason. */
export function whyNoApprovalHelps({ evidence }: DecidedFile, policy: Policy, now: Date): string | undefined {
  const { killSwitch: _, ...rest } = evidence;
  const approval: Fact = {
    id: '',
    kind: 'approval',
    project: evidence.file.project,
    sha256: evidence.file.sha256 ?? ANY_DIGEST,
    reason: '',
    actor: '',
    at: now,
    policyRevision: '',
  };
  const approved = decide(policy, { ...rest, facts: [approval] }, now);
  return approved.kind === 'allow'
    ? undefined
    : approved.reasons.find(({ pending, effect }) => !pending && effect !== 'note')?.message;
}

const ANY_DIGEST = parseSha256('0'.repeat(64));
