import { listAuditEvents } from './audit-log.ts';
import { readOpenApi } from './openapi.ts';
import { readProject, readRelease } from './release.ts';

/** Every operation of `/api/v1` by its name, which is its `operationId` in the OpenAPI document. */
export const ENDPOINTS = {
  listAuditEvents,
  readOpenApi,
  readProject,
  readRelease,
};

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
