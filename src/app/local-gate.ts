import type { FeedExport, FeedImports, FeedStatus } from '../api/feed.ts';
import type { LocalGate } from '../cli/program.ts';
import type { Config } from '../config.ts';
import type { AdvisoryHolding } from '../core/advisories/advisory-store.ts';
import { WheelgateError } from '../core/errors.ts';
import { exportAdvisories, exportExploitation } from '../gate/export-advisories.ts';
import type { ExploitationOutcome } from '../gate/sync-exploitation.ts';
import type { FeedOutcome } from '../gate/sync-feeds.ts';
import { packExport } from '../io/feeds/pack-export.ts';
import { writeNewFile } from '../io/files/write-new-file.ts';
import { openCommandGate, personHere } from './command-gate.ts';
import { hasFeeds } from './has-feeds.ts';

/** The gate behind the local commands: the same flows over the same data folder, without a server. */
export async function openLocalGate(config: Config): Promise<LocalGate> {
  const gate = await openCommandGate(config);
  const actor = personHere().name;
  return {
    hasFeeds: hasFeeds(config),
    async feedStatus(): Promise<FeedStatus> {
      const statuses = await gate.store.advisories.statuses();
      const exploitation = await gate.store.exploitation.statuses();
      const holding = (one: AdvisoryHolding | undefined) => one ?? null;
      return {
        schema: 'wheelgate.feeds/1',
        sources: statuses.map(({ source, malware, vulnerabilities, importedAt }) => ({
          source,
          malware: holding(malware),
          vulnerabilities: holding(vulnerabilities),
          importedAt,
        })),
        ...(exploitation.length > 0 && {
          exploitation: exploitation.map(({ feed, source, records, asOf, importedAt }) => ({
            feed,
            source,
            records,
            asOf,
            importedAt,
          })),
        }),
      };
    },
    async importFeeds(locations, force): Promise<FeedImports> {
      const outcomes = await gate.syncFeeds(locations, { actor, force });
      return feedImports(outcomes, []);
    },
    async syncFeeds(force): Promise<FeedImports> {
      const outcomes = await gate.syncFeeds(config.feeds.urls, { actor, force });
      const exploitation = await gate.syncExploitation({ actor, force });
      return feedImports(outcomes, exploitation);
    },
    async exportFeeds(path): Promise<FeedExport> {
      const exportedAt = gate.clock();
      const { zip, manifest } = packExport(
        await exportAdvisories(gate.store.advisories, exportedAt),
        await exportExploitation(gate.store.exploitation),
        exportedAt,
      );
      await writeNewFile(path, zip);
      const { records, sha256, sources, exploitation } = manifest;
      return {
        schema: 'wheelgate.feed-export/1',
        file: path,
        exportedAt: manifest.exportedAt,
        records,
        sha256,
        sources: sources.map(({ folder: _, ...source }) => source),
        ...(exploitation.length > 0 && { exploitation: exploitation.map(({ sha256: _, ...feed }) => feed) }),
      };
    },
    async verifyLog() {
      const check = await gate.store.audit.verify();
      return check.ok ? { ok: true, events: check.head.seq } : { ok: false, seq: check.seq, what: check.what };
    },
    close: () => gate.close(),
  };
}

function feedImports(outcomes: readonly FeedOutcome[], read: readonly ExploitationOutcome[]): FeedImports {
  const exploitation = [...outcomes.flatMap((one) => (one.kind === 'exploitation' ? one.outcome : [])), ...read];
  return {
    schema: 'wheelgate.feed-imports/1',
    imports: outcomes.flatMap((one) => (one.kind === 'exploitation' ? [] : feedImport(one))),
    ...(exploitation.length > 0 && { exploitation: exploitation.map(exploitationImport) }),
  };
}

function exploitationImport(outcome: ExploitationOutcome): NonNullable<FeedImports['exploitation']>[number] {
  const { location, feed, kind } = outcome;
  return {
    location,
    feed,
    outcome: kind,
    records: kind === 'imported' ? outcome.records : 0,
    rejected: kind === 'imported' ? outcome.rejected : 0,
    problem: kind === 'failed' ? sayProblem(outcome.error) : null,
  };
}

function sayProblem(error: unknown): string {
  if (!(error instanceof WheelgateError)) throw error;
  return `${error.message} ${error.help}`;
}

function feedImport(outcome: Exclude<FeedOutcome, { readonly kind: 'exploitation' }>): FeedImports['imports'][number] {
  const nothing = { records: 0, added: 0, changed: 0, withdrawn: [], rejected: [], problem: null };
  const { location } = outcome;
  switch (outcome.kind) {
    case 'not-modified':
      return { location, outcome: 'not-modified', ...nothing };
    case 'failed': {
      return { location, outcome: 'failed', ...nothing, problem: sayProblem(outcome.error) };
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
