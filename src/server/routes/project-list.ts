import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderHtmlList } from '../../core/index/render-html.ts';
import { renderJsonList } from '../../core/index/render-json.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { sendProblem } from '../error-response.ts';
import { negotiateFor, notAcceptable } from './simple.ts';

/** `GET|HEAD <index>/simple/`: the names of all projects (PEP 503, 691). */
export function createProjectListRoute(listProjects: (index: ServedIndex) => Promise<readonly string[]>) {
  return async function projectList(
    index: ServedIndex,
    format: string | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const headOnly = request.method === 'HEAD';
    const as = negotiateFor(request, format);
    if (!as) return sendProblem(response, notAcceptable, headOnly);
    const names = await listProjects(index);
    const body = Buffer.from(as.format === 'json' ? renderJsonList(names) : renderHtmlList(names));
    response.writeHead(200, {
      'content-type': as.contentType,
      'content-length': body.length,
      'cache-control': 'no-cache',
      vary: 'Accept',
    });
    response.end(headOnly ? undefined : body);
  };
}

export type ProjectListRoute = ReturnType<typeof createProjectListRoute>;
