import { userInfo } from 'node:os';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { type Identity, localIdentity } from '../core/identity/identity.ts';
import { chooseUpstreams } from './choose-upstreams.ts';
import { type Gate, openGate, UNWATCHED } from './open-gate.ts';

/** The gate of a command over the data folder, beside a server that may be running: it reports its own outcome and logs nothing. */
export function openCommandGate(config: Config): Promise<Gate> {
  return openGate(config, chooseUpstreams(config), pino({ level: 'silent' }), UNWATCHED);
}

/** The person at the keyboard of this machine. */
export function personHere(): Identity {
  return localIdentity(userInfo().username);
}
