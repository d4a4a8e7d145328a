import type { Capability } from '../analysis/capabilities.ts';
import type { Effect } from '../finding.ts';

/** One scanned input as the reports show it; `file` is inside of it, `context` is text from the package. */
export type ReportedScan = {
  readonly input: string;
  /** Null for a folder: its files are on disk, not members of an archive. */
  readonly sha256: string | null;
  readonly verdict: 'allow' | 'hold' | 'block';
  readonly score: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly effect: Effect;
    readonly message: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly context: string | null;
  }[];
  readonly capabilities: readonly Capability[];
};
