export const WEIGHTS: {
  readonly bias: number;
  readonly anonymityFactor: number;
  readonly lines: { readonly note: number; readonly hold: number; readonly block: number };
  readonly features: Readonly<Record<string, number>>;
} = { bias: -2, anonymityFactor: 1.5, lines: { note: 1, hold: 2, block: 3 }, features: {} };
