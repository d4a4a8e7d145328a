import type { PolicyFile } from '../io/policy/policy-file.ts';
import type { Metrics } from '../server/metrics.ts';
import type { ReadinessCheck } from '../server/routes/health.ts';
import type { Gate } from './open-gate.ts';

/** How soon a change of the policy file, or of facts and advisories by another process, is noticed. */
const LOOK_EVERY_MS = 1_000;

/** What a running gate does besides answering: notices changes, decides again what they touch, reads feeds. */
export function startUpkeep(gate: Gate, metrics: Metrics) {
  const { config, knowledge, advisories, policies, logger, audit, clock } = gate;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  let problem: unknown;

  async function look(): Promise<void> {
    let changed = false;
    for (const [path, file] of policies) changed = (await lookAtPolicy(path, file)) || changed;
    if (await knowledge.refresh()) {
      advisories.forget();
      changed = true;
    }
    if (changed) await rejudgeAll();
    metrics.advisoriesAsOf.set(((await advisories.dataAsOf())?.getTime() ?? 0) / 1000);
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

  async function rejudgeAll(): Promise<void> {
    for (const index of gate.indexes) {
      const projects = await gate.store.verdicts.allowedProjects(index.name);
      const changed = await gate.rejudge(index, projects);
      if (changed.length > 0) logger.warn({ index: index.name, projects: changed }, 'verdicts changed');
    }
  }

  async function readFeeds(): Promise<void> {
    const outcomes = await gate.syncFeeds(config.feeds.urls, { actor: 'gate' });
    for (const outcome of outcomes) {
      if (outcome.kind === 'failed')
        logger.error({ err: outcome.error, feed: outcome.location }, 'feed failed: older data stays in force');
      else logger.info({ feed: outcome.location, outcome: outcome.kind }, 'feed read');
    }
  }

  /** One piece of work at a time; a failure is logged, shown by /readyz and tried again. */
  function enqueue(work: () => Promise<void>): void {
    working = working.then(async () => {
      if (stopped) return;
      try {
        await work();
        problem = undefined;
      } catch (error) {
        problem = error;
        logger.error({ err: error }, 'upkeep failed');
      }
    });
  }

  let looking = false;
  const timers = [
    setInterval(() => {
      if (looking) return;
      looking = true;
      enqueue(look);
      enqueue(async () => {
        looking = false;
      });
    }, LOOK_EVERY_MS),
  ];
  if (config.feeds.urls.length > 0) {
    enqueue(readFeeds);
    timers.push(setInterval(() => enqueue(readFeeds), config.feeds.interval));
  }

  return {
    async readiness(): Promise<readonly ReadinessCheck[]> {
      const store = await gate.store.revision().then(
        () => ({ name: 'store', ok: true }),
        (error: Error) => ({ name: 'store', ok: false, problem: error.message }),
      );
      const broken = [...policies.values()].flatMap((file) => file.problem() ?? []);
      return [
        store,
        {
          name: 'policy',
          ok: broken.length === 0,
          ...(broken[0] && { problem: `${broken[0].message} The last good revision is in force.` }),
        },
        {
          name: 'upkeep',
          ok: problem === undefined,
          ...(problem !== undefined && { problem: (problem as Error).message }),
        },
      ];
    },
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await working;
      stopped = true;
    },
  };
}
