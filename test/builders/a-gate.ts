import { openReviews } from '../../src/app/open-reviews.ts';
import { anonymousIdentity } from '../../src/core/identity/identity.ts';
import { filePath } from '../../src/core/index/file-path.ts';
import type { IndexFile } from '../../src/core/index/page.ts';
import { parsePolicy } from '../../src/core/policy/policy.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { createAdvisorySource } from '../../src/gate/advisory-source.ts';
import { createAuditTrail } from '../../src/gate/audit-trail.ts';
import { createTellChangedBytes } from '../../src/gate/changed-bytes.ts';
import { createDateFiles } from '../../src/gate/date-files.ts';
import { createDecideProject } from '../../src/gate/decide-project.ts';
import { createInspections } from '../../src/gate/inspections.ts';
import { createJudge } from '../../src/gate/judge.ts';
import { loadKnowledge } from '../../src/gate/knowledge.ts';
import { createListProject } from '../../src/gate/list-project.ts';
import { createNoticeChanges } from '../../src/gate/notice-changes.ts';
import type { BlobStore, Upstream } from '../../src/gate/ports.ts';
import { createReadProject } from '../../src/gate/read-project.ts';
import { createRecordFact } from '../../src/gate/record-fact.ts';
import { createRejudge } from '../../src/gate/rejudge.ts';
import { createServeFile, type FileRequest } from '../../src/gate/serve-file.ts';
import type { ServedIndex } from '../../src/gate/served-index.ts';
import { FakeInspector } from '../fakes/fake-inspector.ts';
import { FakeUpstream } from '../fakes/fake-upstream.ts';
import { Faults } from '../fakes/faults.ts';
import { createMemoryBlobs } from '../fakes/memory-blobs.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { NOW } from './an-evidence.ts';

export type GateOver = {
  /** Text of policy.toml. */
  policy?: string;
  /** In order; one public upstream by default. */
  upstreams?: readonly { readonly upstream: Upstream; readonly isPrivate: boolean }[];
  pageTtlMs?: number;
  topProjects?: readonly string[];
  /** Of a gate that ran before. */
  store?: ReturnType<typeof createMemoryStore>;
  blobs?: BlobStore;
};

/**
 * The flows of a gate over fakes, plugged together as app/open-gate.ts does, one public upstream and advisory data of
 * today. A test changes the time by `time` and the policy by `setPolicy`.
 */
export async function aGate(over: GateOver = {}) {
  const { store = createMemoryStore(), blobs = createMemoryBlobs(), pageTtlMs = 300_000 } = over;
  const faults = new Faults();
  const upstream = new FakeUpstream();
  const inspector = new FakeInspector();
  const time = {
    now: NOW,
    /** So many milliseconds after `NOW`. */
    set(ms: number): void {
      time.now = new Date(NOW.getTime() + ms);
    },
  };
  const clock = () => time.now;
  const errors: { upstream: string; error: unknown }[] = [];
  const onUpstreamError = (name: string, error: unknown) => errors.push({ upstream: name, error });
  const judged: string[] = [];
  let policy = parsePolicy(over.policy ?? '');
  const upstreams = over.upstreams ?? [{ upstream, isPrivate: false }];
  const index: ServedIndex = {
    name: 'default',
    upstreams: upstreams.map((one, i) => ({ ...one, upstream: faults.wrap(`upstream${i || ''}`, one.upstream) })),
    policy: () => policy,
  };
  const holding = { records: 0, asOf: NOW.toISOString() };
  const status = { source: 'today', malware: holding, vulnerabilities: holding, importedAt: NOW.toISOString() };
  await store.advisories.apply({ status: { ...status, validators: {} }, put: [], remove: [] }, []);

  const ports = {
    store: faults.wrap('store', store),
    blobs: faults.wrap('blobs', blobs),
    inspector: faults.wrap('inspector', inspector),
  };
  const advisories = createAdvisorySource(ports.store.advisories);
  const knowledge = await loadKnowledge({
    store: ports.store,
    indexes: [index],
    topProjects: over.topProjects ?? [],
  });
  const audit = createAuditTrail(ports.store.audit, () => undefined);
  const inspections = createInspections({ ...ports, store: ports.store.inspections, clock });
  const readProject = createReadProject({
    pages: ports.store.pages,
    clock,
    pageTtlMs,
    onUpstreamError,
  });
  const alarms: string[] = [];
  const tellChangedBytes = createTellChangedBytes({ audit, clock, onChangedBytes: ({ path }) => alarms.push(path) });
  const decide = createDecideProject({
    readProject,
    dateFiles: createDateFiles({ fileTimes: ports.store.fileTimes, clock }),
    store: ports.store,
    advisories,
    knowledge,
    inspections,
    tellChangedBytes,
    clock,
  });
  const judge = createJudge({
    ...ports,
    inspections,
    decide,
    knowledge,
    tellChangedBytes,
    clock,
    maxFileBytes: 10_000_000,
    downloadDeadlineMs: 60_000,
    onJudged: (_, { verdict }) => judged.push(verdict.kind),
    onUpstreamError,
  });
  const rejudge = createRejudge({ decide, judge, store: ports.store });
  const noticeChanges = createNoticeChanges(knowledge, advisories, store.advisories);
  const reviewErrors: unknown[] = [];
  const people = openReviews({
    store: ports.store,
    decide,
    judge,
    rejudge,
    noticeChanges,
    indexes: [index],
    index: () => index,
    clock,
    onError: (error) => reviewErrors.push(error),
  });
  const refused = people.refusedRequests.note;
  const serveFile = createServeFile({
    ...ports,
    decide,
    judge,
    files: ports.store.files,
    audit,
    refused,
    knowledge,
    clock,
  });
  const listProject = createListProject({ decide, knowledge, clock, pageTtlMs });

  return {
    index,
    upstream,
    inspector,
    store,
    blobs,
    faults,
    time,
    errors,
    alarms,
    judged,
    advisories,
    knowledge,
    audit,
    readProject,
    decide,
    judge,
    serveFile,
    listProject,
    ...people,
    reviewErrors,
    rejudge,
    recordFact: createRecordFact({
      decide,
      judge,
      store: ports.store,
      noticeChanges,
      settleReviews: people.settleReviews,
      clock,
    }),
    setPolicy(text: string): void {
      policy = parsePolicy(text);
    },
    /** What upkeep does once a second. */
    refresh: noticeChanges.notice,
    /** A request for a file as its page lists it. */
    serve: (file: IndexFile, request: Partial<FileRequest> = {}) =>
      serveFile(index, {
        path: filePath(file),
        part: 'file',
        patienceMs: 5_000,
        identity: anonymousIdentity('127.0.0.1', 'read'),
        client: {},
        ...request,
      }),
    decideProject: (project: string) => decide.decideProject(index, parseProjectName(project)),
    /** The page as text. */
    async page(project: string, format: 'json' | 'html' = 'json'): Promise<string> {
      const page = await listProject.list(index, parseProjectName(project), format, 'http://gate.test');
      return typeof page === 'string' ? page : page.body.toString();
    },
    /** Types of the events that were written, with their subjects. */
    async events(): Promise<readonly string[]> {
      await audit.flush();
      return (await store.audit.read({ limit: 100_000 })).map(({ type, subject }) => `${type} ${subject}`);
    },
  };
}

export type TestGate = Awaited<ReturnType<typeof aGate>>;
