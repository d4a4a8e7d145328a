import { DAY_MS } from '../duration.ts';
import type { ProjectName } from '../python/name.ts';
import { parseSpecifiers, specifiersAllow } from '../python/specifier.ts';
import { tryParseVersion } from '../python/version.ts';
import type { Sha256 } from '../sha256.ts';

/** An accepted exception: to one rule, or by break-glass to all rules for one digest and a day at most. */
export type Exemption = {
  readonly id: string;
  readonly kind: 'rule' | 'break-glass';
  /** Absent for break-glass. */
  readonly rule?: string;
  /** Absent: every index. */
  readonly index?: string;
  /** The one that it is for: a consumer (`web`), a token (`token:ci-web`) or a CI project (`ci:github:acme/web`); absent: all. */
  readonly consumer?: string;
  readonly project: ProjectName;
  /** PEP 440 specifiers, such as `>=2,<3`; absent: every release, or the one digest. */
  readonly versions?: string;
  readonly sha256?: Sha256;
  readonly owner: string;
  readonly reason: string;
  /** Where the remediation is tracked. */
  readonly ticket?: string;
  /** What will make it unnecessary. */
  readonly remediation: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  /** Warnings that went out, as days before the end. */
  readonly warned: readonly number[];
  readonly ended?: { readonly at: Date; readonly by: string; readonly why: string };
};

/** Whether it is for whoever asks. */
export function isExemptionFor(
  { consumer }: Exemption,
  who: { readonly name: string; readonly consumer?: string },
): boolean {
  return consumer === undefined || consumer === who.consumer || consumer === who.name;
}

/** Whether it is about a file, at any time and for whomever. */
export function exemptionCovers(
  { index, project, versions, sha256 }: Exemption,
  file: { index: string; project: ProjectName; version?: string; sha256?: Sha256 },
): boolean {
  if (index !== undefined && index !== file.index) return false;
  if (project !== file.project) return false;
  if (sha256 !== undefined && sha256 !== file.sha256) return false;
  if (versions === undefined) return true;
  const version = file.version === undefined ? undefined : tryParseVersion(file.version);
  return version !== undefined && specifiersAllow(parseSpecifiers(versions), version);
}

/** Whether it holds at a moment. */
export function isInForce({ ended, expiresAt }: Exemption, now: Date): boolean {
  return ended === undefined && now < expiresAt;
}

const WARN_DAYS = [1, 7, 14] as const;

/** Days before the end of which its owner is to be warned now; undefined: none. Every warning is given once, the latest only. */
export function warningDue({ expiresAt, createdAt, warned, kind }: Exemption, now: Date): number | undefined {
  const left = expiresAt.getTime() - now.getTime();
  const due = WARN_DAYS.find((days) => left <= days * DAY_MS);
  // One that was made for less than that needs no warning of it.
  if (due === undefined || kind === 'break-glass' || expiresAt.getTime() - createdAt.getTime() <= due * DAY_MS)
    return undefined;
  return warned.some((days) => days <= due) ? undefined : due;
}
