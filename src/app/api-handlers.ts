import { ENDPOINTS } from '../api/endpoints.ts';
import type { Handlers } from '../server/api/handler.ts';
import { renderOpenApi } from '../server/api/openapi.ts';
import { auditLogHandlers } from '../server/routes/api/audit-log.ts';
import { releaseHandlers } from '../server/routes/api/releases.ts';
import type { Gate } from './open-gate.ts';

/** What does every operation of `/api/v1`, over an open gate. @param version of Wheelgate */
export function createApiHandlers(gate: Gate, version: string): Handlers {
  return {
    readOpenApi: async () => renderOpenApi(ENDPOINTS, version),
    ...auditLogHandlers(gate.store.audit),
    ...releaseHandlers(gate),
  };
}
