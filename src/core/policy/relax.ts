import type { Evidence } from './evidence.ts';
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
]);

/**
 * Turns reasons into notes where somebody accepted them before: by an exemption from the one rule, by break-glass from all
 * of them, or by approving a wheel with the same Python code. Each says so by a note. Missing evidence is no rule: nothing here
 * is asked about it.
 */
export function relax(
  reasons: readonly Reason[],
  { exemptions = [], approvedSibling }: Pick<Evidence, 'exemptions' | 'approvedSibling'>,
): readonly Reason[] {
  if (exemptions.length === 0 && approvedSibling === undefined) return reasons;
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
    return reason;
  });
  return [...relaxed, ...notes];
}

/** The same reason, said but without effect. */
export function asNote({ rule, message, until }: Reason): Reason {
  return { rule, effect: 'note', message, ...(until && { until }) };
}
