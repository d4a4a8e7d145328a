import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { aChannel } from '../../test/builders/a-channel.ts';
import { NOW } from '../../test/builders/an-evidence.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import type { Channel } from '../core/notify/channel.ts';
import type { Message } from '../core/notify/render-notices.ts';
import { openSqliteStore } from '../io/store/sqlite-store.ts';
import { createNotify, type SendProblem } from './notify.ts';

const MINUTE = 60_000;
const forever = new AbortController().signal;

const revocation: AuditEventInput = {
  at: NOW,
  type: 'fact.revocation',
  actor: 'user:ada',
  subject: 'demo 1.0',
  detail: {},
};
const denial: AuditEventInput = { ...revocation, type: 'fact.denial' };

const folder = mkdtempSync(join(tmpdir(), 'wheelgate-notify-'));
const stores: { close(): Promise<void> }[] = [];
after(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});

async function aNotify(...channels: readonly Channel[]) {
  const store = await openSqliteStore(join(folder, `${stores.length}.db`));
  stores.push(store);
  const sent: Message[] = [];
  const time = { now: NOW };
  let problem: SendProblem | undefined;
  const make = (list: readonly Channel[]) =>
    createNotify({
      channels: list,
      log: store.audit,
      deliveries: store.deliveries,
      clock: () => time.now,
      base: 'https://gate.test',
      send: async (message) => {
        if (!problem) sent.push(message);
        return problem;
      },
      onDelivery: () => undefined,
    });
  return {
    store,
    sent,
    time,
    make,
    notify: make(channels),
    fail: (with_: SendProblem | undefined) => {
      problem = with_;
    },
    texts: () => sent.map((message) => (message.kind === 'post' ? (JSON.parse(message.body).text as string) : '')),
    states: async () => (await store.deliveries.recent(10)).map(({ state, attempts }) => [state, attempts]),
  };
}

test('a new channel hears what happens from now on, once', async () => {
  const { store, notify, texts } = await aNotify(aChannel());
  await store.audit.append([revocation]);
  await notify.run(forever);
  assert.deepEqual(texts(), [], 'nothing old');
  await store.audit.append([denial]);
  await notify.run(forever);
  await notify.run(forever);
  assert.deepEqual(texts(), ['warning: *user:ada denied demo 1.0*']);
});

test('what happened while nobody looked is told afterwards', async () => {
  const { store, notify, make, texts } = await aNotify(aChannel());
  await notify.run(forever);
  await store.audit.append([denial, { ...revocation, type: 'policy.loaded', subject: 'p' }]);
  await make([aChannel()]).run(forever);
  assert.equal(texts().length, 1);
  assert.match(texts()[0]!, /denied demo.*\n\n.*policy p changed/s);
});

test('a digest gathers, and what is critical takes it along', async () => {
  const { store, notify, time, texts } = await aNotify(aChannel({ digest: 5 * MINUTE }));
  await notify.run(forever);
  await store.audit.append([denial]);
  await notify.run(forever);
  await store.audit.append([denial]);
  time.now = new Date(NOW.getTime() + MINUTE);
  await notify.run(forever);
  assert.equal(texts().length, 0);
  await store.audit.append([revocation]);
  await notify.run(forever);
  assert.equal(texts().length, 1);
  assert.equal(texts()[0]!.match(/denied demo/g)?.length, 2);
});

test('a channel that fails is tried again, and the others do not wait for it', async () => {
  const { store, notify, time, texts, fail, states } = await aNotify(aChannel());
  await notify.run(forever);
  await store.audit.append([denial]);
  fail({ what: 'no answer', final: false });
  await notify.run(forever);
  await notify.run(forever);
  assert.deepEqual(await states(), [['waiting', 1]], 'not before its time');
  fail(undefined);
  time.now = new Date(NOW.getTime() + MINUTE);
  await notify.run(forever);
  assert.equal(texts().length, 1);
  assert.deepEqual(await states(), [['sent', 2]]);
});

test('what comes while a message is tried again is another message', async () => {
  const { store, notify, texts, fail, time } = await aNotify(aChannel());
  await notify.run(forever);
  await store.audit.append([denial]);
  fail({ what: 'no answer', final: false });
  await notify.run(forever);
  fail(undefined);
  await store.audit.append([revocation]);
  time.now = new Date(NOW.getTime() + 2 * MINUTE);
  await notify.run(forever);
  assert.equal(texts().length, 2);
});

test('a message to a channel that was taken out of the configuration is given up', async () => {
  const { store, notify, make, states } = await aNotify(aChannel({ digest: MINUTE }));
  await notify.run(forever);
  await store.audit.append([denial]);
  await notify.run(forever);
  await make([]).run(forever);
  assert.deepEqual(await states(), [['failed', 0]]);
});

test('thousands of events are read in steps', async () => {
  const { store, notify, texts } = await aNotify(aChannel({ events: ['fact.*'] }));
  await notify.run(forever);
  const served: AuditEventInput = { ...revocation, type: 'file.served' };
  await store.audit.append([...Array.from({ length: 2_500 }, () => served), denial]);
  await notify.run(forever);
  assert.equal(texts().length, 1);
});

test('a test message goes out at once and leaves nothing behind', async () => {
  const { notify, texts, states } = await aNotify();
  assert.equal(await notify.test(aChannel(), 'cli:ada'), undefined);
  assert.match(texts()[0]!, /cli:ada tests the channel chat/);
  assert.deepEqual(await states(), []);
});
