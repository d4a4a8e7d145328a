import { userInfo } from 'node:os';
import { pino } from 'pino';
import type { FactRecord } from '../api/fact.ts';
import type { FeedImports, FeedStatus } from '../api/feed.ts';
import type { Release } from '../api/release.ts';
import type { LocalGate } from '../cli/program.ts';
import type { Config } from '../config.ts';
import type { AdvisoryHolding } from '../core/advisories/advisory-store.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Fact } from '../core/policy/fact.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseReleaseName } from '../core/python/release-name.ts';
import { digestSubject, type FactSubject } from '../gate/record-fact.ts';
import type { FeedOutcome } from '../gate/sync-feeds.ts';
import { chooseUpstreams } from './choose-upstreams.ts';
import { type Gate, openGate, UNWATCHED } from './open-gate.ts';

/** The gate behind the local commands: the same flows over the same data folder, without a server. */
export async function openLocalGate(config: Config): Promise<LocalGate> {
  const logger = pino({ level: 'silent' });
  const gate = await openGate(config, chooseUpstreams(config), logger, UNWATCHED);
  const actor = `cli:${userInfo().username}`;
  return {
    configuredFeeds: config.feeds.urls,
    explain: (subject, index) => explain(gate, subject, index),
    async recordFact(kind, subject, reason, index) {
      const facts = await gate.recordFact(gate.index(index), {
        kind,
        subject: readFactSubject(subject),
        reason,
        actor,
      });
      return facts.map(factRecord);
    },
    async feedStatus(): Promise<FeedStatus> {
      const statuses = await gate.store.advisories.statuses();
      const holding = (one: AdvisoryHolding | undefined) => one ?? null;
      return {
        schema: 'wheelgate.feeds/1',
        sources: statuses.map(({ source, malware, vulnerabilities, importedAt }) => ({
          source,
          malware: holding(malware),
          vulnerabilities: holding(vulnerabilities),
          importedAt,
        })),
      };
    },
    async importFeeds(locations, force): Promise<FeedImports> {
      const outcomes = await gate.syncFeeds(locations, { actor, force });
      return { schema: 'wheelgate.feed-imports/1', imports: outcomes.map(feedImport) };
    },
    async verifyLog() {
      const check = await gate.store.audit.verify();
      return check.ok ? { ok: true, events: check.head.seq } : { ok: false, seq: check.seq, what: check.what };
    },
    close: () => gate.close(),
  };
}

async function explain(
  gate: Gate,
  subject: { project: string; version?: string },
  indexName: string | undefined,
): Promise<Release> {
  const index = gate.index(indexName);
  const project = parseProjectName(subject.project);
  const found = await gate.explainRelease(index, project, subject.version);
  const head = {
    schema: 'wheelgate.release/1' as const,
    index: index.name,
    project,
    version: subject.version ?? null,
    policyRevision: index.policy().revision,
  };
  if (typeof found === 'string') {
    return { ...head, state: found, upstream: null, advisoriesAsOf: null, files: [], requiresDist: null, offered: [] };
  }
  return {
    ...head,
    state: 'found',
    upstream: found.upstream,
    advisoriesAsOf: found.advisoriesAsOf?.toISOString() ?? null,
    requiresDist: found.requiresDist === undefined ? null : [...found.requiresDist],
    offered: [...found.offered],
    files: found.files.map((file) => ({
      filename: file.filename,
      sha256: file.sha256 ?? null,
      uploadTime: file.uploadTime?.toISOString() ?? null,
      size: file.size ?? null,
      path: file.path,
      provenance: file.hasProvenance,
      approval: approvalRecord(file.approval),
      verdict: file.verdict.kind,
      inspected: file.inspected,
      reasons: file.verdict.reasons.map(({ rule, effect, message, until, pending }) => ({
        rule,
        effect,
        message,
        ...(until && { until: until.toISOString() }),
        ...(pending && { pending }),
      })),
    })),
  };
}

function approvalRecord(fact: Fact | undefined): Release['files'][number]['approval'] {
  return fact ? { id: fact.id, actor: fact.actor, at: fact.at.toISOString() } : null;
}

/** A sha256, a purl, or `name==version`. */
function readFactSubject(raw: string): FactSubject {
  if (/^(?:sha256:)?[0-9a-fA-F]{64}$/.test(raw)) return digestSubject(raw);
  const { project, version } = parseReleaseName(raw);
  return version === undefined ? { kind: 'project', project } : { kind: 'release', project, version };
}

function factRecord({ policyRevision: _, at, index, version, sha256, ...fact }: Fact): FactRecord {
  return { ...fact, index: index ?? null, version: version ?? null, sha256: sha256 ?? null, at: at.toISOString() };
}

function feedImport(outcome: FeedOutcome): FeedImports['imports'][number] {
  const nothing = { records: 0, added: 0, changed: 0, withdrawn: [], rejected: [], problem: null };
  const { location } = outcome;
  switch (outcome.kind) {
    case 'not-modified':
      return { location, outcome: 'not-modified', ...nothing };
    case 'failed': {
      if (!(outcome.error instanceof WheelgateError)) throw outcome.error;
      return { location, outcome: 'failed', ...nothing, problem: `${outcome.error.message} ${outcome.error.help}` };
    }
    case 'imported': {
      const { records, added, changed, withdrawn, rejected } = outcome.result;
      return {
        location,
        outcome: 'imported',
        records,
        added,
        changed,
        withdrawn: [...withdrawn],
        rejected: rejected.map(({ message }) => message),
        problem: null,
      };
    }
  }
}
