import type { Notifier } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { WheelgateError } from '../core/errors.ts';
import { openCommandGate, personHere } from './command-gate.ts';

const RECENT = 50;

/** Behind `wheelgate notify`: the channels of the configuration over the data folder. */
export async function openLocalNotifier(config: Config): Promise<Notifier> {
  const gate = await openCommandGate(config);
  return {
    async status() {
      const recent = await gate.store.deliveries.recent(RECENT);
      return {
        schema: 'wheelgate.notify/1',
        channels: config.notify.map(({ name, target }) => ({ name, kind: target.kind })),
        deliveries: recent.map(({ notices, createdAt, nextAt, problem, ...delivery }) => ({
          ...delivery,
          titles: notices.map(({ title }) => title),
          createdAt: createdAt.toISOString(),
          nextAt: nextAt.toISOString(),
          problem: problem ?? null,
        })),
      };
    },
    async test(name) {
      const channel = config.notify.find((one) => one.name === name);
      if (channel === undefined) {
        const names = config.notify.map((one) => one.name).join(', ');
        throw new WheelgateError(
          'NOT_FOUND',
          `there is no channel ${JSON.stringify(name)}`,
          names === '' ? 'Add a [[notify]] to wheelgate.toml.' : `The channels are ${names}.`,
        );
      }
      return (await gate.notify.test(channel, personHere().name))?.what;
    },
    close: () => gate.close(),
  };
}
