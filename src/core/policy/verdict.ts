import type { Effect } from '../finding.ts';

/** Why a rule asks for an effect. `message` is ours: one printable ASCII line that carries no text from a package. */
export type Reason = {
  readonly rule: string;
  readonly effect: Effect;
  readonly message: string;
  /** When time alone ends this reason (a cooldown): the moment, else absent. */
  readonly until?: Date;
  /** True when the reason is only that evidence is still to be gathered: asking for the file gathers it. */
  readonly pending?: true;
};

/**
 * The outcome of `decide` for one file. `reasons` of a hold or block hold at least one reason of that effect, the decisive
 * one first; notes never change the kind.
 */
export type Verdict =
  | { readonly kind: 'allow'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'hold' | 'block'; readonly reasons: readonly Reason[] };

/** A block by the kill switch: about the gate, not about the file. */
export function isEmergency({ reasons }: Verdict): boolean {
  return reasons[0]?.rule === 'kill-switch';
}

/** A hold whose every hold reason is "not looked at yet": on a page such a file is listed plainly. */
export function isPending(verdict: Verdict): boolean {
  return (
    verdict.kind === 'hold' && verdict.reasons.every((reason) => reason.effect === 'note' || reason.pending === true)
  );
}
