import type { IncomingMessage, ServerResponse } from 'node:http';
import { WheelgateError } from '../../core/errors.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import type { DecideProject } from '../../gate/decide-project.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { originOf } from '../http-headers.ts';
import type { FileRoute } from './files.ts';

export type LegacyRouteNeeds = {
  readonly legacyDocument: (
    index: ServedIndex,
    project: ProjectName,
    version: string | undefined,
    base: string,
  ) => Promise<string | undefined>;
  readonly decide: Pick<DecideProject, 'decideProject'>;
  readonly file: FileRoute;
  readonly publicUrl: string | undefined;
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
      const text = await legacyDocument(index, project, version, publicUrl ?? originOf(request));
      if (text === undefined)
        throw notFound(`this index has no ${project}${version === undefined ? '' : ' of that version'}`);
      const body = Buffer.from(text);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
        'cache-control': 'no-cache',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
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
