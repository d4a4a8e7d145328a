import { firstTables } from './0001-first-tables.ts';
import { deliveries } from './0002-deliveries.ts';
import type { Migration } from './migration.ts';

/** In order of version; a new step goes to the end. */
export const ALL_MIGRATIONS: readonly Migration[] = [firstTables, deliveries];
