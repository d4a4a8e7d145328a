/**
 * The tables as queries see them, on every engine: columns hold what is looked up, everything else is one JSON document
 * (in which any text survives, NUL included). Times are ISO 8601 in UTC, which sorts as text. `body` is gzipped JSON.
 */
export type Tables = {
  pages: {
    upstream: string;
    project: string;
    etag: string | null;
    fetched_at: string;
    /** Null: the upstream has no such project. */
    body: Uint8Array | null;
  };
  known_files: { index_name: string; path: string; project: string; sha256: string; document: string };
  file_times: { upstream: string; url: string; at: string; source: 'last-modified' | 'first-seen' };
  inspections: { sha256: string; engine: string; body: Uint8Array };
  verdicts: {
    index_name: string;
    sha256: string;
    project: string;
    kind: 'allow' | 'hold' | 'block';
    document: string;
  };
  facts: { seq: number; id: string; document: string };
  audit_events: { seq: number; document: string; previous_hash: string; hash: string };
  /** One row, id 1: what the log must end with. */
  audit_head: { id: number; seq: number; hash: string };
  reviews: {
    id: string;
    index_name: string;
    project: string;
    /** The version in a form that is the same for `1.0` and `1.0.0`. */
    release_key: string;
    state: 'open' | 'approved' | 'rejected' | 'unneeded';
    revision: number;
    opened_at: string;
    document: string;
  };
  exemptions: { id: string; document: string };
  /** One row, id 1. */
  kill_switch: { id: number; revision: number; document: string };
  deliveries: {
    id: string;
    channel: string;
    state: 'waiting' | 'sent' | 'failed';
    created_at: string;
    document: string;
  };
  notify_cursors: { channel: string; seq: number };
  kept_answers: {
    slot: string;
    fingerprint: string;
    begun_at: string;
    status: number | null;
    body: string | null;
  };
  shared_review_sets: { publisher: string; issued: string; body: Uint8Array };
  counters: { name: 'revision'; value: number };
  advisories: { source: string; id: string; modified: string; withdrawn: 0 | 1; document: string };
  advisory_projects: { project: string; source: string; id: string };
  tokens: {
    id: string;
    name: string;
    sha256: string;
    expires_at: string;
    revoked_at: string | null;
    last_used_at: string | null;
    document: string;
  };
  users: {
    name: string;
    version: number;
    issuer: string | null;
    subject: string | null;
    last_login_at: string | null;
    document: string;
  };
  sessions: { sha256: string; user_name: string; expires_at: string; document: string };
  advisory_sources: { source: string; status: string };
  epss_scores: { cve: string; score: number; percentile: number };
  known_exploited: { cve: string; since: string; ransomware: 0 | 1 };
  exploitation_feeds: { feed: 'epss' | 'kev'; status: string };
};
