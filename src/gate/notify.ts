import { randomUUID } from 'node:crypto';
import { type Channel, wants } from '../core/notify/channel.ts';
import { afterAttempt, type Delivery, type DeliveryStore, gather } from '../core/notify/delivery.ts';
import { type Notice, noticeOf } from '../core/notify/notice.ts';
import { type Message, renderDelivery } from '../core/notify/render-notices.ts';
import type { AuditLog, Clock } from './ports.ts';

/** How sending ended: absent when it arrived. `final`: another try is useless. */
export type SendProblem = { readonly what: string; readonly final: boolean };

export type NotifyNeeds = {
  readonly channels: readonly Channel[];
  readonly log: AuditLog & { head(): Promise<number> };
  readonly deliveries: DeliveryStore;
  readonly send: (message: Message, signal: AbortSignal) => Promise<SendProblem | undefined>;
  readonly clock: Clock;
  /** Address of the gate, without a slash at the end. */
  readonly base: string;
  readonly onDelivery: (delivery: Delivery) => void;
};

const BATCH = 1_000;

/**
 * Tells channels what happens. The audit log is the source: a channel has a cursor in it, so that nothing is lost while the
 * gate is down, and a new channel hears of nothing old.
 */
export function createNotify({ channels, log, deliveries, send, clock, base, onDelivery }: NotifyNeeds) {
  /** Looks at what happened since the last time, and sends what is due. */
  async function run(signal: AbortSignal): Promise<void> {
    for (const channel of channels) await readOn(channel);
    const byName = new Map(channels.map((channel) => [channel.name, channel]));
    for (const delivery of await deliveries.waiting()) {
      if (signal.aborted) return;
      const channel = byName.get(delivery.channel);
      // A channel that the configuration has no more.
      if (!channel)
        await deliveries.put([{ ...delivery, state: 'failed', problem: 'there is no such channel any more' }]);
      else if (delivery.nextAt <= clock()) await attempt(channel, delivery, signal);
    }
  }

  async function readOn(channel: Channel): Promise<void> {
    const after = await deliveries.cursor(channel.name);
    if (after === undefined) {
      await deliveries.put([], { channel: channel.name, seq: await log.head() });
      return;
    }
    const events = await log.read({ after, limit: BATCH });
    const last = events.at(-1);
    if (!last) return;
    const notices = events.flatMap((event) => noticeOf(event) ?? []).filter((notice) => wants(channel, notice));
    const cursor = { channel: channel.name, seq: last.seq };
    await deliveries.put(notices.length === 0 ? [] : [await gathered(channel, notices)], cursor);
    if (events.length === BATCH) await readOn(channel);
  }

  async function gathered({ name, digest }: Channel, notices: readonly Notice[]): Promise<Delivery> {
    // One that was tried already is on its way: what comes after it is another message.
    const open = (await deliveries.waiting()).find(({ channel, attempts }) => channel === name && attempts === 0);
    const lastSent = (await deliveries.recent(100)).find(
      ({ channel, state }) => channel === name && state === 'sent',
    )?.nextAt;
    return gather(open, notices, {
      id: randomUUID(),
      channel: name,
      digest,
      now: clock(),
      ...(lastSent && { lastSent }),
    });
  }

  async function attempt(channel: Channel, delivery: Delivery, signal: AbortSignal): Promise<void> {
    const problem = await send(renderDelivery(channel.target, delivery, base, clock()), signal);
    if (signal.aborted && problem) return;
    const after = afterAttempt(delivery, clock(), problem);
    await deliveries.put([after]);
    onDelivery(after);
  }

  /** Sends a message of ours to one channel at once. @returns what went wrong */
  async function test(channel: Channel, actor: string): Promise<SendProblem | undefined> {
    const now = clock();
    const notice: Notice = {
      seq: 0,
      type: 'notify.test',
      severity: 'info',
      at: now.toISOString(),
      title: `${actor} tests the channel ${channel.name}`,
      actor,
      subject: channel.name,
      rules: [],
      lines: ['Wheelgate can reach you here.'],
    };
    const delivery = gather(undefined, [notice], { id: randomUUID(), channel: channel.name, digest: 0, now });
    return send(renderDelivery(channel.target, delivery, base, now), AbortSignal.timeout(60_000));
  }

  return { run, test };
}
