import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { ScanResult } from '../api/scan.ts';
import type { Scanner } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { createAdvisorySource } from '../gate/advisory-source.ts';
import { importAdvisories } from '../gate/import-advisories.ts';
import { createScanFile, type FileScan } from '../gate/scan-file.ts';
import { createMemoryAdvisoryStore } from '../io/feeds/memory-advisory-store.ts';
import { loadSnapshot } from '../io/feeds/snapshot.ts';
import { digestOf, findDistributions } from '../io/files/local-files.ts';
import { openSqliteStore } from '../io/store/sqlite-store.ts';
import { createInspector } from '../io/workers/inspector.ts';

/**
 * Scans files on this machine. It needs no data folder: with one that a gate filled, its advisories count, else those
 * that ship with the package.
 */
export async function openLocalScanner(config: Config, databasePath: string | undefined): Promise<Scanner> {
  const clock = () => new Date();
  const inspector = createInspector({
    deadlineMs: config.limits.inspection_time,
    maxMemoryBytes: config.limits.inspection_memory,
  });
  const store = databasePath === undefined ? undefined : await openSqliteStore(databasePath);
  const advisories = createAdvisorySource(store?.advisories ?? (await shippedAdvisories(clock)));
  const scanFile = createScanFile({ inspector, advisories, digestOf, clock });
  return {
    width: availableParallelism() + 1,
    find: findDistributions,
    async scan(path) {
      return scanResult(path, await scanFile(path, basename(path)));
    },
    async close() {
      await inspector.close();
      await store?.close();
    },
  };
}

async function shippedAdvisories(clock: () => Date) {
  const store = createMemoryAdvisoryStore();
  await importAdvisories({ store, clock }, await loadSnapshot(), { source: 'snapshot', actor: 'scan', force: true });
  return store;
}

/** Until behaviour is scored, the score only ranks: certain, doubtful, odd, quiet. */
const SCORE = { block: 1, hold: 0.5, note: 0.1 } as const;

function scanResult(input: string, scan: FileScan): ScanResult & { unreadable: boolean } {
  const { filename, sha256, project, version, verdict, findings, seconds, unreadable } = scan;
  return {
    input,
    filename,
    sha256: sha256 ?? null,
    project: project ?? null,
    version: version ?? null,
    verdict: verdict.kind,
    score: Math.max(0, ...findings.map(({ effect }) => SCORE[effect])),
    findings: findings.map(({ rule, effect, message, file, line, context }) => ({
      rule,
      effect,
      message,
      file: file ?? null,
      line: line ?? null,
      context: context ?? null,
    })),
    capabilities: [],
    seconds,
    unreadable: unreadable !== undefined,
  };
}
