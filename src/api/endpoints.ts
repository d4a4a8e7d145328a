import { listAuditEvents } from './audit-log.ts';
import { approve, deny, moveKillSwitch, readKillSwitch, revoke, whoHas } from './emergency.ts';
import { addExemption, breakGlass, endExemption, listExemptions } from './exemption.ts';
import { readFigures } from './figures.ts';
import { readOpenApi } from './openapi.ts';
import { readProject, readRelease } from './release.ts';
import {
  approveReview,
  assignReview,
  commentReview,
  listReviews,
  readReview,
  rejectReview,
  reopenReview,
  requestReview,
} from './review.ts';
import { logIn, logOut, readSession } from './session.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { changeUser, createUser, listUsers, readUser, setPassword } from './user.ts';
import { judgeReleases } from './verdict.ts';
import { readVex } from './vex.ts';

/** Every operation of `/api/v1` by its name, which is its `operationId` in the OpenAPI document. */
export const ENDPOINTS = {
  addExemption,
  approve,
  approveReview,
  assignReview,
  breakGlass,
  changeUser,
  commentReview,
  createToken,
  createUser,
  deny,
  endExemption,
  judgeReleases,
  listAuditEvents,
  listExemptions,
  listReviews,
  listTokens,
  listUsers,
  logIn,
  logOut,
  moveKillSwitch,
  readFigures,
  readKillSwitch,
  readOpenApi,
  readProject,
  readRelease,
  readReview,
  readSession,
  readUser,
  readVex,
  rejectReview,
  reopenReview,
  requestReview,
  revoke,
  revokeToken,
  setPassword,
  whoHas,
};

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
