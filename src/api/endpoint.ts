import type { z } from 'zod';
import type { Permission } from '../core/identity/identity.ts';

/** One operation of `/api/v1`: what the server, its OpenAPI document and the commands agree on. */
export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: `/${string}`;
  readonly summary: string;
  /** What it takes; `none`: nobody is asked who they are; `signed-in`: an identity of any role. */
  readonly permission: Permission | 'none' | 'signed-in';
  /**
   * What the permission is asked about. `gate`: the gate as a whole. `index`: the one that `query.index` or `body.index`
   * names. `each`: nothing yet, the handler asks for each thing that it shows or changes.
   */
  readonly about: 'gate' | 'index' | 'each';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Of success; 200 by default. */
  readonly status?: 200 | 201 | 202;
  /** Bytes of the largest body; 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** It changes nothing, its question is only too long for a URL: it is no write to be counted. */
  readonly isQuestion?: true;
  /** It changes something that has an ETag: `If-Match` is heeded, the handler compares. */
  readonly isEdit?: true;
  /** Its answer holds a secret that is shown once: it is never kept, nor given again for an Idempotency-Key. */
  readonly isSecret?: true;
};

type Part<E extends Endpoint, Key extends 'params' | 'query' | 'body', Side extends 'input' | 'output'> =
  E extends Readonly<Record<Key, infer Schema extends z.ZodType>>
    ? Readonly<Record<Key, Side extends 'input' ? z.input<Schema> : z.output<Schema>>>
    : unknown;

/** What a caller gives: parameters, query and body as far as the endpoint has them. */
export type CallInput<E extends Endpoint> = Part<E, 'params', 'input'> &
  Part<E, 'query', 'input'> &
  Part<E, 'body', 'input'>;

/** The same after the schemas were applied. */
export type ParsedInput<E extends Endpoint> = Part<E, 'params', 'output'> &
  Part<E, 'query', 'output'> &
  Part<E, 'body', 'output'>;

/** What a caller gets. */
export type CallOutput<E extends Endpoint> = z.output<E['response']>;

/** An input as it came, from a URL and a JSON body or from a command, before the schemas were applied. */
export type RawInput = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };
