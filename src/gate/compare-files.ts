import type { Capability } from '../core/analysis/capabilities.ts';
import { compareBehaviour } from '../core/analysis/compare-behaviour.ts';
import { scoreChange } from '../core/analysis/score-change.ts';
import { compareWithSdist } from '../core/archive/compare-with-sdist.ts';
import { unpackPythonMembers } from '../core/archive/python-members.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { decide } from '../core/policy/decide.ts';
import type { Evidence, Inspection } from '../core/policy/evidence.ts';
import { type Policy, parsePolicy, RULE_IDS } from '../core/policy/policy.ts';
import { sdistDifferenceFindings } from '../core/policy/sdist-difference-findings.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import { parseFilename } from '../core/python/filename.ts';
import type { Sha256 } from '../core/sha256.ts';
import { findingsOf, gatherLocal } from './local-evidence.ts';
import { type ScanFileNeeds, UNKNOWN_SCORE } from './scan-file.ts';

/** A distribution file on this machine. */
export type LocalFile = { readonly path: string; readonly filename: string };

export type MemberChange = { readonly file: string; readonly change: 'added' | 'removed' | 'changed' };

/** What a new file can do that an old one could not, and the verdict on that. */
export type FileComparison = {
  readonly old: Sha256;
  readonly new: Sha256;
  readonly verdict: Verdict;
  /** Ranks what is new: 0 nothing, 1 certainly malicious. */
  readonly score: number;
  readonly gained: readonly Capability[];
  readonly lost: readonly Capability[];
  readonly changed: readonly MemberChange[];
  readonly findings: readonly Finding[];
};

/** The rules that speak about a difference; without advisories they alone do, else also what is known of the new file. */
const ABOUT_CHANGE = ['behaviour', 'capability-gain'];
const ABOUT_FILE = [
  'known-malicious',
  'known-vulnerable',
  'archive',
  'yara',
  'startup-hook',
  'sdist-difference',
  'feed-age',
];

function policyOf(rules: readonly string[]): Policy {
  const off = RULE_IDS.filter((id) => !rules.includes(id)).map((id) => `${id} = { effect = "off" }`);
  return parsePolicy(`[rules]\n${off.join('\n')}`, 'the policy of diff');
}

/**
 * Compares two files by what their code does.
 * @throws {WheelgateError} INPUT_UNREADABLE, FILENAME_INVALID, INSPECTION_FAILED: no comparison is no good news
 */
export function createCompareFiles({ inspector, advisories, digestOf, clock }: ScanFileNeeds) {
  const policy = policyOf(advisories === undefined ? ABOUT_CHANGE : [...ABOUT_CHANGE, ...ABOUT_FILE]);

  async function read({ path, filename }: LocalFile) {
    parseFilename(filename);
    const digest = await digestOf(path);
    return { filename, digest, ...(await inspector.inspectMembers(path, filename)) };
  }

  return async function compareFiles(oldFile: LocalFile, newFile: LocalFile): Promise<FileComparison> {
    const [before, after] = await Promise.all([read(oldFile), read(newFile)]);
    const known = before.inspection.behaviour;
    if (known === undefined || !before.inspection.complete) {
      throw new WheelgateError(
        'INSPECTION_FAILED',
        `${oldFile.filename} could not be analysed to the end, so nothing can be compared with it`,
        'Scan the new file by itself.',
      );
    }
    const own = after.inspection.behaviour;
    const change = own === undefined ? undefined : compareBehaviour(known, own);
    // What was as bad before is no news: the difference is asked about.
    const isOld = own !== undefined && change!.strengthened.length === 0;
    const inspection = isOld
      ? {
          ...after.inspection,
          behaviour: { ...own, verdict: own.verdict === 'none' ? own.verdict : ('note' as const) },
        }
      : after.inspection;
    const sourceDifferences = sdistDifferences(before, after);
    const nearestApproved = {
      version: nameVersion(oldFile.filename),
      behaviour: known,
      hasNativeFiles: before.inspection.nativeFiles.length > 0,
    };
    const evidence: Evidence = {
      ...(await gatherLocal(advisories, after.filename, after.digest, inspection)),
      nearestApproved,
      ...(sourceDifferences && { sourceDifferences }),
    };
    const verdict = decide(policy, evidence, clock());
    return {
      old: before.digest.sha256,
      new: after.digest.sha256,
      verdict,
      score: change === undefined ? 1 : Math.max(scoreChange(change), inspection.complete ? 0 : UNKNOWN_SCORE),
      gained: change?.gained ?? [],
      lost: change?.lost ?? [],
      changed: memberChanges(before, after),
      findings: findingsOf(inspection, verdict, sdistDifferenceFindings(evidence, policy.rules['sdist-difference'])),
    };
  };
}

type ReadFile = {
  readonly filename: string;
  readonly inspection: Inspection;
  readonly members: ReadonlyMap<string, Sha256>;
};

/** When the old file is the sdist of the new one: the Python files of the wheel that nobody can read there. */
function sdistDifferences(before: ReadFile, after: ReadFile): Evidence['sourceDifferences'] {
  const sdist = parseFilename(before.filename);
  const wheel = parseFilename(after.filename);
  const isSame = sdist.version !== undefined && sdist.version.text === wheel.version?.text;
  const [shown, installed] = [before.inspection.pythonMembers, after.inspection.pythonMembers];
  if (sdist.kind !== 'sdist' || wheel.kind !== 'wheel' || !isSame || shown === undefined || installed === undefined)
    return undefined;
  return compareWithSdist(unpackPythonMembers(installed), [unpackPythonMembers(shown)]);
}

/** How reasons name the old file; its name is what the caller wrote, so it is reduced to what a version can hold. */
function nameVersion(filename: string): string {
  return parseFilename(filename).version?.text ?? 'the old file';
}

/** By their paths below the folder of an sdist and with the version of a dist-info folder left out. */
function memberChanges(before: ReadFile, after: ReadFile): MemberChange[] {
  const old = byStablePath(before);
  const fresh = byStablePath(after);
  const changes: MemberChange[] = [];
  for (const [key, { file, sha256 }] of fresh) {
    const known = old.get(key);
    if (known === undefined) changes.push({ file, change: 'added' });
    else if (known.sha256 !== sha256) changes.push({ file, change: 'changed' });
  }
  for (const [key, { file }] of old) if (!fresh.has(key)) changes.push({ file, change: 'removed' });
  return changes.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What an sdist keeps in `<name>-<version>/src/` a wheel has at its top. */
const SDIST_FOLDER = /^[^/]+\/(?:src\/)?/;
const DIST_INFO = /^([^/]+?)-\d[^/]*?(\.dist-info|\.data)?\//;

function byStablePath({ filename, members }: ReadFile): Map<string, { file: string; sha256: Sha256 }> {
  const isSdist = parseFilename(filename).kind === 'sdist';
  const stable = (file: string) => (isSdist ? file.replace(SDIST_FOLDER, '') : file.replace(DIST_INFO, '$1$2/'));
  return new Map([...members].map(([file, sha256]) => [stable(file), { file, sha256 }]));
}
