import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { WheelgateError } from '../core/errors.ts';
import { parseFilePath } from '../core/index/file-path.ts';
import { indexRoot } from '../gate/links.ts';
import type { QueryOsv } from '../gate/query-osv.ts';
import type { ServedIndex } from '../gate/served-index.ts';
import { type ApiNeeds, addApi } from './api/serve-api.ts';
import { endWithProblem, malformed, problemOf, sendProblem } from './error-response.ts';
import type { Identify } from './identify.ts';
import type { Metrics } from './metrics.ts';
import type { FileRoute } from './routes/files.ts';
import type { HealthRoutes } from './routes/health.ts';
import type { LegacyRoute } from './routes/legacy-json.ts';
import type { LoginRoute } from './routes/login.ts';
import { addOsvRoutes } from './routes/osv.ts';
import type { ProjectListRoute } from './routes/project-list.ts';
import type { ReleasePageRoute } from './routes/release-page.ts';
import type { SimpleRoute } from './routes/simple.ts';

export type ServerNeeds = {
  readonly indexes: readonly ServedIndex[];
  readonly simple: SimpleRoute;
  readonly projectList: ProjectListRoute;
  readonly file: FileRoute;
  readonly legacy: LegacyRoute;
  readonly releasePage: ReleasePageRoute;
  readonly osv: QueryOsv;
  readonly api: ApiNeeds;
  /** Absent: there is no login with a provider. */
  readonly login: LoginRoute | undefined;
  /** Who may read the indexes. */
  readonly access: Pick<Identify, 'isOpen' | 'admit'>;
  readonly health: HealthRoutes;
  readonly metrics: Metrics;
  readonly logger: Logger;
};

/** Everything that a handler gets: the raw request and response, because installers need exact headers and reason phrases. */
type Handler = (call: {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}) => unknown;

/**
 * The HTTP surface: one set of index routes per index, at the root for the default one. Every failure leaves as
 * problem+json; a failure never leaves as a file.
 */
export function createServer(needs: ServerNeeds) {
  const { indexes, simple, access, logger } = needs;
  // Where not everybody may read, every request takes the long way, past the question who asks.
  const byRoot = new Map<string, ServedIndex>(
    access.isOpen ? indexes.map((index) => [`${indexRoot(index.name)}/simple/`, index]) : [],
  );
  const app = Fastify({
    // What it says of itself is no news: who starts the server says where it listens.
    loggerInstance: logger.child({}, { level: 'warn' }),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500 },
    bodyLimit: 1024 * 1024,
    // Clients keep connections while they resolve; a proxy in front usually does so for 60 s.
    keepAliveTimeout: 75_000,
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      sendProblem(reply.raw, badUrl, request.raw.method === 'HEAD');
    },
    clientErrorHandler: (error, socket) => {
      if (error.code !== 'ECONNRESET' && socket.writable) endWithProblem(socket, malformed(error.code));
      else socket.destroy();
    },
    serverFactory: (handle, options) =>
      createHttpServer({ ...options, requireHostHeader: false } as object, (request, response) => {
        if (request.headers.host === undefined && request.httpVersion !== '1.0')
          sendProblem(response, malformed(undefined), request.method === 'HEAD');
        else if (!servedReady(request, response)) handle(request, response);
      })
        .on('checkExpectation', (request, response) => sendProblem(response, expectation, request.method === 'HEAD'))
        .on('connect', (_request, socket) => endWithProblem(socket, wrongMethod)),
  });
  // The index takes no bodies: they are not read, whatever they claim to be. The API and OSV's have parsers of their own.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));

  /** Pages that are ready in memory skip the router: they are most of all requests. */
  function servedReady(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? '';
    if (!url.endsWith('/') || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const slash = url.lastIndexOf('/', url.length - 2) + 1;
    const index = byRoot.get(url.slice(0, slash));
    return (
      index !== undefined && slash < url.length - 1 && simple.serveReady(index, url.slice(slash, -1), request, response)
    );
  }

  function on(path: string, handler: Handler): void {
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        reply.hijack();
        try {
          await handler({
            params: request.params as Record<string, string>,
            query: onlyTexts(request.query),
            request: request.raw,
            response: reply.raw,
          });
        } catch (error) {
          fail(error, request.raw, reply.raw);
        }
      },
    });
  }

  function admitted(index: ServedIndex, handler: Handler): Handler {
    return async (call) => {
      await access.admit(call.request, index.name);
      return handler(call);
    };
  }

  function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const problem = problemOf(error);
    // What a client asked wrongly is no news: anybody may ask for anything, and the log shall not fill with it.
    const level = !(error instanceof WheelgateError) ? 'error' : problem.status < 500 ? 'debug' : 'warn';
    logger[level]({ err: error, url: request.url }, 'request failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem, request.method === 'HEAD');
  }

  for (const index of indexes) {
    addIndexRoutes((path, handler) => on(path, access.isOpen ? handler : admitted(index, handler)), index, needs);
  }
  on('/healthz', ({ request, response }) => needs.health.healthz(request, response));
  on('/readyz', ({ request, response }) => needs.health.readyz(request, response));
  on('/metrics', ({ request, response }) => needs.health.metrics(request, response));
  addOsvRoutes(app, needs.osv, access);
  addApi(app, needs.api);
  const { login } = needs;
  if (login) {
    on('/login/oidc', ({ query, request, response }) => login.begin(query.next, request, response));
    on('/login/oidc/callback', ({ request, response }) => login.finish(request, response));
  }
  on('/', ({ request, response }) => needs.releasePage.home(request, response));

  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    sendProblem(reply.raw, isRead ? notFound : wrongMethod, request.method === 'HEAD');
  });
  // Handlers catch their own: what comes here is the framework's, about a request that it cannot take.
  app.setErrorHandler((error: FastifyError, request, reply) => {
    reply.hijack();
    const { statusCode = 500 } = error;
    if (statusCode >= 500) return fail(error, request.raw, reply.raw);
    sendProblem(reply.raw, { ...malformed(undefined), status: statusCode }, request.method === 'HEAD');
  });
  return app;
}

const notFound = { status: 404, title: 'No such page', detail: 'The index is at /simple/.' };
const badUrl = { status: 400, title: 'This URL cannot be read', detail: 'Check its length and its percent signs.' };
const expectation = { status: 417, title: 'Expectation failed', detail: 'Ask without an Expect header.' };
const wrongMethod = {
  status: 405,
  title: 'Method not allowed',
  detail: 'This index is for reading: ask with GET or HEAD.',
  headers: { allow: 'GET, HEAD' },
};

/** A parameter that stands in a URL twice says nothing. */
function onlyTexts(query: unknown): Readonly<Record<string, string | undefined>> {
  const entries = Object.entries(query as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function addIndexRoutes(on: (path: string, handler: Handler) => void, index: ServedIndex, needs: ServerNeeds): void {
  const root = indexRoot(index.name);
  const redirect: Handler = ({ params, response }) =>
    response
      .writeHead(301, {
        location: `${root}/simple/${encodeURIComponent(params.project ?? '')}/`,
        'content-length': 0,
      })
      .end();
  on(`${root}/simple`, ({ response }) =>
    response.writeHead(301, { location: `${root}/simple/`, 'content-length': 0 }).end(),
  );
  on(`${root}/simple/`, ({ query, request, response }) => needs.projectList(index, query.format, request, response));
  on(`${root}/simple/:project`, redirect);
  on(`${root}/simple/:project/`, ({ params, query, request, response }) =>
    needs.simple.servePage(index, params.project!, query.format, request, response),
  );
  on(`${root}/packages/*`, ({ params, request, response }) => {
    const asked = parseFilePath(`packages/${params['*']}`);
    if (!asked)
      throw new WheelgateError('NOT_FOUND', 'this is no path of a file', 'Follow the links of a project page.');
    return needs.file(index, asked.path, asked.part, request, response);
  });
  on(`${root}/integrity/:project/:version/:filename/provenance`, ({ params, request, response }) =>
    needs.legacy.provenance(index, params.project!, params.filename!, request, response),
  );
  // Of pip-tools, old versions ask below the index URL when that ends in a slash and 7.6 without `pypi/`: where it finds no
  // digests it hashes whatever answers at the file, a refusal too. Everybody else asks below the root.
  on(`${root}/:project/json`, ({ params, request, response }) =>
    needs.legacy.json(index, params.project!, undefined, request, response),
  );
  for (const prefix of [`${root}/pypi`, `${root}/simple/pypi`]) {
    on(`${prefix}/:project/json`, ({ params, request, response }) =>
      needs.legacy.json(index, params.project!, undefined, request, response),
    );
    on(`${prefix}/:project/:version/json`, ({ params, request, response }) =>
      needs.legacy.json(index, params.project!, params.version!, request, response),
    );
  }
  for (const page of [`${root}/r/:project`, `${root}/r/:project/:version`]) {
    on(page, ({ params, query, request, response }) => {
      const status = query.refused === undefined ? 200 : 403;
      return needs.releasePage.release(index, params.project!, params.version, status, request, response);
    });
  }
}
