import { WheelgateError } from '../errors.ts';
import type { ProjectName } from '../python/name.ts';
import { parseSpecifiers, specifiersAllow } from '../python/specifier.ts';
import { tryParseVersion } from '../python/version.ts';
import type { Sha256 } from '../sha256.ts';
import { RULE_IDS, type RuleId } from './policy.ts';

/** Never exempted: these find malware and lies, and a review of the one digest is the way past a mistake of theirs. */
const NEVER: readonly RuleId[] = ['known-malicious', 'archive', 'behaviour'];
export const EXEMPTABLE_RULES: readonly RuleId[] = RULE_IDS.filter((id) => !NEVER.includes(id));

export const DAY_MS = 86_400_000;
const DEFAULT_MS = 30 * DAY_MS;
const MAX_MS = 180 * DAY_MS;
export const MAX_BREAK_GLASS_MS = DAY_MS;

/** An accepted exception: to one rule, or by break-glass to all rules for one digest and a day at most. */
export type Exemption = {
  readonly id: string;
  readonly kind: 'rule' | 'break-glass';
  /** Absent for break-glass. */
  readonly rule?: RuleId;
  /** Absent: every index. */
  readonly index?: string;
  readonly project: ProjectName;
  /** PEP 440 specifiers, such as `>=2,<3`; absent: every release, or the one digest. */
  readonly versions?: string;
  readonly sha256?: Sha256;
  readonly owner: string;
  readonly reason: string;
  /** Where the remediation is tracked. */
  readonly ticket?: string;
  /** What will make it unnecessary. */
  readonly remediation: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  /** Warnings that went out, as days before the end. */
  readonly warned: readonly number[];
  readonly ended?: { readonly at: Date; readonly by: string; readonly why: string };
};

export type NewExemption = Omit<Exemption, 'expiresAt' | 'warned' | 'ended'> & {
  /** Milliseconds; the default is 30 days, or for break-glass one. */
  readonly lastsMs?: number;
};

/** @throws {WheelgateError} USAGE when it is broader or longer than an exemption may be, SPECIFIER_INVALID */
export function makeExemption({ lastsMs, ...asked }: NewExemption): Exemption {
  const [usual, longest] = asked.kind === 'rule' ? [DEFAULT_MS, MAX_MS] : [MAX_BREAK_GLASS_MS, MAX_BREAK_GLASS_MS];
  const lasts = lastsMs ?? usual;
  if (!(lasts > 0 && lasts <= longest)) {
    throw refuse(`it may last ${longest / DAY_MS} days at most`, 'Give a shorter time; it can be renewed.');
  }
  if (asked.kind === 'rule' && (asked.rule === undefined || !EXEMPTABLE_RULES.includes(asked.rule))) {
    throw refuse(
      asked.rule === undefined ? 'name the one rule it is for' : `no exemption opens the rule ${asked.rule}`,
      `A review of the one release can, where anything can. The others are ${EXEMPTABLE_RULES.join(', ')}.`,
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

/** Whether it is about a file, at any time. */
export function exemptionCovers(
  { index, project, versions, sha256 }: Exemption,
  file: { index: string; project: ProjectName; version?: string; sha256?: Sha256 },
): boolean {
  if (index !== undefined && index !== file.index) return false;
  if (project !== file.project) return false;
  if (sha256 !== undefined && sha256 !== file.sha256) return false;
  if (versions === undefined) return true;
  const version = file.version === undefined ? undefined : tryParseVersion(file.version);
  return version !== undefined && specifiersAllow(parseSpecifiers(versions), version);
}

/** Whether it holds at a moment. */
export function isInForce({ ended, expiresAt }: Exemption, now: Date): boolean {
  return ended === undefined && now < expiresAt;
}

const WARN_DAYS = [1, 7, 14] as const;

/** Days before the end of which its owner is to be warned now; undefined: none. Every warning is given once, the latest only. */
export function warningDue({ expiresAt, createdAt, warned, kind }: Exemption, now: Date): number | undefined {
  const left = expiresAt.getTime() - now.getTime();
  const due = WARN_DAYS.find((days) => left <= days * DAY_MS);
  // One that was made for less than that needs no warning of it.
  if (due === undefined || kind === 'break-glass' || expiresAt.getTime() - createdAt.getTime() <= due * DAY_MS)
    return undefined;
  return warned.some((days) => days <= due) ? undefined : due;
}
