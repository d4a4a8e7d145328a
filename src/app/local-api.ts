import type { RawInput } from '../api/endpoint.ts';
import type { EndpointName } from '../api/endpoints.ts';
import type { CallOptions, GateApi } from '../api/gate-api.ts';
import type { Config } from '../config.ts';
import { callEndpoint } from '../server/api/call-endpoint.ts';
import { createApiHandlers } from './api-handlers.ts';
import { openCommandGate, personHere } from './command-gate.ts';
import type { Gate } from './open-gate.ts';
import { openIdentities } from './open-identities.ts';

/**
 * The operations of the API over the data folder of this machine, beside a server that may be running: the same handlers
 * and checks without HTTP, for the person at the keyboard, who has every role.
 */
export async function openLocalApi(config: Config, version: string): Promise<GateApi> {
  const gate = await openCommandGate(config);
  return { ...apiOver(gate, version), close: () => gate.close() };
}

/** The same over a gate that is open. */
export function apiOver(gate: Gate, version: string): Pick<GateApi, 'call'> {
  const handlers = createApiHandlers(gate, openIdentities(gate), version);
  const caller = { identity: personHere(), address: 'local', setHeader() {} };
  const call = (name: EndpointName, input: RawInput, options: CallOptions = {}): Promise<unknown> =>
    callEndpoint(handlers, name, input, { ...caller, ...options });
  return { call: call as GateApi['call'] };
}
