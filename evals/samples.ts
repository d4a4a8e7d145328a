import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../src/core/analysis/fact.ts';
import { featuresOfContexts } from '../src/core/analysis/units.ts';
import { benignFiles, dataFolder, registryFolder } from './corpus.ts';
import type { Sample } from './learn.ts';

/** What is kept of a specimen: what the rules found and what that cost, no text of the package but names of its units. */
export type StoredSample = {
  readonly id: string;
  readonly malicious: boolean;
  readonly group: string;
  readonly date?: string;
  /** `snapshot`: the honest source of a project that was never published as such: it has no metadata and tests of its own. */
  readonly kind: 'wheel' | 'sdist' | 'snapshot';
  /** Fields of the metadata; 0 for a snapshot, which cannot have any. */
  readonly missing: number;
  readonly units: readonly {
    readonly name: string;
    readonly hits: readonly (readonly [rule: string, contexts: readonly Context[]])[];
  }[];
  /** `capability@context` of the whole package. */
  readonly reaches: readonly string[];
  /** CPU time for unpacking and analysis. */
  readonly milliseconds: number;
  readonly pythonBytes: number;
  readonly limits: readonly string[];
};

/** A sample as the learner takes it, with what is known of it besides. */
export type Measured = Sample & { readonly stored: StoredSample };

/** True for wheels and sdists; the shares of false alarms are stated on these. */
export function isPublished({ stored }: Measured): boolean {
  return stored.kind !== 'snapshot';
}

export const SAMPLES_PER_GROUP = 2;

/** Why the evaluation cannot run here, undefined when it can. */
export function missingData(): string | undefined {
  if (!existsSync(join(dataFolder(), 'malware-train.json')))
    return `no training manifest in ${dataFolder()} (set WHEELGATE_EVAL_DATA)`;
  if (registryFolder() === undefined)
    return 'no malware registry (set WHEELGATE_EVAL_REGISTRY to the git directory of lxyeternal/pypi_malregistry)';
  return undefined;
}

/** Folders of honest distributions: those of WHEELGATE_EVAL_WHEELS, then those of the data folder. */
export function honestFolders(): string[] {
  const further = (process.env.WHEELGATE_EVAL_WHEELS ?? '').split(':').filter((each) => each !== '');
  return [...further, ...['wheels', 'pairs', 'sdists'].map((name) => join(dataFolder(), name))];
}

/**
 * Examines the whole corpus in `--jobs` processes. Findings (never package text) are kept in a cache folder under a key of
 * the analyser's source, because a run takes minutes: a new fit of the weights then takes seconds.
 */
export async function measureCorpus(): Promise<Measured[]> {
  const folder = process.env.WHEELGATE_EVAL_CACHE ?? join(tmpdir(), 'wheelgate-eval');
  mkdirSync(folder, { recursive: true });
  const cache = join(folder, `${corpusKey()}.jsonl`);
  if (!existsSync(cache)) {
    const jobs = Number(/--jobs=(\d+)/.exec(process.argv.join(' '))?.[1] ?? availableParallelism());
    const parts = Array.from({ length: jobs }, (_, part) => `${cache}.${part}of${jobs}`);
    await Promise.all(parts.map((path, part) => measurePart(path, part, jobs)));
    writeFileSync(`${cache}.whole`, parts.map((path) => readFileSync(path, 'utf8')).join(''));
    renameSync(`${cache}.whole`, cache);
    for (const path of parts) rmSync(path);
  }
  return readFileSync(cache, 'utf8')
    .trim()
    .split('\n')
    .map((line) => measured(JSON.parse(line) as StoredSample))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function measurePart(path: string, part: number, parts: number): Promise<void> {
  const script = join(import.meta.dirname, 'measure-part.ts');
  const child = spawn(process.execPath, [...process.execArgv, script, String(part), String(parts)], {
    stdio: ['ignore', openSync(path, 'w'), 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`part ${part} ended with ${code}`))));
  });
}

function measured(stored: StoredSample): Measured {
  const { id, malicious, group, date, missing } = stored;
  return {
    id,
    malicious,
    group,
    ...(date !== undefined && { date }),
    missing,
    units: stored.units.map(({ hits }) => featuresOfContexts(new Map(hits))).filter((features) => features.size > 0),
    stored,
  };
}

/** Changes with the analyser, the archive readers and the set of honest files. */
function corpusKey(): string {
  const root = join(import.meta.dirname, '..', 'src', 'core');
  const hash = createHash('sha256').update(
    benignFiles(honestFolders())
      .map(({ path }) => path)
      .join(),
  );
  for (const part of ['analysis', 'archive'])
    for (const name of (readdirSync(join(root, part), { recursive: true }) as string[]).sort())
      if (name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('weights.ts'))
        hash.update(name).update(readFileSync(join(root, part, name)));
  return hash.digest('hex').slice(0, 16);
}
