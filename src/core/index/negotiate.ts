import Negotiator from 'negotiator';

/** How a page is written, and the `Content-Type` to answer with. */
export type PageFormat = { readonly format: 'json' | 'html'; readonly contentType: string };

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HTML_TYPE = 'application/vnd.pypi.simple.v1+html';

/** In the order that decides between equals. A `latest` type is answered with the concrete one (PEP 691). */
const OFFERED: Readonly<Record<string, PageFormat>> = {
  'text/html': { format: 'html', contentType: 'text/html; charset=utf-8' },
  [JSON_TYPE]: { format: 'json', contentType: JSON_TYPE },
  [HTML_TYPE]: { format: 'html', contentType: HTML_TYPE },
  'application/vnd.pypi.simple.latest+json': { format: 'json', contentType: JSON_TYPE },
  'application/vnd.pypi.simple.latest+html': { format: 'html', contentType: HTML_TYPE },
};

/**
 * Chooses the representation of a page (Simple API, "Version + Format Selection"): q-values and wildcards count, and who
 * states no preference gets HTML, as from PyPI.
 * @param accept the `Accept` header, undefined when absent
 * @param format the `format` query parameter, which wins over the header
 * @returns undefined when nothing acceptable is offered: answer 406
 */
export function negotiatePage(accept: string | undefined, format?: string): PageFormat | undefined {
  // Many a client writes the plus sign of the type unescaped, and a query parser makes it a space.
  if (format !== undefined) return findOffered(format.trim().replaceAll(' ', '+').toLowerCase());
  const headers = accept === undefined || accept.trim() === '' ? {} : { accept };
  const type = new Negotiator({ headers }).mediaType(Object.keys(OFFERED));
  return type === undefined ? undefined : findOffered(type);
}

/** `gzip` when the client takes it at least as gladly as plain bytes (RFC 9110, 12.5.3). */
export function negotiateEncoding(acceptEncoding: string | undefined): 'gzip' | 'identity' {
  if (acceptEncoding === undefined) return 'identity';
  const headers = { 'accept-encoding': acceptEncoding };
  return new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip' ? 'gzip' : 'identity';
}

function findOffered(type: string): PageFormat | undefined {
  return Object.hasOwn(OFFERED, type) ? OFFERED[type] : undefined;
}
