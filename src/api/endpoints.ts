import { listAuditEvents } from './audit-log.ts';
import { readOpenApi } from './openapi.ts';
import { readProject, readRelease } from './release.ts';
import { judgeReleases } from './verdict.ts';

/** Every operation of `/api/v1` by its name, which is its `operationId` in the OpenAPI document. */
export const ENDPOINTS = {
  judgeReleases,
  listAuditEvents,
  readOpenApi,
  readProject,
  readRelease,
};

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
