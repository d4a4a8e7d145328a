import { tryParseProjectName } from '../python/name.ts';
import { API_VERSION } from './api-version.ts';
import { encodeFilePath } from './file-path.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

/**
 * A project page as `text/html` and `application/vnd.pypi.simple.v1+html` (Simple API 1.4; frozen by PEP 833, so without
 * sizes and upload times).
 * @param root the index root that file paths are below, absolute or relative to the page: `../../`
 */
export function renderHtmlPage(page: ServedPage, root: string): string {
  const { status, statusReason } = page;
  const metas = [
    ...(status === 'unknown' ? [] : [meta('pypi:project-status', status)]),
    ...(status === 'unknown' || statusReason === undefined ? [] : [meta('pypi:project-status-reason', statusReason)]),
  ];
  const links = page.files.map((file) => link(file, root));
  return htmlDocument(`Links for ${page.project}`, metas, links);
}

/** The list of projects (PEP 503), to be served at `simple/`. @param names as their projects spell them */
export function renderHtmlList(names: readonly string[]): string {
  const links = names.flatMap((name) => {
    const project = tryParseProjectName(name);
    return project === undefined ? [] : [`<a href="${project}/">${escapeHtml(name)}</a><br/>`];
  });
  return htmlDocument('Simple index', [], links);
}

function htmlDocument(title: string, metas: readonly string[], links: readonly string[]): string {
  const head = ['<meta charset="utf-8">', meta('pypi:repository-version', API_VERSION), ...metas];
  return [
    '<!DOCTYPE html>',
    `<html><head>${head.join('')}<title>${escapeHtml(title)}</title></head><body><h1>${escapeHtml(title)}</h1>`,
    ...links,
    '</body></html>\n',
  ].join('\n');
}

function meta(name: string, content: string): string {
  return `<meta name="${name}" content="${escapeHtml(content)}">`;
}

function link(file: ServedFile, root: string): string {
  const { coreMetadata, requiresPython, yanked, provenance } = file;
  const fragment = file.sha256 === undefined ? '' : `#sha256=${file.sha256}`;
  let tag = `<a href="${escapeHtml(root + encodeFilePath(file.path))}${fragment}"`;
  if (requiresPython !== undefined) tag += ` data-requires-python="${escapeHtml(requiresPython)}"`;
  if (yanked !== undefined) tag += ` data-yanked="${escapeHtml(yanked)}"`;
  if (coreMetadata !== undefined) {
    const value = coreMetadata === true ? 'true' : `sha256=${coreMetadata}`;
    // Both names: pip before 23.2 knows the second one only (PEP 714).
    tag += ` data-core-metadata="${value}" data-dist-info-metadata="${value}"`;
  }
  if (provenance !== undefined) tag += ` data-provenance="${escapeHtml(provenance)}"`;
  return `${tag}>${escapeHtml(file.filename)}</a><br/>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (char) => ENTITIES[char]!) : text;
}
