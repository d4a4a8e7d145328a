import type { IndexFile } from '../../core/index/page.ts';
import type { HttpClient } from './http-client.ts';

/** IMF-fixdate, the only form that servers still send (RFC 9110, 5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** @throws {WheelgateError} UPSTREAM_* ; the body throws FILE_TOO_LARGE past the limit */
export function openHttpFile(client: HttpClient, file: IndexFile, signal: AbortSignal) {
  return client.open(new URL(file.url), signal);
}

/** `Last-Modified` of the file, undefined when the upstream gives none that can be read. */
export async function readHttpModified(
  client: HttpClient,
  file: IndexFile,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const headers = await client.head(new URL(file.url), signal);
  const raw = headers?.['last-modified'];
  if (typeof raw !== 'string' || !HTTP_DATE.test(raw)) return undefined;
  const at = new Date(raw);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The provenance object that the page links to, undefined when there is none. */
export async function readHttpProvenance(
  client: HttpClient,
  { provenance }: IndexFile,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (provenance === undefined) return undefined;
  const accept = { accept: 'application/vnd.pypi.integrity.v1+json' };
  const document = await client.read(new URL(provenance), accept, signal);
  return typeof document === 'string' ? undefined : document.bytes;
}
