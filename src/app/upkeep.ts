import { type Due, together } from '../gate/notice-changes.ts';
import { readText } from '../io/feeds/read-text.ts';
import type { PolicyFile } from '../io/policy/policy-file.ts';
import { type Metrics, showFigures } from '../server/metrics.ts';
import type { ReadinessCheck } from '../server/routes/health.ts';
import { collectGarbage } from './collect-garbage.ts';
import { hasFeeds } from './has-feeds.ts';
import type { Gate } from './open-gate.ts';

/** How soon a change of the policy file, or of facts and advisories by another process, is noticed. */
const LOOK_EVERY_MS = 1_000;
/** Figures of the workflow in /metrics. */
const FIGURES_EVERY_MS = 10 * 60_000;
const FIGURES_DAYS = 7;
/** How soon reminders, warnings and the end of exemptions are noticed. */
const REVIEWS_EVERY_MS = 60_000;
/** How soon channels are told what happened, when they do not gather. */
const NOTIFY_EVERY_MS = 2_000;

/** What a running gate does besides answering: notices changes, decides again what they touch, reads feeds. */
export function startUpkeep(gate: Gate, metrics: Metrics) {
  const { config, advisories, policies, logger, audit, clock } = gate;
  const ending = new AbortController();
  const jobs: { readonly timer: NodeJS.Timeout; readonly running: () => Promise<void> | undefined }[] = [];
  const problems = new Map<string, unknown>();
  /** What has to be decided again: everything in use, or some projects. */
  let due: Due = new Set();

  async function look(): Promise<void> {
    for (const [path, file] of policies) {
      if (await lookAtPolicy(path, file)) due = 'all';
    }
    await gate.noticeChanges.notice();
    due = together(due, gate.noticeChanges.takeDue());
    metrics.advisoriesAsOf.set(((await advisories.dataAsOf())?.getTime() ?? 0) / 1000);
    if (due !== 'all' && due.size === 0) return;
    await rejudge(due);
    due = new Set();
    await gate.reviewUpkeep.lookForNews();
  }

  async function lookAtPolicy(path: string, file: PolicyFile): Promise<boolean> {
    const outcome = await file.reload();
    if (outcome === 'same') return false;
    const subject = path || (config.policy ?? 'policy');
    if (outcome === 'loaded') {
      logger.info({ policy: subject, revision: file.current().revision }, 'policy loaded');
      audit.note({
        at: clock(),
        type: 'policy.loaded',
        actor: 'gate',
        subject,
        detail: { revision: file.current().revision },
      });
      return true;
    }
    logger.error({ err: file.problem(), policy: subject }, 'policy refused: the last good revision stays in force');
    audit.note({
      at: clock(),
      type: 'policy.refused',
      actor: 'gate',
      subject,
      detail: { problem: file.problem()?.message },
    });
    return false;
  }

  async function rejudge(what: Due): Promise<void> {
    for (const index of gate.indexes) {
      for (const project of await gate.store.verdicts.allowedProjects(index.name)) {
        if (what !== 'all' && !what.has(project)) continue;
        if (ending.signal.aborted) return;
        const changed = await gate.rejudge(index, [project]);
        if (changed.length > 0) logger.warn({ index: index.name, projects: changed }, 'verdicts changed');
      }
    }
  }

  async function readSharedReviews(): Promise<void> {
    for (const { name, url } of config.trust) {
      if (url === undefined || ending.signal.aborted) continue;
      try {
        const { set, isNew } = await gate.shareReviews.take(await readText(url, ending.signal, config.proxy), 'gate');
        if (isNew) logger.info({ publisher: name, entries: set.entries.length }, 'shared reviews read');
      } catch (error) {
        if (!ending.signal.aborted)
          logger.error({ err: error, publisher: name }, 'shared reviews failed: older ones stay');
      }
    }
  }

  async function readFeeds(): Promise<void> {
    const how = { actor: 'gate', signal: ending.signal };
    const outcomes = [...(await gate.syncFeeds(config.feeds.urls, how)), ...(await gate.syncExploitation(how))];
    if (ending.signal.aborted) return;
    for (const outcome of outcomes) {
      if (outcome.kind === 'failed')
        logger.error({ err: outcome.error, feed: outcome.location }, 'feed failed: older data stays in force');
      else logger.info({ feed: outcome.location, outcome: outcome.kind }, 'feed read');
    }
    if (outcomes.some(({ kind }) => kind === 'imported')) collectGarbage();
  }

  /**
   * Does a job now and then, never twice at once. A failure is logged, shown by /readyz and tried again. Jobs do not wait
   * for each other: a feed that hangs must not keep an approval from being noticed.
   */
  function every(intervalMs: number, name: string, work: () => Promise<void>): () => void {
    let running: Promise<void> | undefined;
    const run = () => {
      running ??= attempt(name, work).finally(() => {
        running = undefined;
      });
    };
    jobs.push({ timer: setInterval(run, intervalMs), running: () => running });
    return run;
  }

  async function attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      problems.delete(name);
    } catch (error) {
      if (ending.signal.aborted) return;
      problems.set(name, error);
      logger.error({ err: error, job: name }, 'upkeep failed');
    }
  }

  every(LOOK_EVERY_MS, 'look for changes', look);
  every(FIGURES_EVERY_MS, 'figures', async () => showFigures(metrics, await gate.readFigures(FIGURES_DAYS)))();
  every(REVIEWS_EVERY_MS, 'look after reviews', gate.reviewUpkeep.run);
  if (config.notify.length > 0) every(NOTIFY_EVERY_MS, 'notify', () => gate.notify.run(ending.signal));
  if (config.trust.some(({ url }) => url !== undefined))
    every(config.feeds.interval, 'read shared reviews', readSharedReviews)();
  if (hasFeeds(config)) every(config.feeds.interval, 'read feeds', readFeeds)();

  return {
    async readiness(): Promise<readonly ReadinessCheck[]> {
      const store = await gate.store.revision().then(
        () => ({ name: 'store', ok: true }),
        (error: Error) => ({ name: 'store', ok: false, problem: error.message }),
      );
      const broken = [...policies.values()].flatMap((file) => file.problem() ?? []);
      const [failed] = [...problems.values()];
      return [
        store,
        {
          name: 'policy',
          ok: broken.length === 0,
          ...(broken[0] && { problem: `${broken[0].message} The last good revision is in force.` }),
        },
        {
          name: 'upkeep',
          ok: failed === undefined,
          ...(failed !== undefined && { problem: failed instanceof Error ? failed.message : String(failed) }),
        },
      ];
    },
    /** Ends what runs as soon as it can be ended whole; a download is broken off. */
    async stop(): Promise<void> {
      ending.abort();
      for (const { timer } of jobs) clearInterval(timer);
      await Promise.all(jobs.map(({ running }) => running()));
    },
  };
}
