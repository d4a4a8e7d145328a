import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const reason = z.object({
  rule: z.string(),
  effect: z.enum(['note', 'hold', 'block']),
  message: z.string(),
  /** When time alone ends this reason. */
  until: z.iso.datetime().optional(),
  /** The reason is only that the file was not looked at yet: asking for it ends that. */
  pending: z.literal(true).optional(),
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
      /** Bytes. */
      size: z.int().nonnegative().nullable(),
      /** Below the root of the index, not percent-encoded. */
      path: z.string(),
      /** Whether there is a provenance object (PEP 740). */
      provenance: z.boolean(),
      /** The approval in force of exactly this file. */
      approval: z.object({ id: z.string(), actor: z.string(), at: z.iso.datetime() }).nullable(),
      verdict: z.enum(['allow', 'hold', 'block']),
      inspected: z.boolean(),
      reasons: z.array(reason),
    }),
  ),
  /** What the release needs (PEP 508), by the metadata of a file that may be had; null: none was read. */
  requiresDist: z.array(z.string()).nullable(),
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
