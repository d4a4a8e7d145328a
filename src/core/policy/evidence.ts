import type { AdvisoryMatch } from '../advisories/match.ts';
import type { AnalysisResult } from '../analysis/analyse.ts';
import type { SourceDifference } from '../archive/compare-with-sdist.ts';
import type { Finding } from '../finding.ts';
import type { ProjectStatus } from '../index/page.ts';
import type { ProjectName } from '../python/name.ts';
import type { Version } from '../python/version.ts';
import type { Sha256 } from '../sha256.ts';
import type { Testimony } from '../shared-review/testimony.ts';
import type { Exemption } from './exemption.ts';
import type { Fact } from './fact.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Lookalike } from './lookalike.ts';

/**
 * What reading a file's bytes told us. Plain JSON: it crosses a worker thread and is stored by digest.
 * `complete` is false when a check crashed, timed out or met a limit; its finding then has code `error`.
 */
export type Inspection = {
  readonly findings: readonly Finding[];
  readonly complete: boolean;
  /** The wheel's METADATA member, byte for byte (PEP 658); absent for sdists and for wheels without one. */
  readonly metadata?: { readonly base64: string; readonly sha256: Sha256 };
  /** Name and version as the file's own metadata gives them. */
  readonly declared?: { readonly name: string; readonly version: string };
  /**
   * Digest over the members of a wheel that are the same on every platform: all but compiled code, RECORD and WHEEL.
   * Absent when one could not be read.
   */
  readonly portableContent?: Sha256;
  /** The Python files of a wheel or sdist that could be read whole (core/archive/python-members.ts). */
  readonly pythonMembers?: string;
  /** `.pth` and `.start` files, sitecustomize and usercustomize. `runsCode` is false for a .pth that only adds paths. */
  readonly startupHooks: readonly { readonly file: string; readonly sha256: Sha256; readonly runsCode: boolean }[];
  /** Members that are ELF, PE or Mach-O by their magic bytes. */
  readonly nativeFiles: readonly string[];
  /** What its code does; absent when that could not be analysed. */
  readonly behaviour?: AnalysisResult;
  readonly seconds: number;
};

/** How old a file is and who says so. */
export type Age = { readonly at: Date; readonly source: 'upload-time' | 'last-modified' | 'first-seen' };

/** All that is known about one file at one time. What is not known is absent or says so; absent never means fine. */
export type Evidence = {
  readonly file: {
    readonly index: string;
    readonly project: ProjectName;
    readonly filename: string;
    /** Absent when the file name carries none that PEP 440 accepts; `rawVersion` then has the text, if any. */
    readonly version?: Version;
    readonly rawVersion?: string;
    readonly kind: 'wheel' | 'sdist' | 'other';
    readonly sha256?: Sha256;
    readonly size?: number;
    readonly age?: Age;
    /** PEP 592 reason, when the upstream yanked it. */
    readonly yanked?: string;
    /** The digest that was approved under this name before, when the upstream now offers other bytes. */
    readonly replaces?: Sha256;
    /** The upstream has a PEP 740 provenance for it. */
    readonly attested?: boolean;
    /** This index has judged it before. */
    readonly met?: boolean;
    /** The last verdict recorded for it on this index was allow. */
    readonly allowedBefore?: boolean;
  };
  readonly project: {
    readonly status: ProjectStatus;
    readonly statusReason?: string;
    /** Something of this project was approved or allowed on this index before. */
    readonly approvedBefore: boolean;
    /** The upstream that owns the name. */
    readonly upstream: string;
    /** True when that upstream is the team's own: reserved names may come from there. */
    readonly privateUpstream: boolean;
    /** A name in use, or a very popular one, that this one could be mistaken for. */
    readonly lookalike?: Lookalike;
  };
  readonly advisories: {
    readonly matches: readonly AdvisoryMatch[];
    /** Publication time of the newest advisory data; absent: there is none. */
    readonly asOf?: Date;
    /** Ids of advisories that touch a release in use and name this release as a fix. */
    readonly fixes: readonly string[];
  };
  /** Facts that name this digest, release or project. */
  readonly facts: readonly Fact[];
  /** Exemptions that cover it and are in force. */
  readonly exemptions?: readonly Exemption[];
  /** What teams whose reviews are trusted say of these bytes; absent: nothing. */
  readonly testimony?: Testimony;
  /** The emergency brake, when it is not at level 0. */
  readonly killSwitch?: KillSwitch;
  /** A wheel of the same release that people approved, with the same Python content and as little native code. */
  readonly approvedSibling?: { readonly filename: string; readonly approval: Fact };
  /** The file of an approved release of the project on this index that this one is compared with; absent: there is none. */
  readonly nearestApproved?: {
    readonly version: string;
    readonly behaviour: AnalysisResult;
    readonly hasNativeFiles: boolean;
    readonly attested?: boolean;
  };
  /** Of a wheel: its Python files that are not as in the sdists of the release; absent: there was none to compare with. */
  readonly sourceDifferences?: readonly SourceDifference[];
  /** `not-run` until the bytes were read. */
  readonly inspection: Inspection | 'not-run';
};
