import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DIGEST, NOW } from '../../../test/builders/an-evidence.ts';
import { KILL_SWITCH_DOWN, KILL_SWITCH_LEVELS, type KillSwitch, moveKillSwitch } from './kill-switch.ts';

const move = (now: KillSwitch, to: (typeof KILL_SWITCH_LEVELS)[number], by: string) =>
  moveKillSwitch(now, { to, by, at: NOW, reason: 'incident', locked: [DIGEST] });

test('one raises, at once', () => {
  assert.equal(move(KILL_SWITCH_DOWN, 4, 'user:ana').level, 4);
});

test('two lower: the first waits for another', () => {
  const up = move(KILL_SWITCH_DOWN, 4, 'user:ana');
  const asked = move(up, 0, 'user:ana');
  assert.equal(asked.level, 4);
  assert.throws(() => move(asked, 0, 'user:ana'), { code: 'REVIEW_REFUSED' });
  assert.equal(move(asked, 0, 'user:bob').level, 0);
});

test('two who name different levels have not agreed', () => {
  const asked = move(move(KILL_SWITCH_DOWN, 4, 'user:ana'), 1, 'user:ana');
  assert.equal(move(asked, 0, 'user:bob').level, 4);
});

test('level 3 without a lock, and the level that it is at, are refused', () => {
  assert.throws(() => moveKillSwitch(KILL_SWITCH_DOWN, { to: 3, by: 'a', at: NOW, reason: 'x' }), { code: 'USAGE' });
  assert.throws(() => move(KILL_SWITCH_DOWN, 0, 'a'), { code: 'USAGE' });
});

test('one person alone never lowers it, whatever they do', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KILL_SWITCH_LEVELS), { maxLength: 20 }), (levels) => {
      let now = KILL_SWITCH_DOWN;
      for (const to of levels) {
        const before = now.level;
        try {
          now = move(now, to, 'user:ana');
        } catch {
          continue;
        }
        assert.ok(now.level >= before);
      }
    }),
  );
});
