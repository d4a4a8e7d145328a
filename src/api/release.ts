import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const reason = z.object({
  rule: z.string(),
  effect: z.enum(['note', 'hold', 'block']),
  message: z.string(),
  /** When time alone ends this reason. */
  until: z.iso.datetime().optional(),
});

/** What the gate thinks of a release, file by file: `wheelgate why --format json`. */
export const releaseSchema = z.object({
  schema: z.literal('wheelgate.release/1'),
  index: z.string(),
  project: z.string(),
  version: z.string().nullable(),
  /** `absent`: no upstream has it; `reserved`: public upstreams were not asked. */
  state: z.enum(['found', 'absent', 'reserved']),
  upstream: z.string().nullable(),
  policyRevision: z.string(),
  advisoriesAsOf: z.iso.datetime().nullable(),
  files: z.array(
    z.object({
      filename: z.string(),
      sha256: z.string().nullable(),
      uploadTime: z.iso.datetime().nullable(),
      verdict: z.enum(['allow', 'hold', 'block']),
      inspected: z.boolean(),
      reasons: z.array(reason),
    }),
  ),
  /** Releases that install now, newest first. */
  offered: z.array(z.string()),
});

export type Release = z.infer<typeof releaseSchema>;

const indexQuery = z.object({
  /** Name of an index; the one at `/simple/` is called `default`. */
  index: z.string().default('default'),
});

export const readProject = {
  method: 'GET',
  path: '/releases/{project}',
  summary: 'What the gate thinks of the newest files of a project, and why.',
  permission: 'read-releases',
  about: 'index',
  params: z.object({ project: z.string() }),
  query: indexQuery,
  response: releaseSchema,
} satisfies Endpoint;

export const readRelease = {
  method: 'GET',
  path: '/releases/{project}/{version}',
  summary: 'What the gate thinks of a release file by file, and why.',
  permission: 'read-releases',
  about: 'index',
  params: z.object({ project: z.string(), version: z.string() }),
  query: indexQuery,
  response: releaseSchema,
} satisfies Endpoint;
