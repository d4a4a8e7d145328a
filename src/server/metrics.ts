import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { WorkflowFigures } from '../core/review/workflow-figures.ts';

/** What `/metrics` shows, in Prometheus' text format. Names and help texts are the reference (docs/operations.md). */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'wheelgate_' });
  const registers = [registry];
  return {
    registry,
    pageAnswers: new Counter({
      name: 'wheelgate_page_answers_total',
      help: 'Project pages by how they were answered: hit (bytes from memory), miss (decided and rendered), absent.',
      labelNames: ['answer'],
      registers,
    }),
    fileAnswers: new Counter({
      name: 'wheelgate_file_answers_total',
      help: 'Requests for files, metadata and provenance by outcome.',
      labelNames: ['part', 'answer'],
      registers,
    }),
    verdicts: new Counter({
      name: 'wheelgate_verdicts_total',
      help: 'Verdicts given on files whose bytes were inspected, by kind and decisive rule.',
      labelNames: ['verdict', 'rule'],
      registers,
    }),
    judgeSeconds: new Histogram({
      name: 'wheelgate_judge_seconds',
      help: 'Time from the first request for a file to its verdict, download included.',
      buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60],
      registers,
    }),
    upstreamErrors: new Counter({
      name: 'wheelgate_upstream_errors_total',
      help: 'Failed requests to upstreams, by upstream and error code.',
      labelNames: ['upstream', 'code'],
      registers,
    }),
    changedBytes: new Counter({
      name: 'wheelgate_upstream_changed_bytes_total',
      help: 'Files whose bytes an upstream changed, by upstream. Worth an alarm.',
      labelNames: ['upstream'],
      registers,
    }),
    notifications: new Counter({
      name: 'wheelgate_notifications_total',
      help: 'Attempts to send a notification, by channel and outcome: sent, retried, failed (given up).',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    advisoriesAsOf: new Gauge({
      name: 'wheelgate_advisories_as_of_seconds',
      help: 'Unix time of the newest advisory data; 0 when there is none.',
      registers,
    }),
    reviewsOpen: new Gauge({ name: 'wheelgate_reviews_open', help: 'Reviews that wait for people.', registers }),
    reviewsOldest: new Gauge({
      name: 'wheelgate_reviews_oldest_seconds',
      help: 'How long the oldest open review waits; 0 when there is none.',
      registers,
    }),
    reviewSeconds: new Gauge({
      name: 'wheelgate_review_seconds',
      help: 'Time from the opening of a review to the decision of people, over 7 days: median and 90th percentile.',
      labelNames: ['quantile'],
      registers,
    }),
    servedShare: new Gauge({
      name: 'wheelgate_requests_served_ratio',
      help: 'Share of requests for files that were served at once, over 7 days.',
      registers,
    }),
    unattendedShare: new Gauge({
      name: 'wheelgate_decisions_unattended_ratio',
      help: 'Share of decided files that rules decided without people, over 7 days.',
      registers,
    }),
    falseHoldShare: new Gauge({
      name: 'wheelgate_false_holds_ratio',
      help: 'Share of settled reviews that people approved, by rule that withheld, over 7 days.',
      labelNames: ['rule'],
      registers,
    }),
    auditWriteErrors: new Counter({
      name: 'wheelgate_audit_write_errors_total',
      help: 'Batches of audit events that could not be written and were kept for the next try.',
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Shows the figures of the workflow; what nothing can be said of is left out. */
export function showFigures(
  metrics: Metrics,
  { backlog, reviews, requests, decisions, falseHolds }: WorkflowFigures,
): void {
  metrics.reviewsOpen.set(backlog.open);
  metrics.reviewsOldest.set((backlog.oldestHours ?? 0) * 3_600);
  metrics.reviewSeconds.reset();
  if (reviews.medianHours !== null) metrics.reviewSeconds.set({ quantile: '0.5' }, reviews.medianHours * 3_600);
  if (reviews.p90Hours !== null) metrics.reviewSeconds.set({ quantile: '0.9' }, reviews.p90Hours * 3_600);
  metrics.servedShare.set(requests.servedShare ?? Number.NaN);
  metrics.unattendedShare.set(decisions.unattendedShare ?? Number.NaN);
  metrics.falseHoldShare.reset();
  for (const { rule, share } of falseHolds) metrics.falseHoldShare.set({ rule }, share);
}
