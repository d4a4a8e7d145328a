import type { AddressInfo } from 'node:net';
import { destination, pino } from 'pino';
import type { Config } from '../config.ts';
import { sayDataDates } from '../core/advisories/data-age.ts';
import { WheelgateError } from '../core/errors.ts';
import { localIdentity } from '../core/identity/identity.ts';
import { withoutCredentials } from '../core/without-credentials.ts';
import { createLegacyDocument } from '../gate/legacy-document.ts';
import { hostInUrl, indexRoot } from '../gate/links.ts';
import { createListProject } from '../gate/list-project.ts';
import { createListProjects } from '../gate/list-projects.ts';
import { createPrefetch } from '../gate/prefetch.ts';
import { createQueryOsv } from '../gate/query-osv.ts';
import { createServeFile } from '../gate/serve-file.ts';
import { type AddressOf, createAddressOf } from '../server/client-address.ts';
import { createServer } from '../server/http.ts';
import { createIdentify, type Identify } from '../server/identify.ts';
import { createMetrics, type Metrics } from '../server/metrics.ts';
import { createFileRoute } from '../server/routes/files.ts';
import { createHealthRoutes, type ReadinessCheck } from '../server/routes/health.ts';
import { createLegacyRoute } from '../server/routes/legacy-json.ts';
import { createLoginRoute, type LoginRoute } from '../server/routes/login.ts';
import { createProjectListRoute } from '../server/routes/project-list.ts';
import { createReleasePage } from '../server/routes/release-page.ts';
import { createSimpleRoute } from '../server/routes/simple.ts';
import { wheelTargetOf } from '../server/wheel-target.ts';
import { createApiHandlers } from './api-handlers.ts';
import { type NamedUpstream, readPipSettings } from './choose-upstreams.ts';
import { type Gate, type GateEvents, openGate } from './open-gate.ts';
import { type Identities, openIdentities } from './open-identities.ts';
import { startUpkeep } from './upkeep.ts';

export type RunningServer = {
  /** `http://127.0.0.1:8080`, with the port that was really taken. */
  readonly url: string;
  /** The port that was really taken, whatever `public_url` says. */
  readonly port: number;
  readonly gate: Gate;
  /** What a person who just started the gate wants to read. */
  readonly welcome: readonly string[];
  /** Ends gracefully: no new connections, answers in progress finish, the audit log is written. */
  stop(): Promise<void>;
};

/** A client that keeps its connection busy must not keep the process alive for ever. */
const STOP_WITHIN_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 50;

/**
 * Opens the gate and serves it.
 * @param ownToken one that this process made for the resolver that it starts
 * @throws {WheelgateError} when something of the configuration cannot be used
 */
export async function startServer(
  config: Config,
  chosen: readonly NamedUpstream[],
  version: string,
  ownToken?: string,
): Promise<RunningServer> {
  const logger = pino({ level: config.log_level }, destination({ dest: 2, sync: false }));
  const metrics = createMetrics();
  // First, so that a mistake in it leaves nothing open.
  const addressOf = createAddressOf(config.access.trusted_proxies);
  const gate = await openGate(config, chosen, logger, gateEvents(metrics, logger));
  const upkeep = startUpkeep(gate, metrics);
  const identities = openIdentities(gate);
  const identify = identifier(config, { ...identities, ownToken }, addressOf);
  const app = createServer({
    ...routes(gate, identify, metrics, upkeep.readiness),
    api: {
      handlers: createApiHandlers(gate, identities, version),
      identify: identify.forApi,
      answers: gate.store.keptAnswers,
      clock: gate.clock,
    },
    access: identify,
    login: loginRoute(config, identities, identify),
    indexes: gate.indexes,
    metrics,
    logger,
  });
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await upkeep.stop();
    await gate.close();
    throw listenError(error, config);
  }
  const { port } = app.server.address() as AddressInfo;
  const host = hostInUrl(config.host);
  const url = config.public_url?.replace(/\/$/, '') ?? `http://${host}:${port}`;
  gate.audit.note({ at: gate.clock(), type: 'server.started', actor: 'gate', subject: url, detail: { version } });
  return {
    url,
    port,
    gate,
    welcome: await welcome(gate, chosen, url, version),
    async stop() {
      const forced = setTimeout(() => app.server.closeAllConnections(), STOP_WITHIN_MS);
      // A connection that was busy when the end began is idle once its answer is out, and its client may keep it.
      const idle = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      await app.close();
      clearInterval(idle);
      clearTimeout(forced);
      await upkeep.stop();
      gate.audit.note({ at: gate.clock(), type: 'server.stopped', actor: 'gate', subject: url, detail: {} });
      await gate.close();
    },
  };
}

function gateEvents(
  metrics: Metrics,
  logger: { warn: (...args: unknown[]) => void; error: (...args: unknown[]) => void },
): GateEvents {
  return {
    onUpstreamError(upstream, error) {
      metrics.upstreamErrors.inc({ upstream, code: error instanceof WheelgateError ? error.code : 'unexpected' });
      logger.warn({ err: error, upstream }, 'upstream failed');
    },
    onJudged(seconds, verdict, rule) {
      metrics.judgeSeconds.observe(seconds);
      metrics.verdicts.inc({ verdict, rule });
    },
    onChangedBytes({ upstream, path, detail }) {
      metrics.changedBytes.inc({ upstream });
      logger.error({ upstream, path, ...detail }, 'upstream changed bytes: the file is blocked');
    },
    onDelivery({ channel, state, attempts, problem }) {
      metrics.notifications.inc({ channel, outcome: state === 'waiting' ? 'retried' : state });
      if (state !== 'sent') logger.warn({ channel, attempts, problem }, 'a notification did not arrive');
    },
    onAuditError(error) {
      metrics.auditWriteErrors.inc();
      logger.error({ err: error }, 'audit events could not be written and are kept');
    },
  };
}

function routes(gate: Gate, identify: Identify, metrics: Metrics, readiness: () => Promise<readonly ReadinessCheck[]>) {
  const { config, decide, knowledge, clock, judge, blobs, store, audit } = gate;
  const publicUrl = config.public_url?.replace(/\/$/, '');
  const listProject = createListProject({ decide, knowledge, clock, pageTtlMs: config.page_ttl });
  const prefetch = createPrefetch(judge.prepare);
  const serveFile = createServeFile({
    decide,
    judge,
    blobs,
    files: store.files,
    audit,
    refused: gate.refusedRequests.note,
    knowledge,
    clock,
  });
  const file = createFileRoute({ serveFile, identify, readBlob: blobs.read, metrics, publicUrl });
  const onUpstreamError = (upstream: string, error: unknown) =>
    gate.logger.warn({ err: error, upstream }, 'project list failed');
  return {
    simple: createSimpleRoute({
      listProject,
      metrics,
      publicUrl,
      onPage: (decided, client) => prefetch(decided, wheelTargetOf(client)),
    }),
    projectList: createProjectListRoute(createListProjects({ clock, onUpstreamError })),
    file,
    legacy: createLegacyRoute({ legacyDocument: createLegacyDocument(decide), decide, file, publicUrl }),
    releasePage: createReleasePage({
      explainRelease: gate.explainRelease,
      findReview: store.reviews.findByRelease,
      dataDates: gate.advisories.dataDates,
      indexes: gate.indexes,
      publicUrl,
    }),
    osv: createQueryOsv({ advisories: store.advisories, store }),
    health: createHealthRoutes(readiness, gate.advisories.dataDates, metrics),
  };
}

function identifier(
  { access }: Config,
  { authenticate, cookie, ownToken }: Identities & { readonly ownToken: string | undefined },
  addressOf: AddressOf,
): Identify {
  // A tool asks, not the person, who may have to approve what it is refused.
  const own = localIdentity('resolver');
  return createIdentify({
    authenticate: {
      session: authenticate.session,
      token: async (secret) => (secret === ownToken ? own : authenticate.token(secret)),
    },
    cookie,
    addressOf,
    anonymous: access.anonymous,
    loginsPerMinute: access.logins_per_minute,
    writesPerMinute: access.writes_per_minute,
  });
}

function loginRoute(config: Config, identities: Identities, identify: Identify): LoginRoute | undefined {
  const { providerLogin, cookie } = identities;
  const publicUrl = config.public_url?.replace(/\/$/, '');
  return providerLogin && createLoginRoute({ ...providerLogin, cookie, identify, publicUrl });
}

async function welcome(
  gate: Gate,
  chosen: readonly NamedUpstream[],
  url: string,
  version: string,
): Promise<readonly string[]> {
  const statuses = await gate.store.advisories.statuses();
  const records = statuses.reduce(
    (sum, { malware, vulnerabilities }) => sum + (malware?.records ?? 0) + (vulnerabilities?.records ?? 0),
    0,
  );
  const dates = sayDataDates(await gate.advisories.dataDates());
  const goesRound = readPipSettings().indexes.length > 0;
  // With other indexes configured, a bare --index-url would leave them in: pip would go round the gate.
  const pip = goesRound && process.platform !== 'win32' ? 'PIP_CONFIG_FILE=/dev/null pip --isolated' : 'pip';
  return [
    `Wheelgate ${version} is running at ${url}`,
    '',
    'Install through it:',
    ...gate.indexes.map(({ name }) => `  ${pip} install --index-url ${url}${indexRoot(name)}/simple/ PACKAGE`),
    '',
    ...(goesRound
      ? [
          'pip on this machine has other indexes configured; the line above leaves them out, `wheelgate setup pip` makes that last.',
          '',
        ]
      : []),
    ...gate.indexes.map(
      ({ name, policy }) =>
        `policy      ${policy().preset}${gate.indexes.length > 1 ? ` (${name})` : ''}, revision ${policy().revision}`,
    ),
    ...chosen.map(
      ({ location, why }, i) =>
        `${i === 0 ? 'upstream' : 'then'}${' '.repeat(i === 0 ? 4 : 8)}${withoutCredentials(location)} (${why})`,
    ),
    `advisories  ${records}: ${dates || 'none'}`,
    `data        ${gate.config.data}`,
  ];
}

function listenError(error: unknown, { host, port }: Config): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new WheelgateError(
      'CONFIG_INVALID',
      `port ${port} on ${host} is taken`,
      'Stop what listens there, or choose another with --port or WHEELGATE_PORT.',
      error,
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new WheelgateError(
      'CONFIG_INVALID',
      `cannot listen on ${host} port ${port}`,
      'Choose another address with --host and --port.',
      error,
    );
  }
  return error;
}
