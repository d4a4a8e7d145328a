import { listAuditEvents } from './audit-log.ts';
import { readFigures } from './figures.ts';
import { readOpenApi } from './openapi.ts';
import { readProject, readRelease } from './release.ts';
import { logIn, logOut, readSession } from './session.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { changeUser, createUser, listUsers, readUser, setPassword } from './user.ts';
import { judgeReleases } from './verdict.ts';

/** Every operation of `/api/v1` by its name, which is its `operationId` in the OpenAPI document. */
export const ENDPOINTS = {
  changeUser,
  createToken,
  createUser,
  judgeReleases,
  listAuditEvents,
  listTokens,
  listUsers,
  logIn,
  logOut,
  readFigures,
  readOpenApi,
  readProject,
  readRelease,
  readSession,
  readUser,
  revokeToken,
  setPassword,
};

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
