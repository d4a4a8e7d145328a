import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../../../test/builders/an-evidence.ts';
import { afterAttempt, gather } from './delivery.ts';
import type { Notice, NoticeSeverity } from './notice.ts';

const MINUTE = 60_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const about = { id: 'd1', channel: 'x', digest: 5 * MINUTE, now: NOW };

function aNotice(severity: NoticeSeverity = 'warning'): Notice {
  return {
    seq: 1,
    type: 't',
    severity,
    at: NOW.toISOString(),
    title: 't',
    actor: 'a',
    subject: 's',
    rules: [],
    lines: [],
  };
}

test('a message waits for what else happens, counted from its first notice', () => {
  const first = gather(undefined, [aNotice()], about);
  assert.deepEqual([first.nextAt, first.severity, first.state], [later(5 * MINUTE), 'warning', 'waiting']);
  const second = gather(first, [aNotice('info')], { ...about, id: 'd2', now: later(4 * MINUTE) });
  assert.deepEqual([second.id, second.notices.length, second.nextAt], ['d1', 2, later(5 * MINUTE)]);
});

test('a critical notice takes everything along at once', () => {
  const first = gather(undefined, [aNotice()], about);
  const second = gather(first, [aNotice('critical')], { ...about, now: later(MINUTE) });
  assert.deepEqual([second.severity, second.nextAt, second.notices.length], ['critical', later(MINUTE), 2]);
});

test('a storm is one message, and not one right after another', () => {
  const storm = gather(
    undefined,
    Array.from({ length: 500 }, () => aNotice('critical')),
    { ...about, lastSent: NOW },
  );
  assert.deepEqual([storm.notices.length, storm.more, storm.nextAt], [50, 450, later(30_000)]);
  const more = gather(storm, [aNotice()], { ...about, lastSent: NOW });
  assert.deepEqual([more.notices.length, more.more], [50, 451]);
});

test('a failure is tried again, later each time, and given up in the end', () => {
  let delivery = gather(undefined, [aNotice()], about);
  const waits: number[] = [];
  let now = NOW;
  while (delivery.state === 'waiting') {
    delivery = afterAttempt(delivery, now, { what: 'no answer', final: false });
    waits.push((delivery.nextAt.getTime() - now.getTime()) / MINUTE);
    now = delivery.nextAt;
  }
  assert.deepEqual(waits, [1, 5, 30, 120, 720, 0]);
  assert.deepEqual([delivery.state, delivery.problem, delivery.attempts], ['failed', 'no answer', 6]);
});

test('a refusal is final; a success forgets earlier problems', () => {
  const first = gather(undefined, [aNotice()], about);
  assert.equal(afterAttempt(first, NOW, { what: 'status 404', final: true }).state, 'failed');
  const retried = afterAttempt(first, NOW, { what: 'no answer', final: false });
  const sent = afterAttempt(retried, later(MINUTE));
  assert.deepEqual([sent.state, sent.attempts, 'problem' in sent], ['sent', 2, false]);
});
