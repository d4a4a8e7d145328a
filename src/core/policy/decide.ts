import { isEnough } from '../review/review-settings.ts';
import type { Evidence } from './evidence.ts';
import { type Fact, latestFacts } from './fact.ts';
import { killSwitchReason } from './kill-switch.ts';
import { type Policy, RULE_IDS, type RuleId, type RuleSettings } from './policy.ts';
import { asNote, relax } from './relax.ts';
import { ALL_RULES } from './rules/all-rules.ts';
import type { Rule } from './rules/rule.ts';
import type { Reason, Verdict } from './verdict.ts';

/** These are asked before an approval counts: a person's approval opens neither known malware nor a lying archive. */
const BEFORE_APPROVAL: readonly RuleId[] = ['known-malicious', 'shared-reviews', 'archive'];
const AFTER_APPROVAL: readonly RuleId[] = RULE_IDS.filter((id) => !BEFORE_APPROVAL.includes(id));

/**
 * The one decision, asked for every page entry and every byte served, in the order of docs/policy.md. Pure and total: it
 * never throws, and evidence that is missing holds.
 * @param now decides cooldowns and the age of the advisory data
 */
export function decide(policy: Policy, evidence: Evidence, now: Date): Verdict {
  const { revocation, denial, approval: latest } = latestFacts(evidence.facts);
  const denied = revocation ?? denial;
  if (denied) return { kind: 'block', reasons: [{ rule: denied.kind, effect: 'block', message: DENIED[denied.kind] }] };
  const listed = policy.denyList.find(evidence.file);
  if (listed !== undefined)
    return { kind: 'block', reasons: [{ rule: 'deny-list', effect: 'block', message: listed }] };
  const emergency = evidence.killSwitch && killSwitchReason(evidence.killSwitch, evidence.file);
  if (emergency) return { kind: 'block', reasons: [emergency] };
  const approval = latest && isEnough(latest.criteria, policy.reviews.criteria) ? latest : undefined;
  if (evidence.file.replaces !== undefined && approval === undefined) {
    return {
      kind: 'block',
      reasons: [{ rule: 'archive', effect: 'block', message: 'upstream changed the bytes under this file name' }],
    };
  }

  const first = ask(BEFORE_APPROVAL, policy, evidence, now);
  const firstVerdict = verdictOf(first);
  if (firstVerdict.kind === 'block') return firstVerdict;

  const incomplete = missingEvidence(evidence);
  if (approval) {
    const note: Reason = { rule: 'approval', effect: 'note', message: sayApproval(approval) };
    // What a person has seen and accepted is not held again, but bytes that nobody could read are.
    return verdictOf([...first.map(asNote), note, ...incomplete]);
  }
  const own = policy.ownRules.flatMap((rule) => rule.check(evidence, now));
  const asked = [...ask(AFTER_APPROVAL, policy, evidence, now), ...own];
  return verdictOf([...first, ...incomplete, ...relax(asked, evidence, policy.rules['shared-reviews'])]);
}

function sayApproval({ at, criteria, approvers }: Fact): string {
  const people = approvers !== undefined && approvers.length > 1 ? ` by ${approvers.length} people` : '';
  return `approved on ${at.toISOString().slice(0, 10)}${people}${criteria === undefined ? '' : ` as ${criteria}`}`;
}

const DENIED = {
  revocation: 'revoked here as malicious',
  denial: 'denied here',
  approval: '',
} as const;

function ask(ids: readonly RuleId[], policy: Policy, evidence: Evidence, now: Date): Reason[] {
  // A loop, not flatMap: this runs for every file of every page.
  const reasons: Reason[] = [];
  for (const id of ids) for (const one of askRule(id, policy, evidence, now)) reasons.push(one);
  return reasons;
}

function askRule<Id extends RuleId>(id: Id, policy: Policy, evidence: Evidence, now: Date): readonly Reason[] {
  const settings: RuleSettings[Id] = policy.rules[id];
  if (settings.effect === 'off') return [];
  const rule: Rule<Id> = ALL_RULES[id];
  return rule.check(evidence, settings, now);
}

function missingEvidence({ file, inspection }: Evidence): readonly Reason[] {
  const reasons: Reason[] = [];
  const hold = (message: string) => reasons.push({ rule: 'evidence', effect: 'hold', message });
  // Advisories and facts name versions: without one, "nothing matches" means nothing.
  if (file.version === undefined) hold('the file name carries no version that PEP 440 accepts');
  if (inspection === 'not-run') {
    reasons.push({
      rule: 'evidence',
      effect: 'hold',
      message: 'not inspected yet: the first download inspects it',
      pending: true,
    });
  } else if (!inspection.complete) hold('the inspection could not be completed');
  return reasons;
}

/** The worst effect wins; the decisive reasons come first, else in the order of the rules. */
function verdictOf(reasons: readonly Reason[]): Verdict {
  const sorted = reasons.length < 2 ? reasons : [...reasons].sort(compareReasons);
  const worst = sorted[0]?.effect ?? 'note';
  return { kind: worst === 'note' ? 'allow' : worst, reasons: sorted };
}

const WEIGHT = { block: 0, hold: 1, note: 2 } as const;

/** A real reason comes before "not inspected yet": that is what a person has to know. */
function compareReasons(a: Reason, b: Reason): number {
  return WEIGHT[a.effect] - WEIGHT[b.effect] || Number(a.pending ?? false) - Number(b.pending ?? false);
}
