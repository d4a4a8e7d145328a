import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

export const readOpenApi = {
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description of the API.',
  permission: 'none',
  about: 'gate',
  response: z.record(z.string(), z.unknown()),
} satisfies Endpoint;
