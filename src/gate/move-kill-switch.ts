import { accountableFor, type Identity } from '../core/identity/identity.ts';
import { type KillSwitch, type KillSwitchLevel, LEVEL_SAID, moveKillSwitch } from '../core/policy/kill-switch.ts';
import type { Sha256 } from '../core/sha256.ts';
import { requirePermission } from './decide-review.ts';
import type { NoticeChanges } from './notice-changes.ts';
import type { Clock, Store } from './ports.ts';

export type MoveKillSwitchNeeds = {
  readonly store: Pick<Store, 'killSwitch'>;
  readonly noticeChanges: Pick<NoticeChanges, 'notice'>;
  readonly clock: Clock;
};

/** While it is up, those who lead the incident are told so again after this. */
const REMIND_EVERY_MS = 4 * 3_600_000;

export function createMoveKillSwitch({ store, noticeChanges, clock }: MoveKillSwitchNeeds) {
  return {
    read: () => store.killSwitch.read(),

    /**
     * One person raises it, at once for this process and within a second for others; two lower it.
     * @throws {WheelgateError} FORBIDDEN, USAGE, REVIEW_REFUSED, CONFLICT
     */
    async move(
      identity: Identity,
      {
        to,
        reason,
        locked,
      }: { readonly to: KillSwitchLevel; readonly reason: string; readonly locked: readonly Sha256[] },
    ): Promise<KillSwitch> {
      requirePermission(identity, 'kill-switch');
      const by = accountableFor(identity);
      const at = clock();
      const now = await store.killSwitch.read();
      const next = moveKillSwitch(now, { to, by, at, reason, locked });
      const type =
        next.level > now.level
          ? 'kill-switch.raised'
          : next.level < now.level
            ? 'kill-switch.lowered'
            : 'kill-switch.lowering';
      const detail = {
        from: now.level,
        to,
        meaning: LEVEL_SAID[to],
        reason,
        ...(to === 3 && { locked: locked.length }),
      };
      await store.killSwitch.save(next, [{ at, type, actor: by, subject: `level ${next.level}`, detail }]);
      await noticeChanges.notice();
      return next;
    },

    /** Reminds that it is up. Upkeep calls this now and then. */
    async remind(): Promise<void> {
      const now = await store.killSwitch.read();
      const at = clock();
      if (now.level === 0 || at.getTime() - now.remindedAt.getTime() < REMIND_EVERY_MS) return;
      const detail = { since: now.since.toISOString(), by: now.by, reason: now.reason };
      await store.killSwitch.save({ ...now, remindedAt: at, revision: now.revision + 1 }, [
        { at, type: 'kill-switch.reminder', actor: 'gate', subject: `level ${now.level}`, detail },
      ]);
    },
  };
}

export type MoveKillSwitch = ReturnType<typeof createMoveKillSwitch>;
