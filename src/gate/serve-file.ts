import { hasCode, WheelgateError } from '../core/errors.ts';
import { accountableFor, type Identity } from '../core/identity/identity.ts';
import { isPending } from '../core/policy/verdict.ts';
import { parseFilename, sdistProjects } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { AuditTrail } from './audit-trail.ts';
import { createConsumerExemptions } from './consumer-exemptions.ts';
import { type DecidedFile, type DecideProject, isOffered } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { Knowledge } from './knowledge.ts';
import type { BlobStore, Clock, KnownFile, Store } from './ports.ts';
import type { RefusedRequest, RefusedRequests } from './refused-requests.ts';
import type { ServedIndex } from './served-index.ts';

/** What a client gets for a file, its metadata or its provenance. */
export type FileAnswer =
  | {
      readonly kind: 'file';
      readonly decided: DecidedFile;
      readonly sha256: Sha256;
      readonly size: number;
      /** Only this client may have it: nothing in between may keep it. */
      readonly isPrivate: boolean;
    }
  | { readonly kind: 'metadata'; readonly decided: DecidedFile; readonly bytes: Uint8Array; readonly sha256: Sha256 }
  | { readonly kind: 'provenance'; readonly bytes: Uint8Array }
  /** Held or blocked: `decided.verdict` says why. */
  | { readonly kind: 'refused'; readonly decided: DecidedFile }
  /** The first inspection is still running. */
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'absent' };

export type ServeFileNeeds = {
  readonly decide: DecideProject;
  readonly judge: Judge;
  readonly blobs: BlobStore;
  readonly files: Store['files'];
  readonly audit: AuditTrail;
  /** Told about every refusal by a verdict; returns at once. */
  readonly refused: RefusedRequests['note'];
  readonly knowledge: Pick<Knowledge, 'consumerExemptionsFor'>;
  readonly clock: Clock;
};

export type FileRequest = {
  /** Below the index root, without a leading slash and without `.metadata`. */
  readonly path: string;
  readonly part: 'file' | 'metadata' | 'provenance';
  /** How long the client will wait for a first inspection, in milliseconds. */
  readonly patienceMs: number;
  /** Who asks, for the audit log. */
  readonly identity: Identity;
  /** What the client says of itself, for the audit log: installer, Python, address. */
  readonly client: Readonly<Record<string, unknown>>;
};

/** Proposed to clients while the first inspection runs; pip then asks up to five times. */
const RETRY_AFTER_SECONDS = 5;
/** A file that we have waits so long for its project's page. */
const PATIENCE_WITH_BYTES_MS = 900;

/**
 * Serves one file of an index: finds it (page first, then what was stored), asks for its verdict, judges it when its bytes
 * were never seen, and opens its blob. Every byte of every part goes through the same verdict.
 * @throws {WheelgateError} UPSTREAM_* when neither page nor bytes can be had
 */
export function createServeFile(needs: ServeFileNeeds) {
  const { decide, judge, blobs, files, audit, refused, clock } = needs;
  const decideFor = createConsumerExemptions(needs);

  return async function serveFile(index: ServedIndex, request: FileRequest): Promise<FileAnswer> {
    const found = await findFile(index, request.path);
    if (!found) return { kind: 'absent' };
    let decided = found;
    if (isOffered(decided) && (decided.inspection === undefined || !decided.met)) {
      const judged = await withPatience(judgeOrRefuse(index, decided), request.patienceMs);
      if (judged === 'busy') return { kind: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS };
      decided = judged;
    }
    if (decided.verdict.kind !== 'allow') {
      const own = await decideForOne(index, request, decided);
      if (own === 'busy') return { kind: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS };
      if (own?.verdict.kind === 'allow') return open(index, request, own, true);
      noteServe(index, request, decided, 'file.refused');
      refused(index, requesterOf(request), decided);
      return { kind: 'refused', decided };
    }
    return open(index, request, decided, false);
  };

  /** Reads the bytes first when only that is missing. */
  async function decideForOne(
    index: ServedIndex,
    { identity, patienceMs }: FileRequest,
    decided: DecidedFile,
  ): Promise<DecidedFile | 'busy' | undefined> {
    const own = decideFor(index, identity, decided);
    if (own === undefined || !isPending(own.verdict)) return own;
    const judged = await withPatience(judgeOrRefuse(index, decided), patienceMs);
    return judged === 'busy' ? judged : decideFor(index, identity, judged);
  }

  async function open(
    index: ServedIndex,
    request: FileRequest,
    decided: DecidedFile,
    isPrivate: boolean,
  ): Promise<FileAnswer> {
    if (!isPrivate) await judge.recordAllowed(index, decided);
    if (request.part === 'metadata') {
      const metadata = decided.inspection?.metadata;
      if (!metadata) return { kind: 'absent' };
      return { kind: 'metadata', decided, bytes: Buffer.from(metadata.base64, 'base64'), sha256: metadata.sha256 };
    }
    if (request.part === 'provenance') {
      const bytes =
        decided.file.provenance && (await decided.owner.readProvenance(decided.file, AbortSignal.timeout(10_000)));
      return bytes ? { kind: 'provenance', bytes } : { kind: 'absent' };
    }
    const sha256 = await judge.fetchBytes(decided);
    const size = await blobs.size(sha256);
    if (size === undefined) throw new WheelgateError('STORE_FAILED', 'a file vanished from the store', 'Try again.');
    noteServe(index, request, decided, 'file.served');
    return { kind: 'file', decided, sha256, size, isPrivate };
  }

  /** Bytes that are not what the page promised are refused with the reason, whatever the policy says. */
  async function judgeOrRefuse(index: ServedIndex, asked: DecidedFile): Promise<DecidedFile> {
    try {
      return await judge.judge(index, asked);
    } catch (error) {
      if (!hasCode(error, 'DIGEST_MISMATCH')) throw error;
      const message = 'upstream sent other bytes than the sha256 it promised';
      return { ...asked, verdict: { kind: 'block', reasons: [{ rule: 'archive', effect: 'block', message }] } };
    }
  }

  async function findFile(index: ServedIndex, path: string): Promise<DecidedFile | undefined> {
    const known = await files.findByPath(index.name, path);
    if (known) return findKnownFile(index, known);
    for (const project of projectsOf(path)) {
      const decided = await decide.decideProject(index, project);
      const file = typeof decided === 'string' ? undefined : decided.byPath.get(path);
      if (file) return file;
    }
    return undefined;
  }

  /** Without its page, or without it in time, a file that we have is decided by what is stored. */
  async function findKnownFile(index: ServedIndex, known: KnownFile): Promise<DecidedFile | undefined> {
    const page = decide.decideProject(index, known.project).catch(() => 'failed' as const);
    const decided = await withPatience(page, PATIENCE_WITH_BYTES_MS);
    const onPage = typeof decided === 'string' ? undefined : decided.byPath.get(known.path);
    if (onPage) return onPage;
    const owner = index.upstreams.find(({ upstream }) => upstream.name === known.upstream)?.upstream;
    return owner && (await decide.decideKnownFiles(index, known.project, owner, [known]))[0];
  }

  function noteServe(
    index: ServedIndex,
    request: FileRequest,
    decided: DecidedFile,
    type: 'file.served' | 'file.refused',
  ): void {
    // Metadata is read once per resolution: it says nothing about an install, a refusal does.
    if (request.part !== 'file' && type === 'file.served') return;
    const { sha256, project, rawVersion } = decided.evidence.file;
    audit.note({
      at: clock(),
      type,
      actor: request.identity.name,
      subject: request.path,
      detail: {
        index: index.name,
        project,
        part: request.part,
        verdict: decided.verdict.kind,
        policyRevision: decided.policyRevision,
        ...(sha256 !== undefined && { sha256 }),
        ...(rawVersion !== undefined && { version: rawVersion }),
        ...(type === 'file.refused' && {
          reasons: decided.verdict.reasons.map(({ rule, message }) => ({ rule, message })),
        }),
        ...exemptedBy(decided),
        ...request.client,
        ...consumerOf(request.identity),
      },
    });
  }
}

function requesterOf({ identity, client }: FileRequest): RefusedRequest {
  const { consumer } = identity;
  return {
    name: accountableFor(identity),
    ...(consumer !== undefined && { consumer }),
    ...(typeof client.userAgent === 'string' && { userAgent: client.userAgent }),
  };
}

/** The exemptions of this consumer alone that a verdict stands on. */
function exemptedBy({ evidence: { exemptions = [] } }: DecidedFile): Readonly<Record<string, unknown>> {
  const own = exemptions.filter(({ consumer }) => consumer !== undefined).map(({ id }) => id);
  return own.length > 0 ? { exemptions: own } : {};
}

/** For `who-has`: which project of the team, which run of its CI. */
function consumerOf({ consumer, run }: Identity): Readonly<Record<string, unknown>> {
  return { ...(consumer !== undefined && { consumer }), ...(run !== undefined && { run }) };
}

/** The projects whose file a path can name: one for a wheel, perhaps several for an old sdist. */
function projectsOf(path: string): readonly ProjectName[] {
  const filename = path.slice(path.lastIndexOf('/') + 1);
  try {
    const parsed = parseFilename(filename);
    if (parsed.kind !== 'sdist' || parsed.project !== undefined)
      return parsed.project === undefined ? [] : [parsed.project];
    return sdistProjects(filename);
  } catch (error) {
    if (hasCode(error, 'FILENAME_INVALID')) return [];
    throw error;
  }
}

async function withPatience<T>(work: Promise<T>, patienceMs: number): Promise<T | 'busy'> {
  let timer: NodeJS.Timeout | undefined;
  const out = new Promise<'busy'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'busy');
  });
  // When patience ends first the work goes on for the next request; its failure then belongs to that request.
  work.catch(() => undefined);
  return Promise.race([work, out]).finally(() => clearTimeout(timer));
}
