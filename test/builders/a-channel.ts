import type { Channel } from '../../src/core/notify/channel.ts';

/** A chat that wants to hear everything, at once. */
export function aChannel(over: Partial<Channel> = {}): Channel {
  return {
    name: 'chat',
    target: { kind: 'slack', url: 'https://chat.test/' },
    events: [],
    min_severity: 'info',
    indexes: [],
    rules: [],
    digest: 0,
    ...over,
  };
}
