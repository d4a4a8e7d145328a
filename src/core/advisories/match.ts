import type { Exploitation } from './exploitation.ts';

/**
 * One defect that touches a release, after evaluation (OSV schema, "Evaluation"). Records that are aliases of each other
 * make one match: the worst kind and severity and the surest hit among those that touch the release.
 */
export type AdvisoryMatch = {
  /** The id that a person should see, of a record that touches the release. */
  readonly id: string;
  /** Every other id of the alias group, sorted: an exemption may name any of them. */
  readonly aliases: readonly string[];
  /** `malware` for records that report a malicious package (`MAL-` ids). */
  readonly kind: 'malware' | 'vulnerability';
  readonly summary?: string;
  /** Scored locally from the CVSS vector, else the database's word; absent: unknown, never "low". */
  readonly severity?: Severity;
  /** Of the CVEs of the alias group, when EPSS or KEV are held and know one of them. */
  readonly exploitation?: Exploitation;
  /**
   * `text`: the version could not be parsed and was compared as text; `digest`: the file's sha256 is listed;
   * `unversionable`: the version could not be parsed, so the record's ranges can neither include nor exclude it.
   */
  readonly matchedBy: 'listed' | 'range' | 'both' | 'digest' | 'text' | 'unversionable';
  /**
   * `contested`: the record lists the version, but its ranges leave it out. `low`: only an open range speaks for the
   * match, or the version is unversionable. A malware report about a whole project is such an open range: do not
   * discount malware by confidence.
   */
  readonly confidence: 'high' | 'contested' | 'low';
  /** Versions after this release that the records name as fixed, in PEP 440 order, as written. */
  readonly fixed: readonly string[];
  /** No fix or last affected version is known for the window that matched. */
  readonly open: boolean;
  /** A range of the record holds versions that PEP 440 cannot order; it was read as affecting more, never less. */
  readonly degraded?: true;
  /** Last affected version as the database knows it, for information only. */
  readonly lastKnown?: string;
  /** How many independent sources reported the malware, when the record tells. */
  readonly origins?: number;
  readonly published?: string;
  readonly modified?: string;
};

/** `score` is 0.0 to 10.0 and belongs to `vector`; both are absent when only the database's word is known. */
export type Severity = {
  readonly level: 'low' | 'medium' | 'high' | 'critical';
  readonly score?: number;
  readonly vector?: string;
};
