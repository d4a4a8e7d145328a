import { firstTables } from './0001-first-tables.ts';
import { deliveries } from './0002-deliveries.ts';
import { identities } from './0003-identities.ts';
import { reviews } from './0004-reviews.ts';
import { sharedReviews } from './0005-shared-reviews.ts';
import { exploitation } from './0006-exploitation.ts';
import { keptAnswers } from './0007-kept-answers.ts';
import type { Migration } from './migration.ts';

/** In order of version; a new step goes to the end. */
export const ALL_MIGRATIONS: readonly Migration[] = [
  firstTables,
  deliveries,
  identities,
  reviews,
  sharedReviews,
  exploitation,
  keptAnswers,
];
