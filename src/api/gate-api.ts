import type { CallInput, CallOutput } from './endpoint.ts';
import type { EndpointName, Endpoints } from './endpoints.ts';

/** What a call may carry besides its input. */
export type CallOptions = {
  /** ETag of what is edited, as it was read. */
  readonly ifMatch?: string;
};

/**
 * The operations of `/api/v1` as commands call them. Two implementations: over HTTP with a token
 * (`src/cli/api-client.ts`), and over the data folder of this machine (`src/app/local-api.ts`), where the same handlers run
 * without a server for the person at the keyboard.
 */
export type GateApi = {
  /** @throws {WheelgateError} what the server refused, or SERVER_UNREACHABLE */
  call<Name extends EndpointName>(
    name: Name,
    input: CallInput<Endpoints[Name]>,
    options?: CallOptions,
  ): Promise<CallOutput<Endpoints[Name]>>;
  close(): Promise<void>;
};
