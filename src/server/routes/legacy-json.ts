import type { IncomingMessage, ServerResponse } from 'node:http';
import { WheelgateError } from '../../core/errors.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import type { DecideProject } from '../../gate/decide-project.ts';
import type { LegacyAnswer } from '../../gate/legacy-document.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { sendProblem } from '../error-response.ts';
import { originOf } from '../http-headers.ts';
import { type FileRoute, refusal } from './files.ts';

export type LegacyRouteNeeds = {
  readonly legacyDocument: (
    index: ServedIndex,
    project: ProjectName,
    version: string | undefined,
    base: string,
  ) => Promise<LegacyAnswer>;
  readonly decide: Pick<DecideProject, 'decideProject'>;
  readonly file: FileRoute;
  readonly publicUrl: string | undefined;
};

const UNREAD = {
  status: 404,
  title: 'The metadata of this release is not known yet',
  detail: 'Ask for the metadata of one of its wheels: the first download reads it.',
};

/** PyPI's other read interfaces: `/pypi/<project>[/<version>]/json` and `/integrity/<project>/<version>/<file>/provenance`. */
export function createLegacyRoute({ legacyDocument, decide, file, publicUrl }: LegacyRouteNeeds) {
  return {
    async json(
      index: ServedIndex,
      rawProject: string,
      version: string | undefined,
      request: IncomingMessage,
      response: ServerResponse,
    ) {
      const project = parseProjectName(rawProject);
      const base = publicUrl ?? originOf(request);
      const answer = await legacyDocument(index, project, version, base);
      const headOnly = request.method === 'HEAD';
      if (answer.kind === 'absent')
        throw notFound(`this index has no ${project}${version === undefined ? '' : ' of that version'}`);
      if (answer.kind === 'unread') return sendProblem(response, UNREAD, headOnly);
      if (answer.kind === 'refused') return sendProblem(response, refusal(index, answer.decided, base), headOnly);
      const body = Buffer.from(answer.text);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
        'cache-control': 'no-cache',
      });
      response.end(headOnly ? undefined : body);
    },

    async provenance(
      index: ServedIndex,
      rawProject: string,
      filename: string,
      request: IncomingMessage,
      response: ServerResponse,
    ) {
      const decided = await decide.decideProject(index, parseProjectName(rawProject));
      const found =
        typeof decided === 'string' ? undefined : decided.files.find((one) => one.file.filename === filename);
      if (!found) throw notFound('this index has no such file');
      await file(index, found.path, 'provenance', request, response);
    },
  };
}

export type LegacyRoute = ReturnType<typeof createLegacyRoute>;

function notFound(message: string): WheelgateError {
  return new WheelgateError('NOT_FOUND', message, 'Check the spelling.');
}
