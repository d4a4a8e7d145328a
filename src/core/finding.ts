/** What a check thinks should happen: shown only, withheld until somebody decides, refused. */
export type Effect = 'note' | 'hold' | 'block';

/**
 * What a rule saw in one file and where. `code` names the observation within its rule (`duplicate-member`), is stable and
 * kebab-case; `message` is one printable line. Text from a package appears only in `file` and `context`, which every
 * renderer must escape.
 */
export type Finding = {
  readonly rule: string;
  readonly code: string;
  readonly effect: Effect;
  readonly message: string;
  /** Path inside the archive, as stored. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** A short excerpt of what was seen. */
  readonly context?: string;
};
