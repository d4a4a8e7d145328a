import { createHash } from 'node:crypto';
import { gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { filterPage } from '../core/index/filter.ts';
import type { PageFormat } from '../core/index/negotiate.ts';
import { renderHtmlPage } from '../core/index/render-html.ts';
import { renderJsonPage } from '../core/index/render-json.ts';
import type { ServedPage } from '../core/index/served-page.ts';
import { explainRefusal } from '../core/policy/explain.ts';
import { isPending } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { DecidedFile, DecidedProject, DecideProject } from './decide-project.ts';
import type { Knowledge } from './knowledge.ts';
import { indexRoot, reviewUrl } from './links.ts';
import type { Clock } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

type Format = PageFormat['format'];

/** A page as bytes, ready to send. */
export type RenderedPage = {
  readonly body: Buffer;
  /** Strong, quoted; the compressed form has one of its own. */
  readonly etag: string;
  /** Present once it was made: the first client gets the plain body rather than wait. */
  gzip?: { readonly body: Buffer; readonly etag: string };
  /** Absent when no upstream was asked. */
  readonly decided?: DecidedProject;
};

type Cached = RenderedPage & { readonly key: string; readonly freshUntil: number };

export type ListProjectNeeds = {
  readonly decide: DecideProject;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  readonly pageTtlMs: number;
};

const MAX_RENDERED_BYTES = 64 * 2 ** 20;
/** Smaller bodies fit one packet: compressing them buys nothing. */
const MIN_GZIP_BYTES = 1_400;

/**
 * Lists a project: decides every file, filters, renders. Rendered bytes are kept until anything that went into them
 * changes: the upstream's page, the policy, facts, advisories, an inspection, or time.
 */
export function createListProject({ decide, knowledge, clock, pageTtlMs }: ListProjectNeeds) {
  const rendered = new LRUCache<string, Cached>({
    maxSize: MAX_RENDERED_BYTES,
    sizeCalculation: ({ body }) => 2 * body.length + 500,
  });
  const cacheKey = (index: ServedIndex, project: string, format: Format, base: string) =>
    `${format} ${index.name} ${project} ${base}`;
  const stateKey = (index: ServedIndex, project: ProjectName) =>
    `${index.policy().revision} ${knowledge.revision()} ${decide.generation(index.name, project)}`;

  /** The bytes that are ready for this page, or undefined: the hot path, without a promise. */
  function peek(index: ServedIndex, project: ProjectName, format: Format, base: string): RenderedPage | undefined {
    const there = rendered.get(cacheKey(index, project, format, base));
    return there && there.freshUntil > clock().getTime() && there.key === stateKey(index, project) ? there : undefined;
  }

  /** @param base scheme and host for the links that terminals show */
  async function list(
    index: ServedIndex,
    project: ProjectName,
    format: Format,
    base: string,
  ): Promise<RenderedPage | 'absent'> {
    // Before deciding: a revocation that comes meanwhile makes the page out of date.
    const key = stateKey(index, project);
    const decided = await decide.decideProject(index, project);
    if (decided === 'absent') return decided;
    if (decided === 'reserved') return renderPage(reservedPage(project), format);
    const freshUntil = Math.min(decided.fetchedAt.getTime() + pageTtlMs, decided.validUntil.getTime());
    const there = rendered.get(cacheKey(index, project, format, base));
    const page =
      there?.decided === decided
        ? { ...there, key, freshUntil }
        : { ...render(index, decided, format, base), key, freshUntil };
    rendered.set(cacheKey(index, project, format, base), page);
    if (!page.gzip && page.body.length >= MIN_GZIP_BYTES) compress(page);
    return page;
  }

  return { peek, list };
}

export type ListProject = ReturnType<typeof createListProject>;

/** A project as the index shows it, before it is written in any representation. */
export function servedPage(index: ServedIndex, decided: DecidedProject, base: string): ServedPage {
  const root = `${base}${indexRoot(index.name)}`;
  const decisions = decided.files.map((one) => ({
    name: one.name,
    path: one.path,
    file: one.file,
    verdict: one.verdict,
    notice: noticeOf(index, one, base),
    metadata: metadataOf(one),
    provenance: one.file.provenance === undefined ? undefined : provenanceUrl(root, one),
  }));
  return filterPage(decided.page, decisions, decided.policy.listing);
}

/**
 * Metadata is offered with its digest only: the upstream's until we have the bytes, which is the same unless it lied. PDM
 * takes whatever answers at a `.metadata` without a digest, a refusal too, for the metadata (ADR 0003).
 */
function metadataOf({ file, name, inspection }: DecidedFile): Sha256 | null {
  if (inspection) return inspection.metadata?.sha256 ?? null;
  return name.kind === 'wheel' && typeof file.coreMetadata === 'string' ? file.coreMetadata : null;
}

function provenanceUrl(root: string, { evidence }: DecidedFile): string {
  const { project, rawVersion, filename } = evidence.file;
  return `${root}/integrity/${project}/${encodeURIComponent(rawVersion ?? '')}/${encodeURIComponent(filename)}/provenance`;
}

function noticeOf(index: ServedIndex, { verdict, evidence }: DecidedFile, base: string): string {
  if (verdict.kind === 'allow' || isPending(verdict)) return '';
  const { project, rawVersion } = evidence.file;
  return explainRefusal(verdict, project, reviewUrl(base, index.name, project, rawVersion)).yankReason;
}

function render(index: ServedIndex, decided: DecidedProject, format: Format, base: string): RenderedPage {
  return { ...renderPage(servedPage(index, decided, base), format), decided };
}

function renderPage(page: ServedPage, format: Format): RenderedPage {
  // Relative to `<index>/simple/<project>/`: works behind any prefix and host.
  const text = format === 'json' ? renderJsonPage(page, '../../') : renderHtmlPage(page, '../../');
  const body = Buffer.from(text);
  return { body, etag: etagOf(body) };
}

/** A name of the team's own that no private upstream has: an empty page, for a 404 would send uv on to its next index. */
function reservedPage(project: ProjectName): ServedPage {
  const statusReason = 'reserved for the team; no private upstream has it and public ones are not asked';
  return { project, status: 'quarantined', statusReason, files: [], versions: [] };
}

function compress(page: RenderedPage): void {
  gzip(page.body, { level: 5 }, (error, body) => {
    // Without a compressed form clients get the plain one.
    if (!error) page.gzip = { body, etag: etagOf(body) };
  });
}

function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 32)}"`;
}
