import type { z } from 'zod';
import type { Endpoint, ParsedInput } from '../../api/endpoint.ts';
import type { EndpointName, Endpoints } from '../../api/endpoints.ts';
import type { Identity } from '../../core/identity/identity.ts';

/** Who calls an operation, and from where; made by the HTTP server or by a command on this machine. */
export type Caller = {
  readonly identity: Identity;
  /** The secret of the cookie that says who this is. */
  readonly session?: string;
  /** `If-Match` of an edit. */
  readonly ifMatch?: string;
  /** Of the client; `local` for a command on this machine. */
  readonly address: string;
  /** A header of the answer; nothing happens to it when there is no HTTP. */
  setHeader(name: string, value: string): void;
};

/** Does one operation. The input fits the schemas, and the caller has the permission as far as `about` says. */
type Handler<E extends Endpoint> = (input: ParsedInput<E>, caller: Caller) => Promise<z.input<E['response']>>;

/** A handler for every operation: one that is missing does not compile. */
export type Handlers = { readonly [Name in EndpointName]: Handler<Endpoints[Name]> };
