import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const share = z.number().min(0).max(1).nullable();
const hours = z.number().nonnegative().nullable();

export const readFigures = {
  method: 'GET',
  path: '/figures',
  summary: 'How much the gate slows people down: shares, waiting times, backlog, holds that were wrong.',
  permission: 'read-reviews',
  about: 'gate',
  query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
  response: z.object({
    schema: z.literal('wheelgate.figures/1'),
    since: z.iso.datetime(),
    until: z.iso.datetime(),
    /** False: the log holds more of that time than is counted, and `since` is later than asked. */
    complete: z.boolean(),
    requests: z.object({ served: z.int(), refused: z.int(), servedShare: share }),
    decisions: z.object({ byRules: z.int(), byPeople: z.int(), held: z.int(), unattendedShare: share }),
    reviews: z.object({ approved: z.int(), rejected: z.int(), medianHours: hours, p90Hours: hours }),
    backlog: z.object({ open: z.int(), oldestHours: hours }),
    falseHolds: z.array(z.object({ rule: z.string(), settled: z.int(), approved: z.int(), share: z.number() })),
  }),
} satisfies Endpoint;
