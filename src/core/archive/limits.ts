/** How much of a hostile archive we are willing to read. Past a limit reading stops and a finding says so. */
export type ArchiveLimits = {
  readonly maxMembers: number;
  /** Expanded bytes of all members together. */
  readonly maxExpandedBytes: number;
  /** Expanded bytes per byte of the file; only counts above `bombFloorBytes`. */
  readonly maxRatio: number;
  /** Below this many expanded bytes nothing is a bomb. */
  readonly bombFloorBytes: number;
  /** The largest table of contents or extended header that is held in memory. */
  readonly maxHeaderBytes: number;
  /** The largest member whose bytes are handed over in one piece. */
  readonly maxVisitBytes: number;
};

/** Wide enough for every wheel on the index that we know of: the largest expand to a few GiB, by a factor below 30. */
export const defaultArchiveLimits: ArchiveLimits = {
  maxMembers: 200_000,
  maxExpandedBytes: 8 * 2 ** 30,
  maxRatio: 100,
  bombFloorBytes: 64 * 2 ** 20,
  maxHeaderBytes: 64 * 2 ** 20,
  maxVisitBytes: 16 * 2 ** 20,
};
