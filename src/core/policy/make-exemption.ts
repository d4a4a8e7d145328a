import { DAY_MS } from '../duration.ts';
import { WheelgateError } from '../errors.ts';
import { parseSpecifiers } from '../python/specifier.ts';
import type { Exemption } from './exemption.ts';
import { RULE_IDS, type RuleId } from './policy.ts';

/** Never exempted: these find malware and lies, and a review of the one digest is the way past a mistake of theirs. */
const NEVER: readonly RuleId[] = ['known-malicious', 'shared-reviews', 'archive', 'behaviour', 'yara'];
const EXEMPTABLE_RULES: readonly RuleId[] = RULE_IDS.filter((id) => !NEVER.includes(id));

const DEFAULT_MS = 30 * DAY_MS;
const MAX_MS = 180 * DAY_MS;
const MAX_BREAK_GLASS_MS = DAY_MS;

export type NewExemption = Omit<Exemption, 'expiresAt' | 'warned' | 'ended'> & {
  /** Milliseconds; the default is 30 days, or for break-glass one. */
  readonly lastsMs?: number;
};

/** @param ownRules of the policy @throws {WheelgateError} USAGE when it is broader or longer than an exemption may be, SPECIFIER_INVALID */
export function makeExemption({ lastsMs, ...asked }: NewExemption, ownRules: readonly string[] = []): Exemption {
  const [usual, longest] = asked.kind === 'rule' ? [DEFAULT_MS, MAX_MS] : [MAX_BREAK_GLASS_MS, MAX_BREAK_GLASS_MS];
  const lasts = lastsMs ?? usual;
  if (!(lasts > 0 && lasts <= longest)) {
    throw refuse(`it may last ${longest / DAY_MS} days at most`, 'Give a shorter time; it can be renewed.');
  }
  const open: readonly string[] = [...EXEMPTABLE_RULES, ...ownRules];
  if (asked.kind === 'rule' && (asked.rule === undefined || !open.includes(asked.rule))) {
    throw refuse(
      asked.rule === undefined ? 'name the one rule it is for' : `no exemption opens the rule ${asked.rule}`,
      `A review of the one release can, where anything can. The others are ${open.join(', ')}.`,
    );
  }
  if (asked.kind === 'break-glass' && asked.sha256 === undefined)
    throw refuse('break-glass opens one digest', 'Name it by its sha256.');
  for (const key of ['owner', 'reason', 'remediation'] as const) {
    if (asked[key].trim() === '') throw refuse(`${key} is empty`, 'Say it in a few words: others will read it.');
  }
  if (asked.versions !== undefined) parseSpecifiers(asked.versions);
  return { ...asked, expiresAt: new Date(asked.createdAt.getTime() + lasts), warned: [] };
}

function refuse(problem: string, help: string): WheelgateError {
  return new WheelgateError('USAGE', `this exemption cannot be: ${problem}`, help);
}
