import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { indexName } from './review.ts';

export const readVex = {
  method: 'GET',
  path: '/vex',
  summary: 'What an index exempts although a vulnerability is known, with reason and end, as OpenVEX or CycloneDX VEX.',
  permission: 'read-reviews',
  about: 'index',
  query: z.object({ index: indexName, format: z.enum(['openvex', 'cyclonedx']).default('openvex') }),
  /** A document of that format. */
  response: z.record(z.string(), z.unknown()),
} satisfies Endpoint;
