import type { Evidence } from './evidence.ts';
import type { RuleSettings } from './policy.ts';
import type { Reason } from './verdict.ts';

/**
 * What a sibling's approval does not speak about: when the file came, and what the world says of the release by now. A wheel
 * that is added to an old release waits as long as any other.
 */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  'cooldown',
  'feed-age',
  'project-status',
  'reserved-names',
  'provenance',
  // These look at compiled code too, or say what others found in the digest.
  'yara',
  'shared-reviews',
]);

/**
 * Turns reasons into notes where somebody accepted them before: by an exemption from the one rule, by break-glass from all
 * of them, or by approving a wheel with the same Python code. Each says so by a note. Missing evidence is no rule: nothing here
 * is asked about it.
 */
export function relax(
  reasons: readonly Reason[],
  { exemptions = [], approvedSibling, testimony }: Pick<Evidence, 'exemptions' | 'approvedSibling' | 'testimony'>,
  shared: RuleSettings['shared-reviews'],
): readonly Reason[] {
  if (exemptions.length === 0 && approvedSibling === undefined && testimony === undefined) return reasons;
  const certified = certifiedRules(testimony, shared);
  const notes: Reason[] = [];
  const say = (rule: string, message: string, until?: Date) => {
    if (notes.some((note) => note.message === message)) return;
    notes.push({ rule, effect: 'note', message, ...(until && { until }) });
  };
  const relaxed = reasons.map((reason) => {
    if (reason.effect === 'note') return reason;
    const exemption = exemptions.find(({ kind, rule }) => kind === 'break-glass' || rule === reason.rule);
    if (exemption) {
      const until = exemption.expiresAt.toISOString();
      say(
        'exemption',
        exemption.kind === 'rule'
          ? `exempt from ${reason.rule} until ${until.slice(0, 10)} (exemption ${exemption.id})`
          : `let in by break-glass until ${until.slice(0, 16)}Z (exemption ${exemption.id})`,
        exemption.expiresAt,
      );
      return asNote(reason);
    }
    if (approvedSibling && reason.effect === 'hold' && !OF_THE_FILE.has(reason.rule)) {
      say('approval', 'a wheel of this release with the same Python code was approved');
      return asNote(reason);
    }
    if (reason.effect === 'hold' && certified.has(reason.rule)) {
      say('shared-reviews', `reviewed by ${[...testimony!.full, ...testimony!.delta].join(' and ')}`);
      return asNote(reason);
    }
    return reason;
  });
  return [...relaxed, ...notes];
}

/** What a reviewer of the whole file has looked at. */
const OF_THE_CODE: readonly string[] = [
  'new-project',
  'name-confusion',
  'source-build',
  'startup-hook',
  'behaviour',
  'sdist-difference',
];
/** What a reviewer of the difference has looked at too. */
const OF_THE_CHANGE: readonly string[] = ['capability-gain', 'startup-hook', 'source-build'];

/** The rules whose holds the reviews of other teams answer: of enough teams for a whole file, of one for an update. */
function certifiedRules(
  testimony: Evidence['testimony'],
  { publishers }: RuleSettings['shared-reviews'],
): ReadonlySet<string> {
  if (testimony === undefined || publishers === 0 || testimony.violations.length > 0) return new Set();
  if (testimony.full.length >= publishers) return new Set([...OF_THE_CODE, ...OF_THE_CHANGE]);
  return new Set(testimony.delta.length > 0 ? OF_THE_CHANGE : []);
}

/** The same reason, said but without effect. */
export function asNote({ rule, message, until }: Reason): Reason {
  return { rule, effect: 'note', message, ...(until && { until }) };
}
