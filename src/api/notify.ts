import { z } from 'zod';

/** What `wheelgate notify status --format json` prints. */
export const notifyStatusSchema = z.object({
  schema: z.literal('wheelgate.notify/1'),
  channels: z.array(z.object({ name: z.string(), kind: z.enum(['webhook', 'slack', 'teams', 'mattermost', 'mail']) })),
  /** The newest first. */
  deliveries: z.array(
    z.object({
      id: z.string(),
      channel: z.string(),
      state: z.enum(['waiting', 'sent', 'failed']),
      severity: z.enum(['info', 'warning', 'critical']),
      /** Titles of what it tells. */
      titles: z.array(z.string()),
      more: z.int(),
      attempts: z.int(),
      createdAt: z.iso.datetime(),
      /** When it is tried next, or was tried last. */
      nextAt: z.iso.datetime(),
      problem: z.string().nullable(),
    }),
  ),
});

export type NotifyStatus = z.infer<typeof notifyStatusSchema>;
