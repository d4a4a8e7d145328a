import { isPending, type Verdict } from '../policy/verdict.ts';
import type { DistFilename } from '../python/filename.ts';
import { isPure } from '../python/tags.ts';
import { isPrerelease, type Version, versionKey } from '../python/version.ts';
import type { Sha256 } from '../sha256.ts';
import type { IndexFile, ProjectPage } from './page.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

/** A file of the project and what was decided about it. */
export type FileDecision = {
  readonly file: IndexFile;
  /** `file.filename`, read as a file of this project. */
  readonly name: DistFilename;
  /** `filePath(file)`. */
  readonly path: string;
  readonly verdict: Verdict;
  /** What a client shall print when the file is withheld: the reason and the short URL, one printable line. */
  readonly notice: string;
  /** Digest of the METADATA member; null: the bytes were read and have none; absent: not read, the upstream's word counts. */
  readonly metadata?: Sha256 | null;
  /** Where this index serves the provenance object (PEP 740), when there is one. */
  readonly provenance?: string | undefined;
};

/**
 * Shows a project as its clients need it (docs/clients.md). A withheld file stays listed as yanked with its notice while some
 * other release can be installed, so that ranges fall back and pins fail with the reason on screen; when nothing can,
 * files are listed plainly, for pip is silent about a project with nothing but yanked files. A file that came days after what
 * is offered of its release is left out. `hide` leaves withheld files
 * out. Pre-releases alone are no way out: installers take one only when told to, and without a word pass over the rest.
 * Revoked files are gone, and a project that the upstream quarantined offers nothing (PEP 792).
 */
export function filterPage(
  page: Pick<ProjectPage, 'project' | 'status' | 'statusReason'>,
  decisions: readonly FileDecision[],
  style: 'yank' | 'hide',
): ServedPage {
  const { project, status } = page;
  const statusReason = page.statusReason === undefined ? {} : { statusReason: printable(page.statusReason) };
  if (status === 'quarantined') return { project, status, ...statusReason, files: [], versions: [] };
  const fallbacks = decisions.filter(isFallback);
  const universal = new Set(fallbacks.filter(isUniversalWheel).map(releaseOf));
  const newest = newestOffered(decisions);
  const isListed = (decision: FileDecision) =>
    isOffered(decision.verdict) ||
    (style === 'yank' &&
      !isRevoked(decision.verdict) &&
      !isLate(decision, newest) &&
      !(isPython3Wheel(decision) && universal.has(releaseOf(decision))));
  const listed = decisions.filter(isListed);
  const hasFallback = fallbacks.some(({ name }) => !isPrerelease(name.version!));
  return {
    project,
    status,
    ...statusReason,
    files: listed.map((decision) => servedFile(decision, hasFallback)),
    versions: versionTexts(listed.flatMap(({ name }) => name.version ?? [])),
  };
}

/** A client may get the file now, or after the inspection that its request starts. */
function isOffered(verdict: Verdict): boolean {
  return verdict.kind === 'allow' || isPending(verdict);
}

function isRevoked({ reasons }: Verdict): boolean {
  return reasons.some(({ rule }) => rule === 'revocation');
}

/** Uploads of one release take minutes; a file of another day was not there when the others were approved. */
const LATE_MS = 24 * 3_600_000;

/** When the newest offered file of each version came, in milliseconds. */
function newestOffered(decisions: readonly FileDecision[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  // A page of thousands has few withheld files: without any there is nothing to compare.
  if (decisions.every(({ verdict }) => isOffered(verdict))) return newest;
  for (const { file, name, verdict } of decisions) {
    if (!isOffered(verdict) || file.uploadTime === undefined || name.version === undefined) continue;
    const key = versionKey(name.version);
    newest.set(key, Math.max(newest.get(key) ?? 0, file.uploadTime.getTime()));
  }
  return newest;
}

/**
 * A withheld file that came to a release of which others are offered already: listed, even as yanked, pip-compile and uv
 * would write its digest into locks. Whoever needs it finds what was there before it came (ADR 0031).
 */
function isLate({ file, name }: FileDecision, newest: ReadonlyMap<string, number>): boolean {
  const offeredAt = name.version && newest.get(versionKey(name.version));
  return offeredAt !== undefined && file.uploadTime !== undefined && file.uploadTime.getTime() > offeredAt + LATE_MS;
}

/**
 * A wheel that every Python 3 takes. Beside it a withheld wheel of the same release is left out: uv locks all wheels of a
 * release and then installs the one that fits best, yanked or not, so that it would run into the refusal (ADR 0003).
 */
function isUniversalWheel({ name }: FileDecision): boolean {
  return name.kind === 'wheel' && name.tags.python.includes('py3') && isPure(name.tags);
}

function isPython3Wheel({ name }: FileDecision): boolean {
  return name.kind === 'wheel' && name.tags.python.every((tag) => /^[a-z]+3/.test(tag));
}

/** The same text for files that install under the same requirements. */
function releaseOf({ name, file }: FileDecision): string {
  return `${name.version && versionKey(name.version)} ${file.requiresPython}`;
}

/** What an installer could take instead of a withheld file: it passes over yanked files and never takes eggs. */
function isFallback({ file, verdict, name }: FileDecision): boolean {
  return isOffered(verdict) && file.yanked === undefined && name.kind !== 'other' && name.version !== undefined;
}

function servedFile(decision: FileDecision, hasFallback: boolean): ServedFile {
  const { file, path, verdict, notice, metadata, provenance } = decision;
  const yanked = !isOffered(verdict) && hasFallback ? notice : file.yanked;
  // Key by key: leaving `url` out of a copy took a fifth of rendering a page of thousands.
  return {
    filename: file.filename,
    path,
    sha256: file.sha256,
    size: file.size,
    uploadTime: file.uploadTime,
    requiresPython: file.requiresPython && printable(file.requiresPython),
    yanked: yanked && printable(yanked),
    coreMetadata: metadata === undefined ? file.coreMetadata : (metadata ?? undefined),
    provenance,
  };
}

/** Clients print these texts: whoever uploads a file must not move the cursor of who installs it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function versionTexts(versions: readonly Version[]): readonly string[] {
  const distinct = new Map(versions.map((version) => [version.text, version]));
  return [...distinct.values()]
    .map((version) => ({ key: versionKey(version), text: version.text }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text);
}
