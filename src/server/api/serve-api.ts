import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Endpoint } from '../../api/endpoint.ts';
import { ENDPOINTS, type EndpointName } from '../../api/endpoints.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { Clock, KeptAnswer, KeptAnswers } from '../../gate/ports.ts';
import { apiProblemOf, type Problem, sendProblem } from '../error-response.ts';
import { matchesEtag } from '../http-headers.ts';
import type { Identified, Identify } from '../identify.ts';
import { admit, callEndpoint } from './call-endpoint.ts';
import { etagOf } from './etag.ts';
import type { Handlers } from './handler.ts';
import { createIdempotency } from './idempotency.ts';

export type ApiNeeds = {
  readonly handlers: Handlers;
  readonly identify: Identify['forApi'];
  readonly answers: KeptAnswers;
  readonly clock: Clock;
};

type App = FastifyInstance<Server, IncomingMessage, ServerResponse, Logger>;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const DEFAULT_MAX_BODY = 1024 * 1024;

/** `/api/v1`: every operation of the table, and problem+json for everything else below it. */
export function addApi(app: App, { handlers, identify, answers, clock }: ApiNeeds): void {
  const once = createIdempotency({ answers, clock });
  const callers = new WeakMap<IncomingMessage, Identified>();

  void app.register(
    async (routes) => {
      // The index takes no bodies at all (http.ts); here they are JSON, and nothing else.
      routes.removeAllContentTypeParsers();
      routes.addContentTypeParser(
        'application/json',
        { parseAs: 'string' },
        routes.getDefaultJsonParser('error', 'error'),
      );

      for (const [name, endpoint] of Object.entries(ENDPOINTS) as [EndpointName, Endpoint][]) {
        routes.route({
          method: endpoint.method,
          url: fastifyPath(endpoint.path),
          bodyLimit: endpoint.maxBodyBytes ?? DEFAULT_MAX_BODY,
          // Before the body is read: it is not taken from somebody who may not send it.
          onRequest: (request, reply) =>
            guard(request, reply, async () => {
              const caller = await identify(request.raw, endpoint);
              admit(endpoint, caller.identity);
              callers.set(request.raw, caller);
            }),
          handler: (request, reply) => guard(request, reply, () => answer(name, endpoint, request, reply)),
        });
      }
      for (const [path, methods] of methodsByPath()) {
        routes.route({
          method: METHODS.filter((method) => !methods.includes(method)),
          url: fastifyPath(path),
          onRequest: async (request, reply) => refuse(request, reply, wrongMethod(methods)),
          handler: () => undefined,
        });
      }
      routes.setNotFoundHandler((request, reply) => refuse(request, reply, notFound));
      routes.setErrorHandler((error, request, reply) => refuse(request, reply, frameworkProblem(error, request)));
    },
    { prefix: '/api/v1' },
  );

  async function answer(
    name: EndpointName,
    endpoint: Endpoint,
    { params, query, body, raw }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const caller = callers.get(raw)!;
    const ifMatch = raw.headers['if-match'];
    const run = async (): Promise<KeptAnswer> => {
      const document = await callEndpoint(
        handlers,
        name,
        { params, query, body },
        {
          ...caller,
          setHeader: (header, value) => reply.raw.setHeader(header, value),
          ...(endpoint.isEdit && ifMatch !== undefined && { ifMatch }),
        },
      );
      return { status: endpoint.status ?? 200, body: JSON.stringify(document) };
    };
    const key = endpoint.method === 'GET' || endpoint.isSecret ? undefined : raw.headers['idempotency-key'];
    const what = [endpoint.method, raw.url ?? '', JSON.stringify(body ?? null), ifMatch ?? ''];
    send(raw, reply.raw, endpoint, await once(caller.identity.name, key?.toString(), what, run));
  }

  /** Runs a step of a request; what it throws is the answer. */
  async function guard(request: FastifyRequest, reply: FastifyReply, step: () => Promise<void>): Promise<void> {
    try {
      await step();
      if (reply.raw.headersSent) reply.hijack();
    } catch (error) {
      if (!(error instanceof WheelgateError)) request.log.error({ err: error, url: request.url }, 'API request failed');
      refuse(request, reply, apiProblemOf(error));
    }
  }
}

/** What the answer to a changed thing may be kept for: nothing. What was read may be kept, and asked about each time. */
function send(request: IncomingMessage, response: ServerResponse, endpoint: Endpoint, { status, body }: KeptAnswer) {
  const isRead = endpoint.method === 'GET';
  const etag = etagOf(body);
  const headers = isRead
    ? { 'cache-control': 'private, no-cache', etag, vary: 'Authorization, Cookie' }
    : { 'cache-control': 'no-store' };
  if (isRead && matchesEtag(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  reply.hijack();
  const challenge = problem.status === 401 && { 'www-authenticate': 'Bearer realm="Wheelgate"' };
  const headers = { ...problem.headers, ...challenge };
  if (reply.raw.headersSent) reply.raw.destroy();
  else sendProblem(reply.raw, { ...problem, headers }, request.method === 'HEAD');
}

const notFound: Problem = {
  status: 404,
  title: 'There is no such operation',
  detail: 'GET /api/v1/openapi.json describes all there are.',
  code: 'NOT_FOUND',
};

function wrongMethod(methods: readonly string[]): Problem {
  return {
    status: 405,
    title: 'Method not allowed',
    detail: `This takes ${methods.join(', ')}.`,
    headers: { allow: methods.join(', ') },
  };
}

/** What the framework says about a body that it cannot read. */
function frameworkProblem(error: unknown, request: FastifyRequest): Problem {
  const { statusCode: status = 500 } = error as { statusCode?: number };
  if (status >= 500) request.log.error({ err: error, url: request.url }, 'API request failed');
  if (status >= 500) return apiProblemOf(error);
  const said: Readonly<Record<number, string>> = {
    413: 'The body is too large',
    415: 'The body must be JSON, with Content-Type: application/json',
  };
  const title = said[status] ?? 'The body is not valid JSON';
  return { status, title, detail: 'GET /api/v1/openapi.json describes what is expected.', code: 'INPUT_INVALID' };
}

function methodsByPath(): ReadonlyMap<Endpoint['path'], readonly string[]> {
  const byPath = new Map<Endpoint['path'], readonly string[]>();
  for (const { method, path } of Object.values(ENDPOINTS) as Endpoint[]) {
    const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
    byPath.set(path, [...(byPath.get(path) ?? []), ...methods]);
  }
  return byPath;
}

function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
