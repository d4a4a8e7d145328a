import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../policy/policy.ts';
import { ownersOf, workingHoursOf } from './review-settings.ts';
import { remindersDue, workingMsBetween } from './working-time.ts';

const HOUR = 3_600_000;
const office = workingHoursOf(parsePolicy('').reviews);
const hoursBetween = (from: string, to: string, hours = office) =>
  workingMsBetween(new Date(from), new Date(to), hours, 100 * HOUR) / HOUR;

for (const [why, from, to, expected] of [
  ['within a day', '2026-11-23T10:00:00Z', '2026-11-23T12:30:00Z', 2.5],
  ['before work', '2026-11-23T06:00:00Z', '2026-11-23T09:00:00Z', 0],
  ['over a night', '2026-11-23T16:00:00Z', '2026-11-24T10:00:00Z', 2],
  ['over a weekend', '2026-11-20T16:00:00Z', '2026-11-23T10:00:00Z', 2],
  ['a part of a quarter', '2026-11-23T10:05:00Z', '2026-11-23T10:10:00Z', 5 / 60],
  ['backwards', '2026-11-23T12:00:00Z', '2026-11-23T10:00:00Z', 0],
] as const) {
  test(`working time ${why}`, () => assert.equal(hoursBetween(from, to), expected));
}

test('the clock is that of the time zone, in winter and in summer', () => {
  const { reviews } = parsePolicy('[reviews]\ntimezone = "Europe/Berlin"');
  assert.equal(hoursBetween('2026-11-23T08:00:00Z', '2026-11-23T17:00:00Z', workingHoursOf(reviews)), 8);
  assert.equal(hoursBetween('2026-07-20T06:00:00Z', '2026-07-20T08:00:00Z', workingHoursOf(reviews)), 1);
});

test('reminders come after two and eight hours of working time', () => {
  const { remind_after } = parsePolicy('').reviews;
  const due = (to: string) => remindersDue(new Date('2026-11-20T15:30:00Z'), new Date(to), remind_after, office);
  assert.equal(due('2026-11-20T17:00:00Z'), 0);
  assert.equal(due('2026-11-23T09:30:00Z'), 1);
  assert.equal(due('2026-11-23T15:30:00Z'), 2);
});

test('nobody works: nobody is reminded, and the count ends', () => {
  assert.equal(remindersDue(new Date(0), new Date('2026-11-23'), [HOUR], { ...office, days: [] }), 0);
});

test('of several owners the last that matches counts, as in CODEOWNERS', () => {
  const { reviews } = parsePolicy(`
[[reviews.owners]]
projects = ["acme-*"]
reviewers = ["user:ana"]
[[reviews.owners]]
projects = ["acme-ml", "torch*"]
reviewers = ["user:bob", "user:cy"]
`);
  assert.deepEqual(ownersOf('acme-web', reviews), ['user:ana']);
  assert.deepEqual(ownersOf('acme-ml', reviews), ['user:bob', 'user:cy']);
  assert.deepEqual(ownersOf('flask', reviews), []);
});

for (const [why, text] of [
  ['a time zone that is none', 'timezone = "Mars/Olympus"'],
  ['hours that end before they begin', 'working_hours = "17:00-09:00"'],
  ['a cause that is none', 'two_people = ["fame"]'],
  ['owners of nothing', 'owners = [{ projects = [], reviewers = ["user:ana"] }]'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => parsePolicy(`[reviews]\n${text}`), { code: 'POLICY_INVALID' }));
}
