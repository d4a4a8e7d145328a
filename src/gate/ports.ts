/**
 * What the flows need from the world. io/ implements these, src/app plugs them in, tests pass fakes from test/fakes/.
 * Every method may throw a WheelgateError; an error never means allow.
 */
import type { DataDates } from '../core/advisories/data-age.ts';
import type { AdvisoryMatch } from '../core/advisories/match.ts';
import type { AuditEvent, AuditEventInput } from '../core/audit/event.ts';
import type { Identity } from '../core/identity/identity.ts';
import type { IdentityStore } from '../core/identity/identity-store.ts';
import type { IndexFile, ProjectPage } from '../core/index/page.ts';
import type { GateRelease } from '../core/lock/gate-release.ts';
import type { Resolution, ResolveRequest } from '../core/lock/resolution.ts';
import type { Inspection } from '../core/policy/evidence.ts';
import type { Exemption } from '../core/policy/exemption.ts';
import type { Fact } from '../core/policy/fact.ts';
import type { KillSwitch } from '../core/policy/kill-switch.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Requirement } from '../core/python/requirement.ts';
import type { Version } from '../core/python/version.ts';
import type { Review, ReviewState } from '../core/review/review.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { SharedReviewSet } from '../core/shared-review/shared-review-set.ts';

/** The time; a parameter so that tests decide it. */
export type Clock = () => Date;

/** What an upstream answered about a project. `absent` only when it said so itself, never on a failure. */
export type PageAnswer =
  | { readonly kind: 'page'; readonly page: ProjectPage; readonly etag?: string }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'absent' };

/** A simple index over HTTP, a `file:` index or a folder of distributions. Limits and allowed hosts are its own business. */
export interface Upstream {
  /** Unique and stable: the key under which its pages are cached. Carries no credentials. */
  readonly name: string;
  /** `etag` is that of the cached page. @throws UPSTREAM_FAILED, UPSTREAM_TIMEOUT, UPSTREAM_REFUSED, PAGE_INVALID */
  readPage(project: ProjectName, etag?: string): Promise<PageAnswer>;
  /** The bytes of a file on one of its pages. The caller hashes them. */
  openFile(file: IndexFile, signal: AbortSignal): Promise<{ body: AsyncIterable<Uint8Array>; size?: number }>;
  /** `Last-Modified` or the file's time, when the upstream has one. */
  lastModified(file: IndexFile, signal: AbortSignal): Promise<Date | undefined>;
  /** The PEP 740 provenance object behind `file.provenance`, as its bytes. */
  readProvenance(file: IndexFile, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** All project names it has, as it spells them. */
  listProjects(): Promise<readonly string[]>;
}

/** A page as last read from one upstream; `page` absent means that the upstream has no such project. */
export type CachedPage = { readonly page?: ProjectPage; readonly etag?: string; readonly fetchedAt: Date };

/** Pages survive a restart, so that approved files install while the upstream is down. */
export interface PageStore {
  find(upstream: string, project: ProjectName): Promise<CachedPage | undefined>;
  put(upstream: string, project: ProjectName, page: CachedPage): Promise<void>;
}

/** Immutable bytes by digest. A blob is visible only whole and verified. */
export interface BlobStore {
  /** Bytes, or undefined when the blob is not there. */
  size(sha256: Sha256): Promise<number | undefined>;
  /**
   * Hands the bytes to `take` piece by piece, in order, the next one when its promise has settled. A piece is lent: its
   * memory may be used again then. Once the first piece came the rest comes too, even when the blob is removed.
   * @param range inclusive byte offsets as in RFC 9110; undefined for all
   * @throws NOT_FOUND before the first piece, and what `take` throws
   */
  read(
    sha256: Sha256,
    range: { readonly start: number; readonly end: number } | undefined,
    take: (piece: Uint8Array) => Promise<void>,
  ): Promise<void>;
  /**
   * Writes to a partial file while hashing, verifies, fsyncs, renames. Throws before anything is visible:
   * DIGEST_MISMATCH when `expected` differs, FILE_TOO_LARGE past `maxBytes`, DISK_FULL.
   */
  receive(
    body: AsyncIterable<Uint8Array>,
    limits: { expected?: Sha256; maxBytes: number },
  ): Promise<{ sha256: Sha256; size: number }>;
  /** Hands `use` a path on this machine with the blob's bytes, which stays valid until its promise settles. */
  withLocalFile<T>(sha256: Sha256, use: (path: string) => Promise<T>): Promise<T>;
  remove(sha256: Sha256): Promise<void>;
}

/** Reads a distribution file without running it: archive, metadata, what its code does. Deadline and memory are bounded. */
export interface Inspector {
  /** Changes when the same bytes could be judged otherwise: part of the cache key. */
  readonly engine: string;
  /** @throws INSPECTION_FAILED on a crash, time-out or memory limit */
  inspect(path: string, filename: string): Promise<Inspection>;
}

/** One that reads source trees and lists members too: for `scan` and `diff`, never for what the gate serves. */
export interface FolderInspector extends Inspector {
  /** @throws INSPECTION_FAILED as `inspect` does */
  inspectFolder(path: string): Promise<Inspection>;
  /** An inspection and the digest of each member that could be read, by path. @throws INSPECTION_FAILED as `inspect` does */
  inspectMembers(
    path: string,
    filename: string,
  ): Promise<{ readonly inspection: Inspection; readonly members: ReadonlyMap<string, Sha256> }>;
}

/** A file that the gate has met: how to find it again when the upstream no longer lists it. */
export type KnownFile = {
  readonly index: string;
  /** Path below the index root, without a leading slash: `packages/aa/bb/…/name-1.0-py3-none-any.whl`. */
  readonly path: string;
  readonly upstream: string;
  readonly project: ProjectName;
  /** As written in the file name; absent when it cannot be read from it. */
  readonly version?: string;
  readonly sha256: Sha256;
  readonly file: IndexFile;
};

/** The last verdict recorded for a file of an index. Derived: `decide` may give another one at any time. */
export type RecordedVerdict = {
  readonly index: string;
  readonly sha256: Sha256;
  readonly project: ProjectName;
  readonly version?: string;
  readonly filename: string;
  readonly verdict: Verdict;
  readonly policyRevision: string;
  readonly at: Date;
};

/** Derived state that is expensive to rebuild, and the facts that cannot be rebuilt. */
export interface Store {
  readonly pages: PageStore;
  readonly files: {
    put(file: KnownFile): Promise<void>;
    findByPath(index: string, path: string): Promise<KnownFile | undefined>;
    findByDigest(sha256: Sha256): Promise<readonly KnownFile[]>;
    findByProject(project: ProjectName): Promise<readonly KnownFile[]>;
  };
  /** When a file without an upload time was dated: by the upstream's Last-Modified or by our first sight of it. */
  readonly fileTimes: {
    find(upstream: string, urls: readonly string[]): Promise<ReadonlyMap<string, FileTime>>;
    /** Keeps an existing row: a date, once known, does not change. */
    put(upstream: string, rows: readonly { url: string; time: FileTime }[]): Promise<void>;
  };
  readonly inspections: {
    find(sha256: Sha256, engine: string): Promise<Inspection | undefined>;
    put(sha256: Sha256, engine: string, inspection: Inspection): Promise<void>;
  };
  readonly verdicts: {
    find(index: string, sha256: Sha256): Promise<RecordedVerdict | undefined>;
    /** The verdict and its audit event in one transaction: neither exists without the other. */
    record(verdict: RecordedVerdict, event: AuditEventInput): Promise<void>;
    findByProject(index: string, project: ProjectName): Promise<readonly RecordedVerdict[]>;
    /** Projects of an index with at least one file whose recorded verdict is allow. */
    allowedProjects(index: string): Promise<readonly ProjectName[]>;
  };
  readonly facts: {
    /** The facts and their audit events in one transaction. */
    append(facts: readonly Fact[], events: readonly AuditEventInput[]): Promise<void>;
    all(): Promise<readonly Fact[]>;
    /** Those that were appended behind number `seq` (0: all), in order, and the number of the last one there is. */
    after(seq: number): Promise<{
      readonly facts: readonly { readonly seq: number; readonly fact: Fact }[];
      readonly last: number;
    }>;
  };
  readonly reviews: ReviewStore;
  readonly exemptions: {
    all(): Promise<readonly Exemption[]>;
    /** Adds or replaces one, with the audit events about it. */
    save(exemption: Exemption, events: readonly AuditEventInput[]): Promise<void>;
  };
  readonly killSwitch: {
    read(): Promise<KillSwitch>;
    /** @throws {WheelgateError} CONFLICT unless `next` is the revision after the stored one */
    save(next: KillSwitch, events: readonly AuditEventInput[]): Promise<void>;
  };
  readonly identities: IdentityStore;
  readonly keptAnswers: KeptAnswers;
  readonly audit: AuditLog;
  /** The newest set of each publisher, signature checked. */
  readonly sharedReviews: {
    all(): Promise<readonly SharedReviewSet[]>;
    /** Which sets there are, without reading them: a newer one of a publisher has another date of issue. */
    issues(): Promise<readonly { readonly publisher: string; readonly issued: string }[]>;
    /** @throws {WheelgateError} CONFLICT when a newer set of the publisher is there */
    put(set: SharedReviewSet, events: readonly AuditEventInput[]): Promise<void>;
  };
  /** A counter that every write to facts, exemptions, kill switch or advisories raises, in whichever process: caches compare it. */
  revision(): Promise<number>;
  close(): Promise<void>;
}

/** What was answered to a change, to be sent again. */
export type KeptAnswer = { readonly status: number; readonly body: string };

/** Answers to changes by the key that they were sent with. */
export interface KeptAnswers {
  /**
   * Writes down that a change begins, unless one did so under this slot: that one is given back and nothing is changed.
   * @param change.fingerprint of all that was asked for
   * @param change.forgetBefore what began earlier is forgotten first
   */
  begin(change: {
    readonly slot: string;
    readonly fingerprint: string;
    readonly at: Date;
    readonly forgetBefore: Date;
  }): Promise<{ readonly fingerprint: string; readonly answer?: KeptAnswer } | undefined>;
  finish(slot: string, answer: KeptAnswer): Promise<void>;
  forget(slot: string): Promise<void>;
}

export type ReviewQuery = {
  readonly state?: ReviewState;
  readonly project?: ProjectName;
  readonly index?: string;
  /** Only those of these indexes. */
  readonly indexes?: readonly string[];
  /** The last one of the page before. */
  readonly before?: { readonly openedAt: Date; readonly id: string };
  readonly limit: number;
};

/** One review per index and release. */
export interface ReviewStore {
  find(id: string): Promise<Review | undefined>;
  findByRelease(index: string, project: ProjectName, version: string): Promise<Review | undefined>;
  /** The newest first. */
  list(query: ReviewQuery): Promise<readonly Review[]>;
  /**
   * A changed review with the facts that follow from it and its audit events, in one transaction.
   * @param change.before the revision that was changed, 0 for a new one
   * @throws {WheelgateError} CONFLICT when somebody else changed it first, or opened another one for the release
   */
  save(change: {
    readonly review: Review;
    readonly before: number;
    readonly facts: readonly Fact[];
    readonly events: readonly AuditEventInput[];
  }): Promise<void>;
}

/** Append-only and hash-chained (core/audit/chain.ts). */
export interface AuditLog {
  append(events: readonly AuditEventInput[]): Promise<void>;
  /** In order of `seq`, from `after` (exclusive). */
  read(options: { after?: number; limit: number }): Promise<readonly AuditEvent[]>;
  /** The `file.served` events of a digest, or else of a project, in order of `seq`. */
  serves(query: ServesQuery): Promise<readonly AuditEvent[]>;
}

export type ServesQuery = {
  readonly sha256?: Sha256;
  readonly project?: ProjectName;
  readonly after?: number;
  readonly limit: number;
};

export type FileTime = { readonly at: Date; readonly source: 'last-modified' | 'first-seen' };

/** The advisories in force, read per project. */
export interface AdvisorySource {
  /**
   * When the data was published (not when we imported it): malware and vulnerabilities are each as new as their newest
   * source, and the older of the two counts. Undefined when there is no data at all.
   */
  dataAsOf(): Promise<Date | undefined>;
  /** The same for each kind by itself. */
  dataDates(): Promise<DataDates>;
  /** What touches the release, one match per alias group; an unparsable version is matched as text and says so. */
  match(project: ProjectName, version: Version | string, sha256?: Sha256): Promise<readonly AdvisoryMatch[]>;
  /** The same for many versions of one project at once: one look-up for a page. */
  matcher(project: ProjectName): Promise<(version: Version | string, sha256?: Sha256) => readonly AdvisoryMatch[]>;
}

/** What an index lets in, for whoever chooses among releases. */
export interface ReleaseSource {
  /** Releases of a project that have files, ascending. Undefined: there is no such project. @throws UPSTREAM_* */
  releases(project: ProjectName): Promise<readonly OfferedRelease[] | undefined>;
  /** What a release asks for (Requires-Dist); undefined when it cannot be told. @throws UPSTREAM_* */
  requirements(project: ProjectName, version: Version): Promise<readonly Requirement[] | undefined>;
}

export type OfferedRelease = {
  readonly version: Version;
  /** Of the files that may be installed. */
  readonly sha256: readonly Sha256[];
  /** Of the same files, those that say so. */
  readonly requiresPython: readonly string[];
  /** Why none of its files may be installed. */
  readonly refused?: string;
};

/** Hashes passwords, slowly. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** @param kept what `hash` made; undefined takes as long and is never right */
  verify(kept: string | undefined, password: string): Promise<boolean>;
}

/** Finds releases that fit together, by the tool that a team has; it reads an index and installs nothing. */
export interface Resolver {
  /** @throws {WheelgateError} USAGE for what the tool cannot do, RESOLUTION_FAILED when its answer makes no sense */
  resolve(request: ResolveRequest): Promise<Resolution>;
}

/** A gate as a lock sees it: the one of this machine's data folder, or one that runs elsewhere. */
export interface GateReader {
  /** Root of the simple index as clients have it configured, without credentials: `https://gate.example/simple/`. */
  readonly indexUrl: string;
  /** The page about a release that refusals link to. */
  reviewUrl(project: ProjectName, version: string): string;
  /** A release file by file, or with no version the newest files of a project. @throws UPSTREAM_* when it cannot be asked */
  release(project: ProjectName, version?: string): Promise<GateRelease>;
}

/** Tells from the OpenID token of a CI job who the job is. */
export interface CiTokens {
  /** Undefined when no trusted issuer signed it for us, or it is about a repository that is not trusted. @throws UPSTREAM_FAILED */
  identify(jwt: string, now: Date): Promise<Identity | undefined>;
}

/** What must be the same at the end of a login as at its beginning. */
export type LoginChecks = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** Who somebody is at an OpenID provider. */
export type ProviderAccount = {
  readonly issuer: string;
  /** Stable, and never given to somebody else. */
  readonly sub: string;
  readonly name?: string;
  readonly groups: readonly string[];
};

/** An OpenID provider that people log in with. */
export interface LoginProvider {
  /** Where to send the browser. @throws UPSTREAM_FAILED */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly checks: LoginChecks }>;
  /** @param callback the URL that the browser came back to @throws UNAUTHENTICATED, UPSTREAM_FAILED */
  finish(callback: URL, checks: LoginChecks): Promise<ProviderAccount>;
}
