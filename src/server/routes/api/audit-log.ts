import type { AuditLog } from '../../../gate/ports.ts';
import { cutPage, decodeCursor } from '../../api/cursor.ts';
import type { Handlers } from '../../api/handler.ts';

export function auditLogHandlers(log: Pick<AuditLog, 'read'>): Pick<Handlers, 'listAuditEvents'> {
  return {
    async listAuditEvents({ query: { limit, cursor } }) {
      const [after = 0] = decodeCursor(cursor, 1) ?? [];
      const { rows, next } = cutPage(await log.read({ after: Number(after), limit: limit + 1 }), limit, ({ seq }) => [
        seq,
      ]);
      return { events: rows.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })), next };
    },
  };
}
