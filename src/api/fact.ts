import { z } from 'zod';

/** A recorded approval, denial or revocation. */
const factSchema = z.object({
  id: z.string(),
  kind: z.enum(['approval', 'denial', 'revocation']),
  index: z.string().nullable(),
  project: z.string(),
  version: z.string().nullable(),
  sha256: z.string().nullable(),
  reason: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
});

/** What `wheelgate approve|deny|revoke --format json` prints. */
export const factsSchema = z.object({ schema: z.literal('wheelgate.facts/1'), facts: z.array(factSchema) });

export type FactRecord = z.infer<typeof factsSchema>['facts'][number];
