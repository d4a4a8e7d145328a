import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { verifyChain } from '../core/audit/chain.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import { WheelgateError } from '../core/errors.ts';
import { createAuditTrail } from './audit-trail.ts';

const NOON = new Date('2026-11-23T12:00:00Z');

function anEvent(subject: string, over: Partial<AuditEventInput> = {}): AuditEventInput {
  return { at: NOON, type: 'file.served', actor: '127.0.0.1', subject, detail: {}, ...over };
}

/** A trail over a log that a test can break. */
function aTrail() {
  const { audit } = createMemoryStore();
  const disk = { isFull: false, tries: 0 };
  const errors: unknown[] = [];
  const append = async (events: readonly AuditEventInput[]) => {
    disk.tries++;
    if (disk.isFull) throw new WheelgateError('DISK_FULL', 'The disk is full', 'Free some space.');
    await audit.append(events);
  };
  async function written() {
    const events = await audit.read({ limit: 1_000_000 });
    assert.deepEqual((await verifyChain(events)).ok, true);
    return events;
  }
  return {
    disk,
    errors,
    written,
    subjects: async () => (await written()).map(({ subject }) => subject),
    trail: createAuditTrail({ append }, (error) => errors.push(error)),
  };
}

/** Lets promises that are ready run, with a clock that only the test moves. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('events are written in their order and in one batch', async () => {
  const { trail, disk, subjects } = aTrail();
  for (const subject of ['a', 'b', 'c']) trail.note(anEvent(subject));
  assert.equal(disk.tries, 0, 'noting an event must not touch the disk');
  await trail.flush();
  assert.deepEqual(await subjects(), ['a', 'b', 'c']);
  assert.equal(disk.tries, 1);
});

test('events that nobody flushes are written soon', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { trail, subjects } = aTrail();
    trail.note(anEvent('a'));
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual(await subjects(), ['a']);
  } finally {
    mock.timers.reset();
  }
});

test('a failing log loses nothing: events wait, in order, until it works again', async () => {
  const { trail, disk, errors, subjects } = aTrail();
  disk.isFull = true;
  trail.note(anEvent('a'));
  await trail.flush();
  trail.note(anEvent('b'));
  await trail.flush();
  assert.equal(errors.length, 2);
  assert.deepEqual(await subjects(), []);
  disk.isFull = false;
  trail.note(anEvent('c'));
  await trail.flush();
  assert.deepEqual(await subjects(), ['a', 'b', 'c']);
});

test('a log that fails is tried again by itself, and not once per request', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { trail, disk, subjects } = aTrail();
    disk.isFull = true;
    for (let n = 0; n < 6_000; n++) trail.note(anEvent(`${n}`));
    await settle();
    const before = disk.tries;
    for (let n = 6_000; n < 7_000; n++) trail.note(anEvent(`${n}`));
    await settle();
    assert.equal(disk.tries, before, 'the disk was asked although nothing had changed');
    disk.isFull = false;
    mock.timers.tick(5_000);
    await settle();
    assert.equal((await subjects()).length, 7_000);
  } finally {
    mock.timers.reset();
  }
});

for (const [why, broken, expected] of [
  ['a number that JSON has not', { detail: { ms: Number.NaN } }, ['a', 'broken', 'b']],
  ['a bigint', { detail: { size: 1n } }, ['a', 'broken', 'b']],
  ['a function', { detail: { toJson: () => 1 } }, ['a', 'broken', 'b']],
  ['an object without end', { detail: loop() }, ['a', 'broken', 'b']],
  ['a date that is none, which leaves nothing to write', { at: new Date(Number.NaN) }, ['a', 'b']],
] as const satisfies readonly (readonly [string, Partial<AuditEventInput>, readonly string[]])[]) {
  test(`one event that cannot be written does not block the rest: ${why}`, async () => {
    const { trail, errors, written, subjects } = aTrail();
    trail.note(anEvent('a'));
    trail.note(anEvent('broken', broken));
    trail.note(anEvent('b'));
    await trail.flush();
    assert.deepEqual(await subjects(), expected);
    assert.equal(errors.length, 1, 'somebody has to be told');
    const [, second] = await written();
    if (expected.length === 3) assert.match(String(second?.detail.unrecordable), /JSON|stack/);
  });
}

test('memory stays bounded while the log fails, and the log says what it lost', async () => {
  const { trail, disk, written } = aTrail();
  disk.isFull = true;
  trail.note(anEvent('first'));
  await trail.flush();
  for (let n = 0; n < 50_010; n++) trail.note(anEvent('more', { at: new Date(NOON.getTime() + n) }));
  disk.isFull = false;
  await trail.flush();
  const events = await written();
  assert.equal(events.length, 50_001);
  const last = events.at(-1)!;
  assert.deepEqual(
    [last.type, last.detail.lost, last.detail.since],
    ['audit.gap', 11, new Date(NOON.getTime() + 49_999).toISOString()],
  );
});

function loop(): Record<string, unknown> {
  const detail: Record<string, unknown> = {};
  detail.self = detail;
  return detail;
}
