import type { Migration } from './migration.ts';

/** Answers to changes that were sent with an Idempotency-Key. Without `status` and `body`: it was begun. */
export const keptAnswers: Migration = {
  version: 7,
  name: 'kept answers',
  sqlite: `
create table kept_answers (
  slot text primary key,
  fingerprint text not null,
  begun_at text not null,
  status integer,
  body text
) without rowid;
create index kept_answers_by_age on kept_answers (begun_at);
`,
};
