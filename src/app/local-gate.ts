import { userInfo } from 'node:os';
import { pino } from 'pino';
import type { FeedExport, FeedImports, FeedStatus } from '../api/feed.ts';
import type { LocalGate } from '../cli/program.ts';
import type { Config } from '../config.ts';
import type { AdvisoryHolding } from '../core/advisories/advisory-store.ts';
import { WheelgateError } from '../core/errors.ts';
import { exportAdvisories } from '../gate/export-advisories.ts';
import type { FeedOutcome } from '../gate/sync-feeds.ts';
import { packExport } from '../io/feeds/pack-export.ts';
import { writeNewFile } from '../io/files/write-new-file.ts';
import { chooseUpstreams } from './choose-upstreams.ts';
import { openGate, UNWATCHED } from './open-gate.ts';

/** The gate behind the local commands: the same flows over the same data folder, without a server. */
export async function openLocalGate(config: Config): Promise<LocalGate> {
  const logger = pino({ level: 'silent' });
  const gate = await openGate(config, chooseUpstreams(config), logger, UNWATCHED);
  const actor = `cli:${userInfo().username}`;
  return {
    configuredFeeds: config.feeds.urls,
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
    async exportFeeds(path): Promise<FeedExport> {
      const exportedAt = gate.clock();
      const { zip, manifest } = packExport(await exportAdvisories(gate.store.advisories, exportedAt), exportedAt);
      await writeNewFile(path, zip);
      const { records, sha256, sources } = manifest;
      return {
        schema: 'wheelgate.feed-export/1',
        file: path,
        exportedAt: manifest.exportedAt,
        records,
        sha256,
        sources: sources.map(({ folder: _, ...source }) => source),
      };
    },
    async verifyLog() {
      const check = await gate.store.audit.verify();
      return check.ok ? { ok: true, events: check.head.seq } : { ok: false, seq: check.seq, what: check.what };
    },
    close: () => gate.close(),
  };
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
