import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { ScanResult } from '../api/scan.ts';
import type { Scanner, ScanOptions } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { createScanFile, type FileScan } from '../gate/scan-file.ts';
import { digestOf, findScanInputs } from '../io/files/local-files.ts';
import { createInspector } from '../io/workers/inspector.ts';
import { loadYaraRules } from '../io/workers/yara-rules.ts';
import { openAdvisories } from './local-advisories.ts';
import { wireFinding } from './wire-finding.ts';

/**
 * V8 compiles hot functions anew whenever they meet another kind of value, which for an interpreter is a third of all work in
 * the first minute: smaller and later compilations cost a quarter less. A gate runs for weeks and is better off without.
 */
const SHORT_LIVED = ['--max-inlined-bytecode-size-cumulative=200', '--interrupt-budget=1000000'];

/**
 * Scans files on this machine. It needs no data folder: with one that a gate filled, its advisories count, else those
 * that ship with the package; with `advisories: false` only what the bytes tell.
 */
export async function openLocalScanner(
  config: Config,
  databasePath: string | undefined,
  { jobs = availableParallelism(), advisories: withAdvisories }: ScanOptions,
): Promise<Scanner> {
  for (const flag of SHORT_LIVED) setFlagsFromString(flag);
  const clock = () => new Date();
  const inspector = createInspector({
    deadlineMs: config.limits.inspection_time,
    maxMemoryBytes: config.limits.inspection_memory,
    yara: await loadYaraRules(config.analysis.yara),
    threads: jobs,
  });
  const opened = withAdvisories ? await openAdvisories(databasePath, clock) : undefined;
  const { scanFile, scanFolder } = createScanFile({
    inspector,
    digestOf,
    clock,
    ...(opened && { advisories: opened.advisories }),
  });
  return {
    // One more than threads: while a thread reads a file, the next one is hashed.
    width: jobs + 1,
    find: findScanInputs,
    async scan(path) {
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      const name = basename(resolve(path));
      return scanResult(path, await (isFolder ? scanFolder(path, name) : scanFile(path, name)));
    },
    async close() {
      await inspector.close();
      await opened?.close();
    },
  };
}

function scanResult(input: string, scan: FileScan): ScanResult & { unreadable: boolean } {
  const { filename, sha256, project, version, verdict, score, findings, capabilities, seconds, unreadable } = scan;
  return {
    input,
    filename,
    sha256: sha256 ?? null,
    project: project ?? null,
    version: version ?? null,
    verdict: verdict.kind,
    score,
    findings: findings.map(wireFinding),
    capabilities: [...capabilities],
    seconds,
    unreadable: unreadable !== undefined,
  };
}
