/** A part of a compiled file, by its place in it. */
export type NativeSection = { readonly name: string; readonly offset: number; readonly size: number };

/** What the tables of a compiled file say. Empty where they are missing or damaged: loaders need fewer tables than readers. */
export type NativeTables = {
  /** Functions that it asks of other libraries, as spelled there. */
  readonly imports: readonly string[];
  readonly sections: readonly NativeSection[];
};

/** Imports and sections that are read at most: honest files stay far below. */
export const MAX_TABLE_ROWS = 20_000;
