import type { Migration } from './migration.ts';

/** Messages to channels, and how far each channel has read the audit log. */
export const deliveries: Migration = {
  version: 2,
  name: 'deliveries',
  sqlite: `
create table deliveries (
  id text primary key,
  channel text not null,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  created_at text not null,
  document text not null
);
create index deliveries_by_state on deliveries (state, created_at);
create index deliveries_by_time on deliveries (created_at);

create table notify_cursors (
  channel text primary key,
  seq integer not null
);
`,
};
