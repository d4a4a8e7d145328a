import { Parser } from 'htmlparser2';
import type { ProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import { checkApiVersion } from './api-version.ts';
import type { IndexFile, ProjectPage } from './page.ts';
import { ProblemList } from './problem-list.ts';
import { readProjectStatus } from './project-status.ts';
import { EntryReader, resolveFileUrl } from './read-entry.ts';

/**
 * Reads a project page in HTML (PEP 503 with the attributes of PEP 592, 658/714, 740 and the metas of PEP 629, 792).
 * Such a page names no project: a file of another one is left out and reported.
 * @param pageUrl of the final answer, after redirects: relative links start from it, unless the page has a `<base>`
 * @throws {WheelgateError} PAGE_INVALID for an unknown major version
 */
export function readHtmlPage(html: string, pageUrl: string, project: ProjectName): ProjectPage {
  const { metas, files, problems } = readAnchors(html, pageUrl, project);
  const status = readProjectStatus(metas.get('pypi:project-status'), metas.get('pypi:project-status-reason'));
  return { project, ...status, files, problems };
}

/** Reads a flat page of links to files of any project, as pip's `--find-links` does. @throws {WheelgateError} PAGE_INVALID */
export function readFlatHtmlPage(
  html: string,
  pageUrl: string,
): { files: readonly IndexFile[]; problems: readonly string[] } {
  return readAnchors(html, pageUrl, undefined);
}

function readAnchors(html: string, pageUrl: string, project: ProjectName | undefined) {
  const metas = new Map<string, string>();
  const problems = new ProblemList();
  const entries = new EntryReader(pageUrl, project, problems);
  let baseUrl: string | undefined;
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'a') readAnchor(attributes, baseUrl ?? pageUrl, entries, problems);
      else if (tag === 'meta' && attributes.name !== undefined)
        metas.set(attributes.name.toLowerCase(), attributes.content ?? '');
      // The first one counts (HTML, "The base element").
      else if (tag === 'base' && attributes.href !== undefined) baseUrl ??= resolveBase(attributes.href, pageUrl);
    },
  });
  parser.end(html);
  const version = metas.get('pypi:repository-version');
  if (version !== undefined) checkApiVersion(version.trim());
  return { metas, files: entries.files, problems: problems.lines() };
}

function resolveBase(href: string, pageUrl: string): string {
  return URL.canParse(href, pageUrl) ? new URL(href, pageUrl).href : pageUrl;
}

type Attributes = { readonly [name: string]: string | undefined };

function readAnchor(attributes: Attributes, baseUrl: string, entries: EntryReader, problems: ProblemList): void {
  const { href } = attributes;
  if (href === undefined) return; // an anchor to scroll to, not a link
  const url = URL.canParse(href, baseUrl) ? new URL(href, baseUrl) : undefined;
  const filename = url === undefined ? undefined : lastPart(url);
  if (url === undefined || filename === undefined) {
    problems.add(`left out: a link that leads to no file, ${url === undefined ? 'not a URL' : quoted(url.pathname)}`);
    return;
  }
  const requiresPython = attributes['data-requires-python'];
  const yanked = attributes['data-yanked'];
  // PEP 714: the new attribute wins.
  const coreMetadata = readCoreMetadata(attributes['data-core-metadata'] ?? attributes['data-dist-info-metadata']);
  const provenance = readProvenance(attributes['data-provenance'], baseUrl);
  entries.add(
    {
      filename,
      href,
      sha256: new URLSearchParams(url.hash.slice(1)).get('sha256') ?? undefined,
      ...(requiresPython !== undefined && { requiresPython }),
      // Any value is a reason, also the words "false" and "true" (PEP 592).
      ...(yanked !== undefined && { yanked }),
      ...(coreMetadata !== undefined && { coreMetadata }),
      ...(provenance !== undefined && { provenance }),
    },
    baseUrl,
  );
}

/** The file name is the last part of the path, which is what pip and uv go by, whatever the link's text says. */
function lastPart({ pathname }: URL): string | undefined {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return last === '' ? undefined : decodeURIComponent(last);
  } catch {
    return undefined; // not UTF-8
  }
}

/** `true`, `false` or `<hash name>=<digest>`, of which only sha256 can be checked. */
function readCoreMetadata(value: string | undefined): true | Sha256 | undefined {
  if (value === undefined || value === 'false') return undefined;
  const digest = /^sha256=([0-9a-f]{64})$/i.exec(value)?.[1];
  return digest === undefined ? true : parseSha256(digest);
}

function readProvenance(value: string | undefined, baseUrl: string): string | undefined {
  return value === undefined ? undefined : resolveFileUrl(value, baseUrl, false);
}
