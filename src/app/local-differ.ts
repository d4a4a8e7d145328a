import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DiffReport } from '../api/diff.ts';
import type { Differ, DiffOptions } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { WheelgateError } from '../core/errors.ts';
import { parseFilename } from '../core/python/filename.ts';
import { parseReleaseName } from '../core/python/release-name.ts';
import { createCompareFiles, type FileComparison, type LocalFile } from '../gate/compare-files.ts';
import { type DecidedFile, isOfRelease } from '../gate/decide-project.ts';
import { digestOf } from '../io/files/local-files.ts';
import { createInspector } from '../io/workers/inspector.ts';
import { loadYaraRules } from '../io/workers/yara-rules.ts';
import { openCommandGate } from './command-gate.ts';
import { openAdvisories } from './local-advisories.ts';
import type { Gate } from './open-gate.ts';
import { wireFinding } from './wire-finding.ts';

/**
 * Compares two files: of this machine, or of releases that the gate's upstreams have. The gate, with its data folder, is
 * opened only when a release is named.
 */
export async function openLocalDiffer(
  config: Config,
  databasePath: string | undefined,
  { advisories: withAdvisories, index }: DiffOptions,
): Promise<Differ> {
  const clock = () => new Date();
  const inspector = createInspector({
    deadlineMs: config.limits.inspection_time,
    maxMemoryBytes: config.limits.inspection_memory,
    yara: await loadYaraRules(config.analysis.yara),
    threads: 2,
  });
  const opened = withAdvisories ? await openAdvisories(databasePath, clock) : undefined;
  const compareFiles = createCompareFiles({
    inspector,
    digestOf,
    clock,
    ...(opened && { advisories: opened.advisories }),
  });
  let gate: Gate | undefined;

  async function withFile<T>(input: Input, use: (file: LocalFile) => Promise<T>): Promise<T> {
    if (input.kind === 'path') return use({ path: input.path, filename: basename(input.path) });
    const sha256 = await gate!.judge.fetchBytes(input.file);
    const { filename } = input.file.file;
    return gate!.blobs.withLocalFile(sha256, (path) => use({ path, filename }));
  }

  async function filesOf(raw: string): Promise<readonly Input[]> {
    if (await isFile(raw)) return [{ kind: 'path', path: raw }];
    const { project, version } = parseInput(raw);
    gate ??= await openCommandGate(config);
    const decided = await gate.decide.decideProject(gate.index(index), project);
    const files = typeof decided === 'string' ? [] : decided.files.filter((file) => isOfRelease(file, version));
    if (files.length === 0) {
      throw new WheelgateError('NOT_FOUND', `no upstream has ${project} ${version}`, 'Check name and version.');
    }
    return files.map((file) => ({ kind: 'release', file }));
  }

  return {
    async diff(oldInput, newInput) {
      const [before, after] = choosePair(await filesOf(oldInput), await filesOf(newInput));
      return withFile(before, (oldFile) =>
        withFile(after, async (newFile) => report(oldFile, newFile, await compareFiles(oldFile, newFile))),
      );
    },
    async close() {
      await inspector.close();
      await opened?.close();
      await gate?.close();
    },
  };
}

type Input =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'release'; readonly file: DecidedFile };

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function parseInput(raw: string): { project: ReturnType<typeof parseReleaseName>['project']; version: string } {
  if (raw.startsWith('pkg:') || raw.includes('==')) {
    const { project, version } = parseReleaseName(raw);
    if (version !== undefined) return { project, version };
  }
  throw new WheelgateError(
    'INPUT_UNREADABLE',
    `${raw} is neither a file nor a release`,
    'Name a wheel or sdist on this machine, or a release as pkg:pypi/name@version.',
  );
}

/** The two files that have most in common: the same tags, else the same kind, a wheel before an sdist. */
function choosePair(before: readonly Input[], after: readonly Input[]): readonly [Input, Input] {
  const pairs = before.flatMap((one) => after.map((other) => [one, other] as const));
  const rank = ([one, other]: readonly [Input, Input]) => {
    const [a, b] = [nameOf(one), nameOf(other)];
    return (tagsOf(a) === tagsOf(b) ? 4 : 0) + (kindOf(a) === kindOf(b) ? 2 : 0) + (kindOf(b) === 'wheel' ? 1 : 0);
  };
  return pairs.reduce((best, pair) => (rank(pair) > rank(best) ? pair : best));
}

function nameOf(input: Input): string {
  return input.kind === 'path' ? basename(input.path) : input.file.file.filename;
}

function kindOf(filename: string): string {
  return parseFilename(filename).kind;
}

/** `py3-none-any` of a wheel; of an sdist its extension. */
function tagsOf(filename: string): string {
  return kindOf(filename) === 'wheel' ? filename.split('-').slice(-3).join('-') : 'sdist';
}

function report(oldFile: LocalFile, newFile: LocalFile, comparison: FileComparison): DiffReport {
  const { verdict, score, gained, lost, changed, findings } = comparison;
  return {
    schema: 'wheelgate.diff/1',
    old: { filename: oldFile.filename, sha256: comparison.old },
    new: { filename: newFile.filename, sha256: comparison.new },
    verdict: verdict.kind,
    score,
    gained: [...gained],
    lost: [...lost],
    changed: [...changed],
    findings: findings.map(wireFinding),
  };
}
