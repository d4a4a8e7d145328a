import type { ProjectName } from '../python/name.ts';
import type { IndexFile, ProjectStatus } from './page.ts';

type Said = Omit<IndexFile, 'filename' | 'url'>;

/** A file as this index offers it: what the upstream or the bytes said, at our own path. */
export type ServedFile = { readonly [Key in keyof Said]: Said[Key] | undefined } & {
  readonly filename: string;
  /** Below the index root, as `filePath` gives it: without a leading slash, not percent-encoded. */
  readonly path: string;
};

/** A project page as this index shows it, before it is written in any representation. */
export type ServedPage = {
  readonly project: ProjectName;
  readonly status: ProjectStatus;
  readonly statusReason?: string;
  readonly files: readonly ServedFile[];
  /** PEP 700: every release that a listed file belongs to, normalised. */
  readonly versions: readonly string[];
};
