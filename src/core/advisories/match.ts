/** One advisory that touches a release, after evaluation (OSV schema, "Evaluation"). */
export type AdvisoryMatch = {
  readonly id: string;
  readonly aliases: readonly string[];
  /** `malware` for records that report a malicious package (`MAL-` ids). */
  readonly kind: 'malware' | 'vulnerability';
  readonly summary?: string;
  /** Scored locally from the CVSS vector, else the database's word; absent: unknown, never "low". */
  readonly severity?: { readonly level: 'low' | 'medium' | 'high' | 'critical'; readonly score?: number };
  /** `text`: the version could not be parsed and was compared as text; `digest`: the file's sha256 is listed. */
  readonly matchedBy: 'listed' | 'range' | 'both' | 'digest' | 'text';
  readonly confidence: 'high' | 'contested' | 'low';
  /** Versions that the record names as fixed, in PEP 440 order. */
  readonly fixed: readonly string[];
  /** No fix or last affected version is known for the window that matched. */
  readonly open: boolean;
  readonly published?: string;
  readonly modified?: string;
};
