/** One step of the schema. Once released it never changes: the database remembers its digest. */
export type Migration = {
  /** In order; branches that grow side by side take numbers ahead, so that one may be missing for a while. */
  readonly version: number;
  readonly name: string;
  /** Statements in the engine's own dialect. */
  readonly sqlite: string;
};
