import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { negotiatePage, type PageFormat } from '../../core/index/negotiate.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import type { DecidedProject } from '../../gate/decide-project.ts';
import { indexRoot } from '../../gate/links.ts';
import type { ListProject, RenderedPage } from '../../gate/list-project.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { type Client, readClient } from '../client.ts';
import { sendProblem } from '../error-response.ts';
import { acceptsGzip, matchesEtag, originOf } from '../http-headers.ts';
import type { Metrics } from '../metrics.ts';

export type SimpleRouteNeeds = {
  readonly listProject: ListProject;
  /** Called for every page that was not in memory: the client will ask for a file next. */
  readonly onPage: (decided: DecidedProject, client: Client) => void;
  readonly metrics: Metrics;
  readonly publicUrl: string | undefined;
};

/** Clients send a handful of different Accept headers: parsing each once keeps negotiation off the hot path. */
const negotiated = new LRUCache<string, { readonly format: PageFormat | undefined }>({ max: 200 });

/**
 * `GET|HEAD <index>/simple/<project>/` (PEP 503, 691, 700, 792). Pages are `no-cache` with a strong ETag: clients ask each
 * time and mostly get 304, so that an approval or a block counts at once.
 */
export function createSimpleRoute({ listProject, onPage, metrics, publicUrl }: SimpleRouteNeeds) {
  /** Answers from memory. @returns false when the page is not ready and nothing was sent */
  function serveReady(
    index: ServedIndex,
    project: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const as = negotiateFor(request, undefined);
    if (!as) return false;
    const page = listProject.peek(index, project as ProjectName, as.format, publicUrl ?? originOf(request));
    if (!page) return false;
    metrics.pageAnswers.inc({ answer: 'hit' });
    sendPage(request, response, page, as.contentType);
    return true;
  }

  async function servePage(
    index: ServedIndex,
    rawProject: string,
    formatOverride: string | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const headOnly = request.method === 'HEAD';
    const project = parseProjectName(rawProject);
    if (project !== rawProject) {
      response.writeHead(301, { location: `${indexRoot(index.name)}/simple/${project}/`, 'content-length': 0 }).end();
      return;
    }
    const as = negotiateFor(request, formatOverride);
    if (!as) return sendProblem(response, notAcceptable, headOnly);
    const page = await listProject.list(index, project, as.format, publicUrl ?? originOf(request));
    metrics.pageAnswers.inc({ answer: typeof page === 'string' ? page : 'miss' });
    if (page === 'absent') return sendProblem(response, absent(project), headOnly);
    sendPage(request, response, page, as.contentType);
    if (page.decided) onPage(page.decided, readClient(request));
  }

  return { serveReady, servePage };
}

export type SimpleRoute = ReturnType<typeof createSimpleRoute>;

export function negotiateFor(request: IncomingMessage, override: string | undefined): PageFormat | undefined {
  const { accept } = request.headers;
  const key = `${override ?? ''} ${accept ?? ''}`;
  const there = negotiated.get(key);
  if (there) return there.format;
  const format = negotiatePage(accept, override);
  if (key.length < 1_000) negotiated.set(key, { format });
  return format;
}

export const notAcceptable = {
  status: 406,
  title: 'No such representation',
  detail: 'Ask for application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html or text/html.',
};

function absent(project: string) {
  return {
    status: 404,
    title: `No upstream of this index has ${project}`,
    detail: 'Check the spelling of the project name.',
  };
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: RenderedPage, contentType: string): void {
  // About the stored page: a 304 changes the headers of what the client has, which may be the other form of the body.
  const shared = { 'cache-control': 'no-cache', vary: 'Accept, Accept-Encoding' };
  const stored = [page, page.gzip].find((form) => form && matchesEtag(request, form.etag));
  if (stored) {
    response.writeHead(304, { ...shared, etag: stored.etag }).end();
    return;
  }
  const sent = page.gzip && acceptsGzip(request) ? page.gzip : page;
  const headers = {
    ...shared,
    'content-type': contentType,
    etag: sent.etag,
    ...(sent !== page && { 'content-encoding': 'gzip' }),
  };
  response.writeHead(200, { ...headers, 'content-length': sent.body.length });
  response.end(request.method === 'HEAD' ? undefined : sent.body);
}
