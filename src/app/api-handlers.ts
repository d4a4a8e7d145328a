import { ENDPOINTS } from '../api/endpoints.ts';
import type { Handlers } from '../server/api/handler.ts';
import { renderOpenApi } from '../server/api/openapi.ts';
import { auditLogHandlers } from '../server/routes/api/audit-log.ts';
import { emergencyHandlers } from '../server/routes/api/emergency.ts';
import { exemptionHandlers } from '../server/routes/api/exemptions.ts';
import { figuresHandlers } from '../server/routes/api/figures.ts';
import { releaseHandlers } from '../server/routes/api/releases.ts';
import { reviewHandlers } from '../server/routes/api/reviews.ts';
import { sessionHandlers } from '../server/routes/api/session.ts';
import { tokenHandlers } from '../server/routes/api/tokens.ts';
import { userHandlers } from '../server/routes/api/users.ts';
import { verdictHandlers } from '../server/routes/api/verdicts.ts';
import { vexHandlers } from '../server/routes/api/vex.ts';
import type { Gate } from './open-gate.ts';
import type { Identities } from './open-identities.ts';

/** What does every operation of `/api/v1`, over an open gate. @param version of Wheelgate */
export function createApiHandlers(gate: Gate, identities: Identities, version: string): Handlers {
  const { forget } = identities.authenticate;
  return {
    readOpenApi: async () => renderOpenApi(ENDPOINTS, version),
    ...auditLogHandlers(gate.store.audit),
    ...emergencyHandlers(gate),
    ...exemptionHandlers(gate),
    ...figuresHandlers(gate.readFigures),
    ...releaseHandlers(gate),
    ...reviewHandlers(gate),
    ...verdictHandlers(gate),
    ...vexHandlers(gate, version),
    ...sessionHandlers(identities),
    ...tokenHandlers({ ...identities, clock: gate.clock, forget }),
    ...userHandlers({ ...identities, forget }),
  };
}
