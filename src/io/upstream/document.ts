import { WheelgateError } from '../../core/errors.ts';
import type { Document } from './http-client.ts';

export const JSON_PAGE_TYPE = 'application/vnd.pypi.simple.v1+json';

const HTML_PAGE_TYPES: readonly string[] = [
  'application/vnd.pypi.simple.v1+html',
  'text/html',
  'application/xhtml+xml',
];

/** Which reader a page is for. @throws {WheelgateError} PAGE_INVALID for a content type that is no simple index page */
export function pageKind({ contentType }: Document, upstream: string): 'json' | 'html' {
  if (contentType === JSON_PAGE_TYPE) return 'json';
  if (HTML_PAGE_TYPES.includes(contentType)) return 'html';
  const type = contentType === '' ? 'no content type' : `content type ${JSON.stringify(contentType.slice(0, 80))}`;
  throw invalid(upstream, `answered with ${type}`);
}

/** The text of a page: JSON is UTF-8, HTML as its header says, else UTF-8. @throws {WheelgateError} PAGE_INVALID */
export function decodeDocument(document: Document, upstream: string): string {
  const isJson = pageKind(document, upstream) === 'json';
  try {
    return new TextDecoder(isJson ? 'utf-8' : document.charset, { fatal: isJson }).decode(document.bytes);
  } catch (error) {
    throw invalid(upstream, 'answered with text in an encoding that cannot be read', error);
  }
}

function invalid(upstream: string, what: string, cause?: unknown): WheelgateError {
  const help = 'Check that its address leads to a simple index (PEP 503 or 691).';
  return new WheelgateError('PAGE_INVALID', `Upstream ${upstream} ${what}`, help, cause);
}
