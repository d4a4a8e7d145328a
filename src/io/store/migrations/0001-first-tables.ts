import type { Migration } from './migration.ts';

export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  sqlite: `
create table pages (
  upstream text not null,
  project text not null,
  etag text,
  fetched_at text not null,
  body blob,
  primary key (upstream, project)
);

create table known_files (
  index_name text not null,
  path text not null,
  project text not null,
  sha256 text not null,
  document text not null,
  primary key (index_name, path)
);
create index known_files_by_sha256 on known_files (sha256);
create index known_files_by_project on known_files (project);

create table file_times (
  upstream text not null,
  url text not null,
  at text not null,
  source text not null check (source in ('last-modified', 'first-seen')),
  primary key (upstream, url)
) without rowid;

create table inspections (
  sha256 text not null,
  engine text not null,
  body blob not null,
  primary key (sha256, engine)
);

create table verdicts (
  index_name text not null,
  sha256 text not null,
  project text not null,
  kind text not null check (kind in ('allow', 'hold', 'block')),
  document text not null,
  primary key (index_name, sha256)
);
create index verdicts_by_project on verdicts (index_name, project);
create index verdicts_by_kind on verdicts (index_name, kind, project);

create table facts (
  seq integer primary key,
  id text not null unique,
  document text not null
);
create trigger facts_stay_update before update on facts begin select raise(abort, 'facts are only appended'); end;
create trigger facts_stay_delete before delete on facts begin select raise(abort, 'facts are only appended'); end;

create table audit_events (
  seq integer primary key,
  document text not null,
  previous_hash text not null,
  hash text not null
);
create trigger audit_stays_update before update on audit_events begin select raise(abort, 'audit events are only appended'); end;
create trigger audit_stays_delete before delete on audit_events begin select raise(abort, 'audit events are only appended'); end;

create table audit_head (
  id integer primary key check (id = 1),
  seq integer not null,
  hash text not null
);
insert into audit_head (id, seq, hash) values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table counters (
  name text primary key,
  value integer not null
);
insert into counters (name, value) values ('revision', 0);

create table advisories (
  source text not null,
  id text not null,
  modified text not null,
  withdrawn integer not null check (withdrawn in (0, 1)),
  document text not null,
  primary key (source, id)
);
create index advisories_by_id on advisories (id, modified);

create table advisory_projects (
  project text not null,
  source text not null,
  id text not null,
  primary key (source, id, project),
  foreign key (source, id) references advisories (source, id) on delete cascade
) without rowid;
create index advisory_projects_by_project on advisory_projects (project);

create table advisory_sources (
  source text primary key,
  status text not null
);
`,
};
