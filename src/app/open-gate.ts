import { isAbsolute, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { endOfDay } from '../core/duration.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Delivery } from '../core/notify/delivery.ts';
import { createAdvisorySource } from '../gate/advisory-source.ts';
import { createAuditTrail } from '../gate/audit-trail.ts';
import { type ChangedBytes, createTellChangedBytes } from '../gate/changed-bytes.ts';
import { createDateFiles } from '../gate/date-files.ts';
import { createDecideProject } from '../gate/decide-project.ts';
import { createExplainRelease } from '../gate/explain-release.ts';
import type { ImportNeeds } from '../gate/import-advisories.ts';
import { createInspections } from '../gate/inspections.ts';
import { installSnapshot } from '../gate/install-snapshot.ts';
import { createJudge } from '../gate/judge.ts';
import { loadKnowledge } from '../gate/knowledge.ts';
import { hostInUrl } from '../gate/links.ts';
import { createNoticeChanges } from '../gate/notice-changes.ts';
import { createNotify } from '../gate/notify.ts';
import type { Clock, Upstream } from '../gate/ports.ts';
import { createReadFigures } from '../gate/read-figures.ts';
import { createReadProject } from '../gate/read-project.ts';
import { createRecordFact } from '../gate/record-fact.ts';
import { createRejudge } from '../gate/rejudge.ts';
import { createReleaseVerdicts } from '../gate/release-verdicts.ts';
import { createReplayPolicy } from '../gate/replay-policy.ts';
import { DEFAULT_INDEX, type ServedIndex } from '../gate/served-index.ts';
import { createShareReviews } from '../gate/share-reviews.ts';
import { syncExploitation } from '../gate/sync-exploitation.ts';
import { syncFeeds } from '../gate/sync-feeds.ts';
import { createTeamVex } from '../gate/team-vex.ts';
import { openDiskBlobs } from '../io/blobs/disk-blobs.ts';
import { keepHotBlobs } from '../io/blobs/hot-blobs.ts';
import { openFeed } from '../io/feeds/open-feed.ts';
import { readExploitationFeed } from '../io/feeds/read-exploitation-feed.ts';
import { loadSnapshot } from '../io/feeds/snapshot.ts';
import { loadTopProjects } from '../io/feeds/top-projects.ts';
import { sendMessage } from '../io/notify/send-message.ts';
import { openPolicyFile, type PolicyFile } from '../io/policy/policy-file.ts';
import { openDataFolder } from '../io/store/data-folder.ts';
import { openSqliteStore } from '../io/store/sqlite-store.ts';
import { createUpstream } from '../io/upstream/create-upstream.ts';
import { createInspector } from '../io/workers/inspector.ts';
import { loadYaraRules } from '../io/workers/yara-rules.ts';
import type { NamedUpstream } from './choose-upstreams.ts';
import { collectGarbage } from './collect-garbage.ts';
import { openReviews } from './open-reviews.ts';

/** What the gate reports while it works; the server turns it into logs and metrics. */
export type GateEvents = {
  readonly onUpstreamError: (upstream: string, error: unknown) => void;
  readonly onJudged: (seconds: number, verdict: string, rule: string) => void;
  readonly onAuditError: (error: unknown) => void;
  readonly onChangedBytes: (change: ChangedBytes) => void;
  readonly onDelivery: (delivery: Delivery) => void;
};

/** For commands that report their own outcome. */
export const UNWATCHED: GateEvents = {
  onUpstreamError() {},
  onJudged() {},
  onAuditError() {},
  onChangedBytes() {},
  onDelivery() {},
};

export type Gate = Awaited<ReturnType<typeof openGate>>;

/** Some minutes of a very busy gate, months of most; reading them takes about a second. */
const MAX_FIGURE_EVENTS = 100_000;

const clock: Clock = () => new Date();

/** Most wheels by number; the large ones are streamed. */
const HOT_BLOBS = { maxBytes: 64 * 2 ** 20, maxBlobBytes: 2 * 2 ** 20 };

/**
 * The composition root: opens everything in io/ that the configuration names and plugs it into the flows of gate/.
 * @throws {WheelgateError} when the data folder, the policy or an upstream cannot be used
 */
export async function openGate(config: Config, chosen: readonly NamedUpstream[], logger: Logger, events: GateEvents) {
  const folder = await openDataFolder(config.data);
  const store = await openSqliteStore(folder.databasePath);
  const blobs = keepHotBlobs(await openDiskBlobs(folder.blobsRoot), HOT_BLOBS);
  const policies = await openPolicies(config, resolve(config.data));
  const indexes = serveIndexes(config, chosen, policies);
  const inspector = createInspector({
    deadlineMs: config.limits.inspection_time,
    maxMemoryBytes: config.limits.inspection_memory,
    yara: await loadYaraRules(config.analysis.yara),
  });
  const advisories = createAdvisorySource(store.advisories, { exploitation: store.exploitation });
  const feeds: ImportNeeds = { store: store.advisories, clock };
  if (await installSnapshot(feeds, await loadSnapshot())) collectGarbage();

  const trusted = config.trust.map(({ expires, ...publisher }) => ({ ...publisher, expires: endOfDay(expires) }));
  const knowledge = await loadKnowledge({ store, indexes, topProjects: await loadTopProjects(), trusted });
  const audit = createAuditTrail(store.audit, events.onAuditError);
  const inspections = createInspections({ store: store.inspections, blobs, inspector, clock });
  const tellChangedBytes = createTellChangedBytes({ audit, clock, onChangedBytes: events.onChangedBytes });
  const decide = createDecideProject({
    readProject: createReadProject({
      pages: store.pages,
      clock,
      pageTtlMs: config.page_ttl,
      onUpstreamError: events.onUpstreamError,
    }),
    dateFiles: createDateFiles({ fileTimes: store.fileTimes, clock }),
    store,
    advisories,
    knowledge,
    inspections,
    tellChangedBytes,
    clock,
  });
  const judge = createJudge({
    store,
    blobs,
    inspector,
    inspections,
    decide,
    knowledge,
    tellChangedBytes,
    clock,
    maxFileBytes: config.limits.file,
    downloadDeadlineMs: config.limits.download_time,
    onUpstreamError: events.onUpstreamError,
    onJudged: (seconds, { verdict }) => events.onJudged(seconds, verdict.kind, verdict.reasons[0]?.rule ?? 'none'),
  });
  const rejudge = createRejudge({ decide, judge, store });
  const noticeChanges = createNoticeChanges(knowledge, advisories, store.advisories);
  /** @throws {WheelgateError} NOT_FOUND */
  function findIndex(name: string | undefined): ServedIndex {
    const found = indexes.find((one) => one.name === (name ?? DEFAULT_INDEX));
    if (found) return found;
    throw new WheelgateError(
      'NOT_FOUND',
      `there is no index ${JSON.stringify(name)}`,
      `The indexes are ${indexes.map((one) => one.name).join(', ')}.`,
    );
  }
  const people = openReviews({
    store,
    decide,
    judge,
    rejudge,
    noticeChanges,
    indexes,
    index: findIndex,
    clock,
    onError: (error) => logger.error({ err: error }, 'a refused request could not be put before people'),
  });

  return {
    ...people,
    noticeChanges,
    config,
    clock,
    logger,
    indexes,
    policies,
    store,
    blobs,
    advisories,
    knowledge,
    audit,
    decide,
    judge,
    rejudge,
    inspections,
    shareReviews: createShareReviews({ store, trusted, clock }),
    notify: createNotify({
      channels: config.notify,
      log: store.audit,
      deliveries: store.deliveries,
      send: sendMessage,
      clock,
      base: config.public_url?.replace(/\/$/, '') ?? `http://${hostInUrl(config.host)}:${config.port}`,
      onDelivery: events.onDelivery,
    }),
    readFigures: createReadFigures({ log: store.audit, reviews: store.reviews, clock, maxEvents: MAX_FIGURE_EVENTS }),
    replayPolicy: createReplayPolicy({ indexes, store, log: store.audit, decide }),
    explainRelease: createExplainRelease(decide),
    recordFact: createRecordFact({ decide, judge, store, noticeChanges, settleReviews: people.settleReviews, clock }),
    releaseVerdicts: createReleaseVerdicts(decide),
    teamVex: createTeamVex({ store, advisories, clock }),
    syncFeeds: (locations: readonly string[], options: { actor: string; force?: boolean; signal?: AbortSignal }) =>
      syncFeeds(
        {
          ...feeds,
          exploitation: store.exploitation,
          openFeed: (location, validators, signal) =>
            openFeed(location, {
              ...(validators && { validators }),
              ...(signal && { signal }),
              ...(config.proxy && { proxy: config.proxy }),
            }),
        },
        locations,
        options,
      ),
    /** EPSS and KEV, where they are configured. */
    syncExploitation: (options: { actor: string; force?: boolean; signal?: AbortSignal }) =>
      syncExploitation(
        {
          store: store.exploitation,
          clock,
          read: (location, validators, signal) => readExploitationFeed(location, validators, signal, config.proxy),
        },
        config.feeds,
        options,
      ),
    index: findIndex,
    async close(): Promise<void> {
      await people.refusedRequests.flush();
      await audit.flush();
      await inspector.close();
      await store.close();
    },
  };
}

/** Policy files by path: two indexes with the same file share it. The main one has the key ''. */
async function openPolicies(config: Config, dataFolder: string): Promise<ReadonlyMap<string, PolicyFile>> {
  const policies = new Map<string, PolicyFile>();
  policies.set('', await openPolicyFile(config.policy, join(dataFolder, 'policy.last-good.toml')));
  for (const [name, { policy }] of Object.entries(config.indexes)) {
    if (policy !== undefined && !policies.has(policy)) {
      policies.set(policy, await openPolicyFile(policy, join(dataFolder, `policy-${name}.last-good.toml`)));
    }
  }
  return policies;
}

function serveIndexes(
  config: Config,
  chosen: readonly NamedUpstream[],
  policies: ReadonlyMap<string, PolicyFile>,
): readonly ServedIndex[] {
  const opened = new Map(
    chosen.map((one) => [one.location, { upstream: openUpstream(one, config), isPrivate: one.isPrivate }]),
  );
  const all = [...opened.values()];
  const named = Object.entries(config.indexes).map(([name, { upstreams, policy }]): ServedIndex => {
    const own = upstreams?.map((location) => {
      const found = opened.get(location);
      if (found) return found;
      throw new WheelgateError(
        'CONFIG_INVALID',
        `indexes.${name}: ${location} is no upstream`,
        'List it under [[upstreams]] first, with the same url.',
      );
    });
    return { name, upstreams: own ?? all, policy: () => policies.get(policy ?? '')!.current() };
  });
  return [{ name: DEFAULT_INDEX, upstreams: all, policy: () => policies.get('')!.current() }, ...named];
}

function openUpstream({ location, kind, fileHosts, caFile, proxy: ownProxy }: NamedUpstream, config: Config): Upstream {
  const proxy = ownProxy ?? config.proxy;
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(location) || isAbsolute(location);
  return createUpstream(isUrl ? location : resolve(location), {
    maxFileBytes: config.limits.file,
    fileHosts,
    ...(kind && { kind }),
    ...(proxy && { proxy }),
    ...(caFile !== undefined && { caFile }),
  });
}
