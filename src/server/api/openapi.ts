import { z } from 'zod';
import type { Endpoint } from '../../api/endpoint.ts';
import { problemSchema } from '../../api/problem.ts';
import { rolesWith } from '../../core/identity/identity.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The OpenAPI 3.1 document of a table of operations. Bodies and answers are components, named after their operation.
 * @param version of Wheelgate
 */
export function renderOpenApi(endpoints: Readonly<Record<string, Endpoint>>, version: string): Json {
  const entries = Object.entries(endpoints);
  const bodies = entries.flatMap(([name, { body }]) => (body ? [[`${capitalised(name)}Body`, body] as const] : []));
  const answers = entries.map(([name, { response }]) => [`${capitalised(name)}Answer`, response] as const);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, endpoint] of entries) {
    paths[endpoint.path] ??= {};
    paths[endpoint.path]![endpoint.method.toLowerCase()] = operation(name, endpoint);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wheelgate', version, description: 'What a package firewall for Python teams knows and decides.' },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `wheelgate token create`, or one of a CI job.',
        },
        basic: { type: 'http', scheme: 'basic', description: 'User `__token__`, password the token, as pip sends it.' },
      },
      schemas: {
        ...schemasOf(bodies, 'input'),
        ...schemasOf([...answers, ['Problem', problemSchema]], 'output'),
      },
    },
  };
}

function operation(name: string, endpoint: Endpoint): Json {
  const { method, summary, permission, params, query, body, status = 200, isEdit, isSecret } = endpoint;
  const takesKey = method !== 'GET' && !isSecret;
  return {
    operationId: name,
    summary,
    description: permissionText(endpoint),
    security: permission === 'none' ? [] : [{ token: [] }, { basic: [] }],
    parameters: [
      ...parametersOf(params, 'path'),
      ...parametersOf(query, 'query'),
      ...(isEdit ? [header('If-Match', 'ETag of what is edited: refused with 412 when it was changed since.')] : []),
      ...(takesKey ? [header('Idempotency-Key', 'Sent twice under one key, the change is made once.')] : []),
    ],
    ...(body && { requestBody: { required: true, content: json(`${capitalised(name)}Body`) } }),
    responses: {
      [status]: { description: 'Done.', content: json(`${capitalised(name)}Answer`) },
      default: {
        description: 'It was not done; the body says why and what to do.',
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    },
  };
}

function permissionText({ permission, about }: Endpoint): string {
  if (permission === 'none') return 'Needs no account.';
  if (permission === 'signed-in') return 'Needs a token or a login, of any role.';
  const where = { gate: 'for the gate as a whole', index: 'for the index', each: 'for what is shown or changed' }[
    about
  ];
  return `Needs the permission \`${permission}\` ${where}: ${rolesWith(permission).join(', ')}.`;
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): readonly Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemasOf(named: readonly (readonly [string, z.ZodType])[], io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  // Two operations may share a schema: each gets a name of its own.
  for (const [id, schema] of named) registry.add(schema.clone(), { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]));
}

function header(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function json(schema: string): Json {
  return { 'application/json': { schema: reference(schema) } };
}

function reference(schema: string): Json {
  return { $ref: `#/components/schemas/${schema}` };
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
