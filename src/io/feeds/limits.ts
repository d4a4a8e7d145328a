/** What reading a feed may cost. */
export type FeedLimits = {
  /** Of a zip file, which is held in memory. */
  readonly maxBytes: number;
  /** Of all records of a zip file together. */
  readonly maxExpandedBytes: number;
  readonly maxRecordBytes: number;
  readonly maxRecords: number;
  /** For a whole download. */
  readonly deadlineMs: number;
  /** Between two pieces of a download. */
  readonly silenceMs: number;
};

/** The PyPI dump of OSV had 32 MB and 25,000 records in August 2026. */
export const defaultFeedLimits: FeedLimits = {
  maxBytes: 256 * 2 ** 20,
  maxExpandedBytes: 2 * 2 ** 30,
  maxRecordBytes: 16 * 2 ** 20,
  maxRecords: 500_000,
  deadlineMs: 10 * 60_000,
  silenceMs: 30_000,
};
