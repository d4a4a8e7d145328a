import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** Of one request; ask for more in several. */
export const MAX_RELEASES = 5_000;

const askedRelease = z.object({
  project: z.string(),
  version: z.string(),
  /** Digests of the files that are accepted, as in a lock file; without any, every file of the release counts. */
  sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/)).default([]),
});

const releaseVerdict = z.object({
  /**
   * `pending`: nothing is known against it, but no file was inspected yet. `absent`: no upstream has it; `reserved`: public
   * upstreams were not asked; `unknown`: no upstream could say.
   */
  verdict: z.enum(['allow', 'pending', 'hold', 'block', 'absent', 'reserved', 'unknown']),
  /** Why it is held or blocked, the decisive reason first. */
  reasons: z.array(
    z.object({
      rule: z.string(),
      effect: z.enum(['hold', 'block']),
      message: z.string(),
      /** When time alone ends this reason. */
      until: z.iso.datetime().optional(),
    }),
  ),
});

export type WireVerdict = z.infer<typeof releaseVerdict>;

export const judgeReleases = {
  method: 'POST',
  path: '/verdicts',
  summary: 'What the gate thinks of many releases as a whole, by what it knows; downloads nothing.',
  permission: 'read-releases',
  about: 'index',
  body: z.object({
    index: z.string().default('default'),
    releases: z.array(askedRelease).max(MAX_RELEASES),
  }),
  response: z.object({
    schema: z.literal('wheelgate.verdicts/1'),
    index: z.string(),
    policyRevision: z.string(),
    /** One for each release, in their order. */
    verdicts: z.array(releaseVerdict),
  }),
  maxBodyBytes: 16 * 2 ** 20,
  isQuestion: true,
} satisfies Endpoint;
