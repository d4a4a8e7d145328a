import type { Capability } from '../core/analysis/capabilities.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { decide } from '../core/policy/decide.ts';
import type { Inspection } from '../core/policy/evidence.ts';
import { type Policy, parsePolicy } from '../core/policy/policy.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Sha256 } from '../core/sha256.ts';
import { findingsOf, gatherLocal, UNNAMED } from './local-evidence.ts';
import type { AdvisorySource, Clock, FolderInspector } from './ports.ts';

/** What a file on this machine is, judged by its bytes and the advisories alone. */
export type FileScan = {
  readonly filename: string;
  readonly sha256?: Sha256;
  readonly project?: ProjectName;
  readonly version?: string;
  readonly verdict: Verdict;
  /** Everything that was seen, decisive first: archive findings with their place, then advisories. */
  readonly findings: readonly Finding[];
  /** Calibrated; never below the middle when not all of the code could be analysed. */
  readonly score: number;
  readonly capabilities: readonly Capability[];
  readonly seconds: number;
  /** Why the file could not be read at all. */
  readonly unreadable?: WheelgateError;
};

export type ScanFileNeeds = {
  readonly inspector: FolderInspector;
  /** Absent: what is known of releases does not count, only what their bytes tell. */
  readonly advisories?: AdvisorySource;
  /** @throws {WheelgateError} INPUT_UNREADABLE */
  readonly digestOf: (path: string) => Promise<{ sha256: Sha256; size: number }>;
  readonly clock: Clock;
};

/** Only what bytes and advisories tell: where a file comes from, how old it is and who uses it are not known here. */
const SCAN_POLICY = parsePolicy(
  `[rules]
${['cooldown', 'name-confusion', 'reserved-names', 'project-status', 'yanked', 'new-project', 'capability-gain'].map((id) => `${id} = { effect = "off" }`).join('\n')}
source-build = { effect = "note" }`,
  'the policy of scan',
);
const { rules: SCAN_RULES } = SCAN_POLICY;
const WITHOUT_ADVISORIES: Policy = {
  ...SCAN_POLICY,
  rules: { ...SCAN_RULES, 'feed-age': { ...SCAN_RULES['feed-age'], effect: 'off' } },
};
/** What could not be read may be anything. */
export const UNKNOWN_SCORE = 0.5;

/** Scans one file. Never throws for what the file is: an unreadable one is a hold with the reason. */
export function createScanFile({ inspector, advisories, digestOf, clock }: ScanFileNeeds) {
  const policy = advisories === undefined ? WITHOUT_ADVISORIES : SCAN_POLICY;
  return {
    scanFile: (path: string, filename: string): Promise<FileScan> =>
      timed(filename, async () => {
        const digest = await digestOf(path);
        const inspection = await inspector.inspect(path, filename);
        const evidence = await gatherLocal(advisories, filename, digest, inspection);
        const { project, rawVersion } = evidence.file;
        return {
          ...judged(inspection, decide(policy, evidence, clock())),
          sha256: digest.sha256,
          ...(project !== UNNAMED && { project }),
          ...(rawVersion !== undefined && { version: rawVersion }),
        };
      }),

    /** A source tree: nothing of it has a digest, a version or an archive, so only its code counts. */
    scanFolder: (path: string, name: string): Promise<FileScan> =>
      timed(name, async () => {
        const inspection = await inspector.inspectFolder(path);
        const quiet: Verdict = { kind: 'allow', reasons: [] };
        const worst = findingsOf(inspection, quiet)[0]?.effect ?? 'note';
        return judged(inspection, worst === 'note' ? quiet : { kind: worst, reasons: [] });
      }),
  };

  async function timed(
    filename: string,
    scan: () => Promise<Omit<FileScan, 'filename' | 'seconds'>>,
  ): Promise<FileScan> {
    const started = clock().getTime();
    const seconds = () => (clock().getTime() - started) / 1000;
    try {
      return { filename, ...(await scan()), seconds: seconds() };
    } catch (error) {
      if (!(error instanceof WheelgateError)) throw error;
      // A crash, a time-out or too little memory say nothing about the file: it is held, and the scan went well.
      const isOurs = error.code === 'INSPECTION_FAILED';
      const message = isOurs ? error.message : `${error.message}. ${error.help}`;
      const reason = { rule: 'evidence', effect: 'hold', message } as const;
      return {
        filename,
        verdict: { kind: 'hold', reasons: [reason] },
        findings: [{ ...reason, code: isOurs ? 'error' : 'unreadable' }],
        score: UNKNOWN_SCORE,
        capabilities: [],
        seconds: seconds(),
        ...(!isOurs && { unreadable: error }),
      };
    }
  }
}

function judged(
  inspection: Inspection,
  verdict: Verdict,
): Pick<FileScan, 'verdict' | 'findings' | 'score' | 'capabilities'> {
  const { behaviour } = inspection;
  return {
    verdict,
    findings: findingsOf(inspection, verdict),
    score: Math.max(behaviour?.score ?? UNKNOWN_SCORE, inspection.complete ? 0 : UNKNOWN_SCORE),
    capabilities: behaviour?.capabilities ?? [],
  };
}
