/** A line of a script that says something: what, where (1-based), and the line itself. */
export type RiskyLine = { readonly says: string; readonly line: number; readonly text: string };
