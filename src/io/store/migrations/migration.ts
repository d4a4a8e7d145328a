/** One step of the schema. Once released it never changes: the database remembers its digest. */
export type Migration = {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  /** Statements in the engine's own dialect. */
  readonly sqlite: string;
};
