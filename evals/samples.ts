import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../src/core/analysis/analyse.ts';
import { countMissingFields } from '../src/core/analysis/project.ts';
import { createPythonParser, type PythonParser } from '../src/core/analysis/syntax/parser.ts';
import { featuresOf } from '../src/core/analysis/units.ts';
import { benignSpecimens, dataFolder, maliciousSpecimens, registryFolder, type Specimen, unpack } from './corpus.ts';
import type { Sample } from './learn.ts';

/** A sample with what its analysis cost. */
export type Measured = Sample & {
  readonly milliseconds: number;
  readonly pythonBytes: number;
  readonly limits: readonly string[];
};

const SAMPLES_PER_GROUP = 2;

/** The parser on the WebAssembly modules of node_modules. */
export async function openParser(): Promise<PythonParser> {
  const require = createRequire(import.meta.url);
  return createPythonParser({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  });
}

/** Why the evaluation cannot run here, undefined when it can. */
export function missingData(): string | undefined {
  if (!existsSync(join(dataFolder(), 'malware-train.json')))
    return `no training manifest in ${dataFolder()} (set WHEELGATE_EVAL_DATA)`;
  if (registryFolder() === undefined)
    return 'no malware registry (set WHEELGATE_EVAL_REGISTRY to the git directory of lxyeternal/pypi_malregistry)';
  return undefined;
}

/**
 * Examines the whole corpus. Features and timings (never package text) are kept in the temporary folder under a key of
 * the analyser's source, because a run takes minutes.
 */
export async function measureCorpus(): Promise<Measured[]> {
  const folder = join(tmpdir(), 'wheelgate-eval');
  mkdirSync(folder, { recursive: true });
  const data = dataFolder();
  const wheels = (process.env.WHEELGATE_EVAL_WHEELS ?? '').split(':').filter((each) => each !== '');
  const cache = join(
    folder,
    `${sourceKey()}-${createHash('sha256').update(wheels.join()).digest('hex').slice(0, 8)}.json`,
  );
  if (existsSync(cache))
    return (JSON.parse(readFileSync(cache, 'utf8')) as Stored[]).map((row) => ({
      ...row,
      units: row.units.map((unit) => new Set(unit)),
    }));
  const parser = await openParser();
  const measured: Measured[] = [];
  for await (const specimen of maliciousSpecimens(
    join(data, 'malware-train.json'),
    registryFolder()!,
    SAMPLES_PER_GROUP,
  )) {
    measured.push(await measure(parser, specimen));
    if (measured.length % 100 === 0) process.stderr.write(`${measured.length} malicious\n`);
  }
  const malicious = measured.length;
  for (const specimen of benignSpecimens([
    ...wheels,
    ...['wheels', 'pairs', 'sdists'].map((name) => join(data, name)),
  ])) {
    measured.push(await measure(parser, specimen));
    if ((measured.length - malicious) % 100 === 0) process.stderr.write(`${measured.length - malicious} benign\n`);
  }
  writeFileSync(
    cache,
    JSON.stringify(measured.map((each) => ({ ...each, units: each.units.map((unit) => [...unit]) }))),
  );
  return measured;
}

type Stored = Omit<Measured, 'units'> & { readonly units: readonly (readonly string[])[] };

async function measure(parser: PythonParser, specimen: Specimen): Promise<Measured> {
  const { files, metadata } = await unpack(specimen);
  const started = process.cpuUsage();
  const { units, limits } = examine(parser, files, {
    kind: specimen.kind,
    ...(metadata !== undefined && { metadata }),
  });
  const used = process.cpuUsage(started);
  return {
    id: specimen.id,
    malicious: specimen.malicious,
    group: specimen.group,
    ...(specimen.date !== undefined && { date: specimen.date }),
    missing: countMissingFields(metadata),
    units: units.map(featuresOf).filter((features) => features.size > 0),
    milliseconds: (used.user + used.system) / 1000,
    pythonBytes: files.reduce((sum, file) => sum + (/\.pyw?$/.test(file.path) ? file.bytes.length : 0), 0),
    limits,
  };
}

function sourceKey(): string {
  const root = join(import.meta.dirname, '..', 'src', 'core', 'analysis');
  const hash = createHash('sha256');
  for (const name of (readdirSync(root, { recursive: true }) as string[]).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('weights.ts'))
      hash.update(name).update(readFileSync(join(root, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
