import type { Migration } from './migration.ts';

export const reviews: Migration = {
  version: 4,
  name: 'reviews',
  sqlite: `
create table reviews (
  id text primary key,
  index_name text not null,
  project text not null,
  release_key text not null,
  state text not null check (state in ('open', 'approved', 'rejected', 'unneeded')),
  revision integer not null,
  opened_at text not null,
  document text not null,
  unique (index_name, project, release_key)
);
create index reviews_by_opening on reviews (opened_at, id);
create index reviews_by_state on reviews (state, opened_at, id);

create table exemptions (
  id text primary key,
  document text not null
);

create table kill_switch (
  id integer primary key check (id = 1),
  revision integer not null,
  document text not null
);

create index audit_served_by_sha256 on audit_events (json_extract(document, '$.detail.sha256'), seq)
  where json_extract(document, '$.type') = 'file.served';
create index audit_served_by_project on audit_events (json_extract(document, '$.detail.project'), seq)
  where json_extract(document, '$.type') = 'file.served';
`,
};
