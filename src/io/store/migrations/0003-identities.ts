import type { Migration } from './migration.ts';

export const identities: Migration = {
  version: 3,
  name: 'identities',
  sqlite: `
create table tokens (
  id text primary key,
  name text not null,
  sha256 text not null unique,
  expires_at text not null,
  revoked_at text,
  last_used_at text,
  document text not null
);
create index tokens_by_name on tokens (name, id);

create table users (
  name text primary key,
  version integer not null,
  issuer text,
  subject text,
  last_login_at text,
  document text not null,
  unique (issuer, subject)
);

create table sessions (
  sha256 text primary key,
  user_name text not null,
  expires_at text not null,
  document text not null
);
create index sessions_by_user on sessions (user_name);
`,
};
