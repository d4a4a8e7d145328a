import { WheelgateError } from '../errors.ts';
import { quoted } from '../python/quoted.ts';

/** What we write. 1.5 would promise namespaces (PEP 752), which only an index that has them may claim. */
export const API_VERSION = '1.4';

/**
 * Clients must refuse an unknown major version and may read an unknown minor one (Simple API, "Versioning").
 * @throws {WheelgateError} PAGE_INVALID
 */
export function checkApiVersion(raw: string): void {
  const major = /^(\d{1,9})\.\d{1,9}$/.exec(raw)?.[1];
  if (major !== '1') throw pageInvalid(`the page is of API version ${quoted(raw)}, only 1.x is understood`);
}

/** An upstream's page that cannot be trusted to mean anything. */
export function pageInvalid(message: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'PAGE_INVALID',
    message,
    'Check that the upstream is a simple index (PEP 503 or 691).',
    cause,
  );
}
