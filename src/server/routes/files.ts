import type { IncomingMessage, ServerResponse } from 'node:http';
import { explainRefusal } from '../../core/policy/explain.ts';
import type { DecidedFile } from '../../gate/decide-project.ts';
import { reviewUrl } from '../../gate/links.ts';
import type { BlobStore } from '../../gate/ports.ts';
import type { FileAnswer, FileRequest } from '../../gate/serve-file.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { parseRange } from '../byte-range.ts';
import { clientFacts, patienceMs, readClient } from '../client.ts';
import { type Problem, sendProblem } from '../error-response.ts';
import { matchesEtag, originOf } from '../http-headers.ts';
import type { Identify } from '../identify.ts';
import type { Metrics } from '../metrics.ts';
import { writePiece } from '../write-piece.ts';

export type FileRouteNeeds = {
  readonly serveFile: (index: ServedIndex, request: FileRequest) => Promise<FileAnswer>;
  /** Who asks, and from where: for the audit log. */
  readonly identify: Pick<Identify, 'forIndex' | 'addressOf'>;
  readonly readBlob: BlobStore['read'];
  readonly metrics: Metrics;
  readonly publicUrl: string | undefined;
};

/** Files never change under their URL. */
const IMMUTABLE = 'public, max-age=365000000, immutable';

/**
 * `GET|HEAD <index>/packages/<path>`, also with `.metadata` (PEP 658) behind it, and provenance.
 * 200, 206, 304, 416; 403 with the reason three times; 404; 503 with Retry-After while the first inspection runs.
 */
export function createFileRoute({ serveFile, identify, readBlob, metrics, publicUrl }: FileRouteNeeds) {
  return async function fileRoute(
    index: ServedIndex,
    path: string,
    part: FileRequest['part'],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const client = readClient(request);
    const headOnly = request.method === 'HEAD';
    const answer = await serveFile(index, {
      path,
      part,
      patienceMs: patienceMs(client),
      identity: await identify.forIndex(request),
      client: { address: identify.addressOf(request), ...clientFacts(client) },
    });
    metrics.fileAnswers.inc({ part, answer: answer.kind });
    switch (answer.kind) {
      case 'absent':
        return sendProblem(
          response,
          { status: 404, title: 'No such file', detail: 'No page of this index lists this file.' },
          headOnly,
        );
      case 'busy':
        return sendProblem(response, busy(answer.retryAfterSeconds), headOnly);
      case 'refused':
        return client.installer === 'pdm' && part === 'file'
          ? redirectToReason(response, index, answer.decided, publicUrl ?? originOf(request))
          : sendProblem(response, refusal(index, answer.decided, publicUrl ?? originOf(request)), headOnly);
      case 'metadata':
        return sendBytes(request, response, answer.bytes, answer.sha256, 'binary/octet-stream');
      case 'provenance':
        return sendBytes(request, response, answer.bytes, undefined, 'application/vnd.pypi.integrity.v1+json');
      case 'file':
        return sendFile(request, response, answer, readBlob);
    }
  };
}

function busy(seconds: number) {
  return {
    status: 503,
    title: 'Wheelgate is inspecting this file',
    detail: `It was never downloaded here before. Ask again in ${seconds} seconds.`,
    phrase: 'Wheelgate is inspecting this file for the first time, try again in a moment',
    headers: { 'retry-after': String(seconds) },
  };
}

/** The 403 that says why a file is withheld. */
export function refusal(index: ServedIndex, decided: DecidedFile, base: string): Problem {
  const { url, title, detail, phrase } = explain(index, decided, base);
  return { status: 403, title, detail, phrase, instance: url };
}

/**
 * PDM's HTTP cache drops reason phrases and PDM shows no bodies, only the URL that failed: it is sent to one that tells the
 * reason, the release page, which answers 403 there (ADR 0003).
 */
function redirectToReason(response: ServerResponse, index: ServedIndex, decided: DecidedFile, base: string): void {
  const { url, slug } = explain(index, decided, base);
  response
    .writeHead(302, { location: `${url}?refused=${slug}`, 'content-length': 0, 'cache-control': 'no-store' })
    .end();
}

function explain(index: ServedIndex, { evidence, verdict }: DecidedFile, base: string) {
  const { project, rawVersion, filename } = evidence.file;
  const url = reviewUrl(base, index.name, project, rawVersion);
  return { url, ...explainRefusal(verdict, rawVersion === undefined ? filename : `${project} ${rawVersion}`, url) };
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  sha256: string | undefined,
  type: string,
): void {
  const etag = sha256 && `"${sha256}"`;
  const headers = {
    'content-type': type,
    ...(etag ? { etag, 'cache-control': 'no-cache' } : { 'cache-control': 'no-store' }),
  };
  if (etag && matchesEtag(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function unsatisfiable(size: number): Problem {
  const headers = { 'content-range': `bytes */${size}` };
  return { status: 416, title: 'Range not satisfiable', detail: `The file has ${size} bytes.`, headers };
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { sha256, size, decided, isPrivate }: FileAnswer & { kind: 'file' },
  readBlob: BlobStore['read'],
): Promise<void> {
  const etag = `"${sha256}"`;
  const headers = {
    'content-type': decided.name.kind === 'wheel' ? 'application/zip' : 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': isPrivate ? 'private, no-store' : IMMUTABLE,
    etag,
    ...(decided.file.uploadTime && { 'last-modified': decided.file.uploadTime.toUTCString() }),
  };
  if (matchesEtag(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  // A range is only honoured when it is about these bytes (RFC 9110, 13.1.5).
  const ifRange = request.headers['if-range'];
  const range =
    ifRange === undefined || ifRange === etag || ifRange === headers['last-modified']
      ? parseRange(request.headers.range, size)
      : 'whole';
  const headOnly = request.method === 'HEAD';
  if (range === 'unsatisfiable') return sendProblem(response, unsatisfiable(size), headOnly);
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  const sendHead = () =>
    response.writeHead(range === 'whole' ? 200 : 206, {
      ...headers,
      'content-length': end - start + 1,
      ...(range !== 'whole' && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
  if (headOnly || size === 0) {
    sendHead().end();
    return;
  }
  try {
    await readBlob(sha256, { start, end }, (piece) => {
      // Not before there is a piece: a disk that fails until then still gets an honest answer.
      if (!response.headersSent) sendHead();
      return writePiece(response, piece);
    });
    response.end();
  } catch (error) {
    if (!request.socket.destroyed) throw error;
  }
}

export type FileRoute = ReturnType<typeof createFileRoute>;
