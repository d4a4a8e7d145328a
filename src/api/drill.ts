/** What `wheelgate drill --format json` prints. */
export type DrillReport = {
  readonly schema: 'wheelgate.drill/1';
  /** Milliseconds to open the data folder in a second process and record the revocation. */
  readonly recordedMs: number;
  /** Milliseconds from then until a door refused; null: it did not within a minute. */
  readonly doors: readonly { readonly door: string; readonly closedMs: number | null }[];
  /** How many clients `who-has` named. */
  readonly holders: number;
  readonly passed: boolean;
};
