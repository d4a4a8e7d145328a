import { WheelgateError } from '../errors.ts';
import type { Sha256 } from '../sha256.ts';
import type { Reason } from './verdict.ts';

/** 0 normal, 1 no new files, 2 only what was allowed before, 3 only digests of a lock that somebody vouched for, 4 nothing. */
export const KILL_SWITCH_LEVELS = [0, 1, 2, 3, 4] as const;
export type KillSwitchLevel = (typeof KILL_SWITCH_LEVELS)[number];

/** What each level lets through, for a person. */
export const LEVEL_SAID: Readonly<Record<KillSwitchLevel, string>> = {
  0: 'normal',
  1: 'no file that was not met before',
  2: 'only files that were allowed before',
  3: 'only files of the named lock',
  4: 'nothing is served',
};

/** The emergency brake of the whole gate. */
export type KillSwitch = {
  readonly level: KillSwitchLevel;
  /** When the level was set. */
  readonly since: Date;
  readonly by: string;
  readonly reason: string;
  /** Of level 3. */
  readonly locked: readonly Sha256[];
  /** One of the two people that lowering takes. */
  readonly lowering?: { readonly to: KillSwitchLevel; readonly by: string; readonly at: Date; readonly reason: string };
  /** When those who lead the incident were last reminded that it is up. */
  readonly remindedAt: Date;
  /** Rises by one with every change. */
  readonly revision: number;
};

export const KILL_SWITCH_DOWN: KillSwitch = {
  level: 0,
  since: new Date(0),
  by: 'gate',
  reason: '',
  locked: [],
  remindedAt: new Date(0),
  revision: 0,
};

type Move = { readonly to: KillSwitchLevel; readonly by: string; readonly at: Date; readonly reason: string };

/**
 * Moves it: one person raises, at once; two lower, and the first one's word waits for the second.
 * @throws {WheelgateError} USAGE when the level is the same or a lock is missing, REVIEW_REFUSED when the second is the first
 */
export function moveKillSwitch(
  now: KillSwitch,
  { to, by, at, reason, locked = [] }: Move & { readonly locked?: readonly Sha256[] },
): KillSwitch {
  const revision = now.revision + 1;
  if (to === now.level)
    throw new WheelgateError('USAGE', `the kill switch is at level ${to} already`, 'Name another level.');
  if (to === 3 && locked.length === 0)
    throw new WheelgateError(
      'USAGE',
      'level 3 without a lock would refuse everything',
      'Name a lock file, or use level 4.',
    );
  if (to > now.level) return { level: to, since: at, by, reason, locked, remindedAt: at, revision };
  const { lowering, ...up } = now;
  if (lowering?.to !== to) return { ...up, lowering: { to, by, at, reason }, revision };
  if (lowering.by === by) {
    throw new WheelgateError(
      'REVIEW_REFUSED',
      `${by} asked to lower the kill switch: somebody else has to agree`,
      'Ask another person who may move it.',
    );
  }
  return { level: to, since: at, by: `${lowering.by}, ${by}`, reason, locked, remindedAt: at, revision };
}

/** Why the kill switch keeps a file back; undefined when it does not. */
export function killSwitchReason(
  killSwitch: Pick<KillSwitch, 'level' | 'locked'>,
  file: { readonly met?: boolean; readonly allowedBefore?: boolean; readonly sha256?: Sha256 },
): Reason | undefined {
  const { level } = killSwitch;
  const passes =
    level === 0 ||
    (level === 1 && file.met === true) ||
    (level === 2 && file.allowedBefore === true) ||
    (level === 3 && file.sha256 !== undefined && killSwitch.locked.includes(file.sha256));
  if (passes) return undefined;
  return {
    rule: 'kill-switch',
    effect: 'block',
    message: `emergency: ${LEVEL_SAID[level]} (kill switch level ${level})`,
  };
}
