import type { AdvisoryStore } from '../../src/core/advisories/advisory-store.ts';
import { appendToChain, CHAIN_START } from '../../src/core/audit/chain.ts';
import type { AuditEvent, AuditEventInput } from '../../src/core/audit/event.ts';
import { WheelgateError } from '../../src/core/errors.ts';
import type { Inspection } from '../../src/core/policy/evidence.ts';
import type { Exemption } from '../../src/core/policy/exemption.ts';
import { type Fact, isSameRelease } from '../../src/core/policy/fact.ts';
import { KILL_SWITCH_DOWN } from '../../src/core/policy/kill-switch.ts';
import type { ProjectName } from '../../src/core/python/name.ts';
import type { Review } from '../../src/core/review/review.ts';
import type { SharedReviewSet } from '../../src/core/shared-review/shared-review-set.ts';
import type { CachedPage, FileTime, KeptAnswer, KnownFile, RecordedVerdict, Store } from '../../src/gate/ports.ts';
import { createMemoryAdvisoryStore } from '../../src/io/feeds/memory-advisory-store.ts';
import { createMemoryIdentities } from './memory-identities.ts';

/** A `Store` in memory that passes the same contract as the one on SQLite. What goes in and out is copied. */
export function createMemoryStore(): Store & { readonly advisories: AdvisoryStore } {
  const pages = new Map<string, CachedPage>();
  const files = new Map<string, KnownFile>();
  const times = new Map<string, FileTime>();
  const inspections = new Map<string, Inspection>();
  const verdicts = new Map<string, RecordedVerdict>();
  const facts: Fact[] = [];
  const reviews = new Map<string, Review>();
  const exemptions = new Map<string, Exemption>();
  let killSwitch = KILL_SWITCH_DOWN;
  const sharedReviews = new Map<string, SharedReviewSet>();
  const answers = new Map<string, { fingerprint: string; at: Date; answer?: KeptAnswer }>();
  const log: AuditEvent[] = [];
  const advisories = createMemoryAdvisoryStore();
  let revision = 0;
  const touched = new Map<number, readonly ProjectName[]>();

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

    keptAnswers: {
      begin: async ({ slot, fingerprint, at, forgetBefore }) => {
        for (const [key, { at: begun }] of answers) if (begun < forgetBefore) answers.delete(key);
        const before = answers.get(slot);
        if (!before) answers.set(slot, { fingerprint, at });
        return before && { fingerprint: before.fingerprint, ...(before.answer && { answer: before.answer }) };
      },
      finish: async (slot, answer) => {
        const begun = answers.get(slot);
        if (begun) begun.answer = answer;
      },
      forget: async (slot) => void answers.delete(slot),
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
      after: async (seq) => ({
        facts: structuredClone(facts.slice(seq)).map((fact, at) => ({ seq: seq + at + 1, fact })),
        last: facts.length,
      }),
    },

    reviews: {
      find: async (id) => structuredClone(reviews.get(id)),
      findByRelease: async (index, project, version) =>
        structuredClone(
          [...reviews.values()].find(
            (one) => one.index === index && one.project === project && isSameRelease(one.version, version),
          ),
        ),
      list: async ({ state, project, index, indexes, before, limit }) =>
        structuredClone(
          [...reviews.values()]
            .filter(
              (one) =>
                (state === undefined || one.state === state) &&
                (project === undefined || one.project === project) &&
                (index === undefined || one.index === index) &&
                (indexes === undefined || indexes.includes(one.index)) &&
                (before === undefined || byOpening(before, one) < 0),
            )
            .sort(byOpening)
            .slice(0, limit),
        ),
      save: async ({ review, before, facts: added, events }) => {
        const there =
          reviews.get(review.id) ??
          [...reviews.values()].find(
            (one) =>
              one.index === review.index &&
              one.project === review.project &&
              isSameRelease(one.version, review.version),
          );
        if ((there?.revision ?? 0) !== before) throw conflict();
        const commit = chain(events);
        reviews.set(review.id, structuredClone(review));
        facts.push(...structuredClone(added));
        if (added.length > 0) revision += 1;
        commit();
      },
    },

    exemptions: {
      all: async () => structuredClone([...exemptions.values()]),
      save: async (exemption, events) => {
        const commit = chain(events);
        exemptions.set(exemption.id, structuredClone(exemption));
        revision += 1;
        commit();
      },
    },

    killSwitch: {
      read: async () => structuredClone(killSwitch),
      save: async (next, events) => {
        if (next.revision !== killSwitch.revision + 1) throw conflict();
        const commit = chain(events);
        killSwitch = structuredClone(next);
        revision += 1;
        commit();
      },
    },
    identities: createMemoryIdentities(chain),

    sharedReviews: {
      all: async () =>
        structuredClone([...sharedReviews.values()].sort((a, b) => (a.publisher < b.publisher ? -1 : 1))),
      issues: async () =>
        [...sharedReviews.values()]
          .map(({ publisher, issued }) => ({ publisher, issued }))
          .sort((a, b) => (a.publisher < b.publisher ? -1 : 1)),
      put: async (set, events) => {
        if ((sharedReviews.get(set.publisher)?.issued ?? '') >= set.issued) throw conflict();
        const commit = chain(events);
        sharedReviews.set(set.publisher, structuredClone(set));
        revision += 1;
        commit();
      },
    },

    audit: {
      serves: async ({ sha256, project, after = 0, limit }) =>
        structuredClone(
          log
            .filter(
              ({ type, seq, detail }) =>
                type === 'file.served' &&
                seq > after &&
                (sha256 === undefined ? detail.project === project : detail.sha256 === sha256),
            )
            .slice(0, limit),
        ),
      append: async (events) => chain(events)(),
      read: async ({ after = 0, limit }) => structuredClone(log.slice(after, after + limit)),
    },

    advisories: {
      ...advisories,
      apply: async (update, events) => {
        const commit = chain(events);
        for (const one of [update].flat()) {
          const before = await advisories.findBySource(one.status.source);
          await advisories.apply(structuredClone(one), []);
          if (one.put.length > 0 || before.some(({ id }) => one.remove.includes(id))) {
            revision += 1;
            if (one.touched) touched.set(revision, one.touched);
          }
        }
        commit();
      },
      touchedBetween: async (after, upTo) => {
        const between = [...touched].filter(([at]) => at > after && at <= upTo);
        return between.length === upTo - after ? new Set(between.flatMap(([, projects]) => projects)) : undefined;
      },
    },

    revision: async () => revision,
    close: async () => undefined,
  };
}

function conflict(): WheelgateError {
  return new WheelgateError('CONFLICT', 'changed meanwhile', 'Try again.');
}

type Opened = Pick<Review, 'openedAt' | 'id'>;

/** The newest first. */
function byOpening(a: Opened, b: Opened): number {
  return b.openedAt.getTime() - a.openedAt.getTime() || Number(a.id < b.id) - Number(a.id > b.id);
}

/** Parts may hold any character but NUL. */
function key(...parts: readonly string[]): string {
  return parts.join('\0');
}
