import type { z } from 'zod';
import type { Endpoint, RawInput } from '../../api/endpoint.ts';
import { ENDPOINTS, type EndpointName } from '../../api/endpoints.ts';
import { type FieldProblem, InputError, WheelgateError } from '../../core/errors.ts';
import { can, canSomewhere, type Identity, rolesWith } from '../../core/identity/identity.ts';
import type { Caller, Handlers } from './handler.ts';

type Input = { readonly [Key in keyof RawInput]?: Record<string, unknown> };

/**
 * Checks permission and input of one operation, does it, and leaves of its answer what the schema names.
 * @throws {WheelgateError} UNAUTHENTICATED, FORBIDDEN, INPUT_INVALID, and what the handler throws
 */
export async function callEndpoint(
  handlers: Handlers,
  name: EndpointName,
  raw: RawInput,
  caller: Caller,
): Promise<unknown> {
  const endpoint: Endpoint = ENDPOINTS[name];
  admit(endpoint, caller.identity);
  const input = parseInput(endpoint, raw);
  authorise(endpoint, caller.identity, input);
  const handle = handlers[name] as (input: Input, caller: Caller) => Promise<unknown>;
  return endpoint.response.parse(await handle(input, caller));
}

/**
 * Refuses who has no business with an operation, whatever its input is.
 * @throws {WheelgateError} UNAUTHENTICATED, FORBIDDEN
 */
export function admit({ permission }: Endpoint, identity: Identity): void {
  if (permission === 'none') return;
  if (permission === 'signed-in' ? identity.kind !== 'anonymous' : canSomewhere(identity, permission)) return;
  throw refusal(identity, permission, undefined);
}

function authorise({ permission, about }: Endpoint, identity: Identity, input: Input): void {
  if (permission === 'none' || permission === 'signed-in' || about === 'each') return;
  const index = about === 'index' ? String(input.query?.index ?? input.body?.index ?? '') : undefined;
  if (!can(identity, permission, index)) throw refusal(identity, permission, index);
}

function refusal(
  { kind, name, indexes }: Identity,
  permission: Exclude<Endpoint['permission'], 'none'>,
  index: string | undefined,
): WheelgateError {
  if (kind === 'anonymous' || permission === 'signed-in') {
    return new WheelgateError(
      'UNAUTHENTICATED',
      'this takes a token or a login',
      'Send "Authorization: Bearer <token>", or set WHEELGATE_TOKEN; `wheelgate token create` makes one.',
    );
  }
  const where = index === undefined ? '' : ` in index ${JSON.stringify(index)}`;
  const scope = indexes === undefined ? '' : `, and a scope other than ${indexes.join(', ') || 'nothing'}`;
  return new WheelgateError(
    'FORBIDDEN',
    `${name} has no permission "${permission}"${where}`,
    `It takes one of the roles ${rolesWith(permission).join(', ')}${scope}; docs/access.md has the table.`,
  );
}

function parseInput({ params, query, body }: Endpoint, raw: RawInput): Input {
  const problems: FieldProblem[] = [];
  const input: Record<string, Record<string, unknown>> = {};
  const parse = (part: keyof RawInput, schema: z.ZodType | undefined) => {
    if (!schema) return;
    const parsed = schema.safeParse(raw[part] ?? (part === 'query' ? {} : undefined));
    if (parsed.success) input[part] = parsed.data as Record<string, unknown>;
    else
      problems.push(
        ...parsed.error.issues.map(({ path, message }) => ({ path: [part, ...path.map(String)].join('.'), message })),
      );
  };
  parse('params', params);
  parse('query', query);
  parse('body', body);
  if (problems.length > 0) throw new InputError(problems);
  return input;
}
