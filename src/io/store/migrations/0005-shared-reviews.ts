import type { Migration } from './migration.ts';

/** The newest set of reviews of each publisher, as gzipped JSON. */
export const sharedReviews: Migration = {
  version: 5,
  name: 'shared-reviews',
  sqlite: `
create table shared_review_sets (
  publisher text primary key,
  issued text not null,
  body blob not null
);
`,
};
