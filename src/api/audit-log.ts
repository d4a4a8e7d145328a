import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { next, pageQuery } from './paging.ts';

const auditEvent = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  type: z.string(),
  actor: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});

export const listAuditEvents = {
  method: 'GET',
  path: '/audit-events',
  summary: 'The audit log, oldest first.',
  permission: 'read-audit',
  about: 'gate',
  query: pageQuery,
  response: z.object({ events: z.array(auditEvent), next }),
} satisfies Endpoint;
