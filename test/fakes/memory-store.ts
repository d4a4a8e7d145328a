import type { Advisory } from '../../src/core/advisories/advisory.ts';
import type { AdvisorySourceStatus, AdvisoryStore } from '../../src/core/advisories/advisory-store.ts';
import { appendToChain, CHAIN_START } from '../../src/core/audit/chain.ts';
import type { AuditEvent, AuditEventInput } from '../../src/core/audit/event.ts';
import { WheelgateError } from '../../src/core/errors.ts';
import type { Inspection } from '../../src/core/policy/evidence.ts';
import type { Fact } from '../../src/core/policy/fact.ts';
import type { CachedPage, FileTime, KnownFile, RecordedVerdict, Store } from '../../src/gate/ports.ts';

/** A `Store` in memory that passes the same contract as the one on SQLite. What goes in and out is copied. */
export function createMemoryStore(): Store & { readonly advisories: AdvisoryStore } {
  const pages = new Map<string, CachedPage>();
  const files = new Map<string, KnownFile>();
  const times = new Map<string, FileTime>();
  const inspections = new Map<string, Inspection>();
  const verdicts = new Map<string, RecordedVerdict>();
  const facts: Fact[] = [];
  const log: AuditEvent[] = [];
  const advisories = new Map<string, { source: string; advisory: Advisory }>();
  const statuses = new Map<string, AdvisorySourceStatus>();
  let revision = 0;

  /** Makes the events first: when one is refused, nothing else has changed yet. */
  function chain(events: readonly AuditEventInput[]): () => void {
    const linked = appendToChain(log.at(-1) ?? CHAIN_START, structuredClone(events));
    return () => void log.push(...linked);
  }

  return {
    pages: {
      find: async (upstream, project) => structuredClone(pages.get(key(upstream, project))),
      put: async (upstream, project, page) => void pages.set(key(upstream, project), structuredClone(page)),
    },

    files: {
      put: async (file) => void files.set(key(file.index, file.path), structuredClone(file)),
      findByPath: async (index, path) => structuredClone(files.get(key(index, path))),
      findByDigest: async (sha256) => structuredClone([...files.values()].filter((file) => file.sha256 === sha256)),
      findByProject: async (project) => structuredClone([...files.values()].filter((file) => file.project === project)),
    },

    fileTimes: {
      find: async (upstream, urls) => {
        const found = urls.map((url) => [url, times.get(key(upstream, url))] as const);
        return structuredClone(new Map(found.filter((entry): entry is [string, FileTime] => entry[1] !== undefined)));
      },
      put: async (upstream, rows) => {
        for (const { url, time } of rows) {
          if (!times.has(key(upstream, url))) times.set(key(upstream, url), structuredClone(time));
        }
      },
    },

    inspections: {
      find: async (sha256, engine) => structuredClone(inspections.get(key(sha256, engine))),
      put: async (sha256, engine, inspection) => void inspections.set(key(sha256, engine), structuredClone(inspection)),
    },

    verdicts: {
      find: async (index, sha256) => structuredClone(verdicts.get(key(index, sha256))),
      record: async (verdict, event) => {
        const commit = chain([event]);
        verdicts.set(key(verdict.index, verdict.sha256), structuredClone(verdict));
        commit();
      },
      findByProject: async (index, project) =>
        structuredClone([...verdicts.values()].filter((row) => row.index === index && row.project === project)),
      allowedProjects: async (index) => {
        const allowed = [...verdicts.values()].filter((row) => row.index === index && row.verdict.kind === 'allow');
        return [...new Set(allowed.map(({ project }) => project))].sort();
      },
    },

    facts: {
      append: async (added, events) => {
        const ids = new Set([...facts, ...added].map(({ id }) => id));
        if (ids.size < facts.length + added.length) {
          throw new WheelgateError('STORE_FAILED', 'A fact with this id is there already', 'Facts are only appended.');
        }
        const commit = chain(events);
        facts.push(...structuredClone(added));
        if (added.length > 0) revision += 1;
        commit();
      },
      all: async () => structuredClone(facts),
    },

    audit: {
      append: async (events) => chain(events)(),
      read: async ({ after = 0, limit }) => structuredClone(log.slice(after, after + limit)),
    },

    advisories: {
      apply: async ({ status, put, remove }, events) => {
        const commit = chain(events);
        const removed = remove.filter((id) => advisories.delete(key(status.source, id)));
        for (const advisory of structuredClone(put)) {
          advisories.set(key(status.source, advisory.id), { source: status.source, advisory });
        }
        statuses.set(status.source, structuredClone(status));
        if (removed.length > 0 || put.length > 0) revision += 1;
        commit();
      },
      findByProject: async (project) => {
        const rows = [...advisories.values()].map(({ advisory }) => advisory);
        const isNewest = ({ id, modified }: Advisory) =>
          rows.every((copy) => copy.id !== id || copy.modified <= modified);
        const named = rows.filter(({ affected }) => affected.some((entry) => entry.project === project));
        return structuredClone(named.filter(isNewest));
      },
      findBySource: async (source) =>
        structuredClone(
          [...advisories.values()].filter((row) => row.source === source).map(({ advisory }) => advisory),
        ),
      projects: async () => {
        const valid = [...advisories.values()].filter(({ advisory }) => advisory.withdrawn === undefined);
        return [...new Set(valid.flatMap(({ advisory }) => advisory.affected.map(({ project }) => project)))].sort();
      },
      statuses: async () => structuredClone([...statuses.values()].sort((a, b) => (a.source < b.source ? -1 : 1))),
    },

    revision: async () => revision,
    close: async () => undefined,
  };
}

/** Parts may hold any character but NUL. */
function key(...parts: readonly string[]): string {
  return parts.join('\0');
}
