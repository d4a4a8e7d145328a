import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { type OsvQuery, osvBatchSchema, osvQuerySchema } from '../../api/osv.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { renderOsvRecord } from '../../core/advisories/render-osv.ts';
import { WheelgateError } from '../../core/errors.ts';
import { type ProjectName, tryParseProjectName } from '../../core/python/name.ts';
import { parsePurl } from '../../core/python/purl.ts';
import type { QueryOsv } from '../../gate/query-osv.ts';
import { DEFAULT_INDEX } from '../../gate/served-index.ts';
import { problemOf, sendProblem } from '../error-response.ts';
import type { Identify } from '../identify.ts';

/** As OSV limits its own: records per answer, and queries per batch. */
const PAGE_SIZE = 1_000;
const MAX_QUERIES = 1_000;

/** Codes of google.rpc.Code, which OSV's errors carry, by the HTTP status. */
const CODES = { 400: 3, 404: 5, 413: 3, 500: 13 } as const;

/** An error as OSV answers it. */
class OsvError extends Error {
  readonly status: keyof typeof CODES;
  constructor(status: keyof typeof CODES, message: string) {
    super(message);
    this.status = status;
  }
}

type App = FastifyInstance<Server, IncomingMessage, ServerResponse, Logger>;

/** What sends an answer; Fastify's own type differs by route. */
type Reply = {
  header(name: string, value: string): Reply;
  type(name: string): Reply;
  send(text: string): unknown;
};

type Page<T> = { readonly vulns?: readonly T[]; readonly next_page_token?: string };

/**
 * OSV's API over what the gate knows: `/v1/query`, `/v1/querybatch` and `/v1/vulns/<id>`, for `uv audit --service-url`,
 * `pip-audit --osv-url` and others. Requests and errors are as those of api.osv.dev.
 */
export function addOsvRoutes(app: App, { query, record }: QueryOsv, access: Pick<Identify, 'admit'>): void {
  void app.register(async (routes) => {
    // It tells what the team decided: who may read the default index may read that.
    routes.addHook('onRequest', async ({ raw }, reply) => {
      try {
        await access.admit(raw, DEFAULT_INDEX);
      } catch (error) {
        reply.hijack();
        sendProblem(reply.raw, problemOf(error), raw.method === 'HEAD');
      }
    });
    // OSV reads the body as JSON whatever its type says.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    routes.post('/v1/query', async ({ body }, reply) => {
      const page = await answer(readBody(osvQuerySchema, body));
      return send(reply, { ...page, ...(page.vulns && { vulns: page.vulns.map(renderOsvRecord) }) });
    });

    routes.post('/v1/querybatch', async ({ body }, reply) => {
      const { queries } = readBody(osvBatchSchema, body);
      if (queries.length > MAX_QUERIES) throw new OsvError(400, 'Too many queries.');
      const results: Page<{ id: string; modified: string }>[] = [];
      for (const one of queries) {
        const page = await answer(one);
        const vulns = page.vulns?.map(({ id, modified }) => ({ id, modified }));
        results.push({ ...page, ...(vulns && { vulns }) } as Page<{ id: string; modified: string }>);
      }
      return send(reply, { results });
    });

    routes.get<{ Params: { id: string } }>('/v1/vulns/:id', async ({ params }, reply) => {
      const found = await record(params.id);
      if (found === undefined) throw new OsvError(404, 'Bug not found.');
      return send(reply, renderOsvRecord(found));
    });

    routes.setErrorHandler((error, request, reply) => {
      const known = error instanceof OsvError;
      const { statusCode = 500 } = error as { statusCode?: number };
      const isTooLarge = statusCode === 413;
      const status = known ? error.status : isTooLarge ? 413 : statusCode < 500 ? 400 : 500;
      if (status === 500) request.log.error({ err: error, url: request.url }, 'OSV request failed');
      const said = { 400: 'Invalid request.', 404: '', 413: 'The request is too large.', 500: 'Internal error.' };
      const message = known ? error.message : said[status];
      return send(reply.code(status), { code: CODES[status], message });
    });
  });

  async function answer(asked: OsvQuery): Promise<Page<Advisory>> {
    const subject = readSubject(asked);
    if (subject === undefined) return {};
    const start = readPageToken(asked.page_token);
    const found = await query(subject.project, subject.version);
    const vulns = found.slice(start, start + PAGE_SIZE);
    const next = start + PAGE_SIZE;
    return {
      ...(vulns.length > 0 && { vulns }),
      ...(found.length > next && { next_page_token: String(next) }),
    };
  }
}

/** Undefined for what may exist, but of which we know nothing: commits, and packages of other ecosystems. */
function readSubject(asked: OsvQuery): { project: ProjectName; version?: string } | undefined {
  const { commit, version, package: named } = asked;
  if (commit !== undefined) {
    if (version !== undefined || named !== undefined) throw new OsvError(400, 'Invalid query.');
    return undefined;
  }
  if (named?.purl !== undefined) return readPurl(named.purl, asked);
  if (named?.name === undefined || named.ecosystem === undefined) throw new OsvError(400, 'Invalid query.');
  if (named.ecosystem.split(':', 1)[0] !== 'PyPI') return undefined;
  const project = tryParseProjectName(named.name);
  return project && { project, ...(version && { version }) };
}

function readPurl(text: string, { version, package: named }: OsvQuery) {
  if (named?.name !== undefined || named?.ecosystem !== undefined) {
    throw new OsvError(400, 'name or ecosystem specified in a PURL query');
  }
  if (/^pkg:\/*(?!pypi\/)[a-z0-9.+-]+\//i.test(text)) return undefined;
  const { project, rawVersion } = readPurlOrRefuse(text);
  if (rawVersion !== undefined && version !== undefined)
    throw new OsvError(400, 'version specified in params and PURL query');
  const asked = rawVersion ?? version;
  return { project, ...(asked && { version: asked }) };
}

function readPurlOrRefuse(text: string) {
  try {
    return parsePurl(text);
  } catch (error) {
    if (error instanceof WheelgateError) throw new OsvError(400, 'Invalid Package URL.');
    throw error;
  }
}

function readPageToken(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  if (!/^[1-9]\d{0,8}$/.test(token)) throw new OsvError(400, 'Invalid page token.');
  return Number(token);
}

function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  try {
    return schema.parse(JSON.parse(String(body)));
  } catch {
    throw new OsvError(400, 'Invalid JSON in the request body.');
  }
}

function send(reply: Reply, document: unknown) {
  return reply.header('cache-control', 'no-store').type('application/json').send(JSON.stringify(document));
}
