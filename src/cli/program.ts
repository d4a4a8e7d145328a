import type { DiffReport } from '../api/diff.ts';
import type { DrillReport } from '../api/drill.ts';
import type { FeedExport, FeedImports, FeedStatus } from '../api/feed.ts';
import type { GateApi } from '../api/gate-api.ts';
import type { MalwareReport } from '../api/malware-report.ts';
import type { NotifyStatus } from '../api/notify.ts';
import type { PolicyReplay, PolicyReport, PolicyTest } from '../api/policy.ts';
import type { ScanResult } from '../api/scan.ts';
import type { SharedReviewsList } from '../api/shared-reviews.ts';
import type { AuditReport } from '../core/report/audit-report.ts';
import type { Baseline } from '../core/report/baseline.ts';
import type { Fix } from '../core/report/fix-report.ts';
import type { VexFile } from '../core/report/read-vex.ts';
import type { Adopter } from './adopter.ts';
import type { ExitCode } from './exit-code.ts';
import type { Locker } from './locker.ts';

/** Flags that every command takes; environment and wheelgate.toml stand behind them. */
export type CommonFlags = {
  readonly config?: string;
  readonly data?: string;
  readonly policy?: string;
  readonly upstream?: string;
};

export type ServeFlags = CommonFlags & { readonly host?: string; readonly port?: string; readonly logLevel?: string };

/**
 * What the commands need of the rest of Wheelgate; main.ts hands it in (the cli imports neither gate nor io).
 * Each method opens what it needs and closes it again.
 */
export type Program = {
  /** Serves until a signal ends it. */
  serve(flags: ServeFlags, announce: (lines: readonly string[]) => void): Promise<ExitCode>;
  openScanner(flags: CommonFlags, options: ScanOptions): Promise<Scanner>;
  openDiffer(flags: CommonFlags, options: DiffOptions): Promise<Differ>;
  openAuditor(flags: CommonFlags): Promise<Auditor>;
  /** @param purpose a check needs less of the gate than a lock */
  openLocker(flags: CommonFlags, index: string | undefined, purpose: 'lock' | 'check'): Promise<Locker>;
  openAdopter(flags: CommonFlags, index: string | undefined): Promise<Adopter>;
  openGate(flags: CommonFlags): Promise<LocalGate>;
  openSharedReviews(flags: CommonFlags): Promise<LocalSharedReviews>;
  /** @returns the public half of a new key @throws {WheelgateError} INPUT_UNREADABLE when the file is there */
  makeSharingKey(path: string): Promise<string>;
  openNotifier(flags: CommonFlags): Promise<Notifier>;
  openReporter(flags: CommonFlags): Promise<MalwareReporter>;
  /** The gate at `WHEELGATE_URL`, else the data folder of this machine. */
  openApi(flags: CommonFlags): Promise<GateApi>;
  /** @throws {WheelgateError} POLICY_INVALID */
  checkPolicy(path: string): Promise<PolicyReport>;
  /** Runs the fixtures of a policy file. @throws {WheelgateError} POLICY_INVALID */
  testPolicy(path: string): Promise<PolicyTest>;
  /** Asks a policy about every file that was requested since, over the data folder. @throws {WheelgateError} POLICY_INVALID */
  replayPolicy(flags: CommonFlags, path: string, since: Date): Promise<PolicyReplay>;
  doctor(flags: CommonFlags): Promise<readonly Diagnosis[]>;
  demo(say: (line: string) => void): Promise<ExitCode>;
  drill(): Promise<DrillReport>;
  /**
   * Keeps a token in the netrc file. @param token absent: the one in WHEELGATE_TOKEN @returns the file's path
   * @throws {WheelgateError} USAGE, CONFLICT, INPUT_UNREADABLE
   */
  saveToken(host: string, token?: string): Promise<string>;
  /** The address clients use: of the gate at `WHEELGATE_URL`, else from the configuration. */
  indexUrl(flags: ServeFlags, index: string | undefined): Promise<string>;
};

export type ScanOptions = {
  /** Files that are read at once; one per core by default. */
  readonly jobs?: number;
  /** False: only what the bytes tell counts, not what is known of the release. */
  readonly advisories: boolean;
};

export type Scanner = {
  /** Distribution files at a path: the file itself, those below a folder, or a folder that holds none. @throws INPUT_UNREADABLE */
  find(path: string): Promise<readonly string[]>;
  /** Scans a distribution file, or a folder as a source tree. */
  scan(path: string): Promise<ScanResult & { readonly unreadable: boolean }>;
  /** How many files are scanned at once. */
  readonly width: number;
  close(): Promise<void>;
};

export type DiffOptions = {
  /** False: only the difference in behaviour counts. */
  readonly advisories: boolean;
  /** Where releases are looked up. */
  readonly index?: string;
};

export type Differ = {
  /**
   * Compares two inputs, each a file's path, a purl or `name==version`.
   * @throws INPUT_UNREADABLE, NOT_FOUND, INSPECTION_FAILED, UPSTREAM_*
   */
  diff(oldInput: string, newInput: string): Promise<DiffReport>;
  close(): Promise<void>;
};

export type Auditor = {
  /** @throws {WheelgateError} INPUT_UNREADABLE for a path that is not there, USAGE, FEED_INVALID without data */
  audit(run: AuditRun): Promise<AuditReport>;
  /** What raises the affected pins of an audit that was just made; nothing is written. @throws UPSTREAM_*, SERVER_* */
  planFix(run: AuditRun, report: AuditReport): Promise<Fix>;
  /** @throws {WheelgateError} INPUT_UNREADABLE when a file cannot be written or changed meanwhile */
  writeFix(fix: Fix): Promise<void>;
};

export type AuditRun = {
  readonly inputs: readonly string[];
  readonly python: string | undefined;
  readonly platform: string | undefined;
  readonly asOf: Date | undefined;
  /** Ids given on the command line. */
  readonly ignore: readonly string[];
  readonly vex?: VexFile;
  /** What is known: an earlier report, or the state of the files at a commit. */
  readonly baseline: Baseline | { readonly ref: string } | undefined;
  /** Nothing outside of this folder is read; undefined: whatever the files name. */
  readonly within: string | undefined;
  /** The index whose verdicts and releases count; absent: the default one. */
  readonly index: string | undefined;
};

export type MalwareReporter = {
  /** @throws {WheelgateError} NOT_FOUND, USAGE for a project of the team's own, UPSTREAM_* */
  assemble(about: {
    readonly project: string;
    readonly version: string;
    readonly reason: string;
    readonly reporter?: string;
    readonly index?: string;
  }): Promise<MalwareReport>;
  /** @returns the paths of the bundle's files @throws {WheelgateError} INPUT_UNREADABLE when one of them is there already */
  write(report: MalwareReport, folder: string): Promise<readonly string[]>;
  /** @throws {WheelgateError} REPORT_REFUSED, REPORT_UNSENT, USAGE without a token */
  send(report: MalwareReport): Promise<void>;
  close(): Promise<void>;
};

export type LocalSharedReviews = {
  /** @throws {WheelgateError} NOT_FOUND when there is nothing to share, INPUT_UNREADABLE */
  export(options: {
    readonly publisher: string;
    readonly days: number;
    readonly keyPath: string;
    readonly out: string;
  }): Promise<{ readonly entries: number; readonly publicKey: string }>;
  /** @throws {WheelgateError} SHARED_REVIEWS_INVALID, INPUT_UNREADABLE, FEED_UNREACHABLE */
  import(location: string): Promise<{ readonly publisher: string; readonly entries: number; readonly isNew: boolean }>;
  list(): Promise<SharedReviewsList>;
  close(): Promise<void>;
};

export type Notifier = {
  /** The channels of the configuration, and the newest messages to them. */
  status(): Promise<NotifyStatus>;
  /** Sends a message to one channel. @returns what went wrong @throws {WheelgateError} NOT_FOUND */
  test(channel: string): Promise<string | undefined>;
  close(): Promise<void>;
};

/** The gate's state on this machine: the data folder, opened beside a server that may be running. */
export type LocalGate = {
  feedStatus(): Promise<FeedStatus>;
  importFeeds(locations: readonly string[], force: boolean): Promise<FeedImports>;
  /** Reads the feeds of the configuration, EPSS and KEV with them. */
  syncFeeds(force: boolean): Promise<FeedImports>;
  /** Whether the configuration names any feed. */
  readonly hasFeeds: boolean;
  /** Writes everything that is known into a new file. @throws {WheelgateError} INPUT_UNREADABLE */
  exportFeeds(path: string): Promise<FeedExport>;
  verifyLog(): Promise<
    { readonly ok: true; readonly events: number } | { readonly ok: false; readonly seq: number; readonly what: string }
  >;
  close(): Promise<void>;
};

export type Diagnosis = {
  readonly level: 'ok' | 'note' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
};
