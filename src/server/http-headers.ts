import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { negotiateEncoding } from '../core/index/negotiate.ts';

/**
 * The address that the client itself used; it is only shown back to that client. Empty when the Host header is not one.
 * A proxy that ends TLS should set `public_url`.
 */
export function originOf(request: IncomingMessage): string {
  const host = request.headers.host ?? '';
  return /^[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-fA-F:]{2,45}\](?::\d{1,5})?$/.test(host) ? `http://${host}` : '';
}

/** True when `If-None-Match` names this strong ETag (RFC 9110, 13.1.2: the comparison is weak). */
export function matchesEtag(request: IncomingMessage, etag: string): boolean {
  const asked = request.headers['if-none-match'];
  if (asked === undefined) return false;
  return asked === '*' || asked.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

/** Accept-Encoding headers seen, and whether each prefers gzip. */
const encodings = new LRUCache<string, boolean>({ max: 200 });

/** True when the client takes gzip at least as gladly as plain bytes. */
export function acceptsGzip(request: IncomingMessage): boolean {
  const header = request.headers['accept-encoding'];
  if (typeof header !== 'string' || header.length > 200) return false;
  const there = encodings.get(header);
  if (there !== undefined) return there;
  const takes = negotiateEncoding(header) === 'gzip';
  encodings.set(header, takes);
  return takes;
}
