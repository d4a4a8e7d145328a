// Prints how often `wheelgate diff` withholds a popular wheel into which one risky unit of malware was spliced, and how
// often it withholds real consecutive releases. Nothing is written: both files of a comparison exist only in memory.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectedMembers } from '../src/core/analysis/collect-members.ts';
import { inspectBehaviour } from '../src/core/analysis/inspect-behaviour.ts';
import type { PackageFile } from '../src/core/analysis/package-file.ts';
import type { PythonParser } from '../src/core/analysis/syntax/parser.ts';
import type { Inspection } from '../src/core/policy/evidence.ts';
import { compareVersions, parseVersion } from '../src/core/python/version.ts';
import { parseSha256 } from '../src/core/sha256.ts';
import { createCompareFiles } from '../src/gate/compare-files.ts';
import { dataFolder, isKeptAside, maliciousSpecimens, registryFolder, type Specimen } from './corpus.ts';
import { kindOf, openParser, unpack } from './examine-specimen.ts';
import { findRiskyUnit } from './risky-unit.ts';
import { missingData } from './samples.ts';

const HOSTS = 12;
/** Larger hosts would only make the run longer: a spliced file is judged by itself. */
const MAX_HOST_BYTES = 500_000;

type Host = { readonly filename: string; readonly members: CollectedMembers; readonly inspection: Inspection };

const reason = missingData();
if (reason !== undefined) console.log(`skipped: ${reason}`);
else await run(await openParser());

async function run(parser: PythonParser): Promise<void> {
  const inspections = new Map<string, Inspection>();
  const compareFiles = createCompareFiles({
    inspector: {
      engine: 'eval',
      inspect: async (path) => inspections.get(path)!,
      inspectFolder: async (path) => inspections.get(path)!,
      inspectMembers: async (path) => ({ inspection: inspections.get(path)!, members: new Map() }),
    },
    digestOf: async (path) => ({ sha256: parseSha256(createHash('sha256').update(path).digest('hex')), size: 1 }),
    clock: () => new Date(0),
  });
  const compare = async (filename: string, before: Inspection, fresh: string, after: Inspection) => {
    inspections.set('before', before).set('after', after);
    return compareFiles({ path: 'before', filename }, { path: 'after', filename: fresh });
  };

  let withheld = 0;
  const pairs = [...consecutiveReleases()];
  for (const [before, after] of pairs) {
    const [old, fresh] = [await inspect(parser, readHonest(before)), await inspect(parser, readHonest(after))];
    const { verdict } = await compare(readHonest(before).filename, old, readHonest(after).filename, fresh);
    if (verdict.kind === 'allow') continue;
    withheld++;
    console.log(`  ${readHonest(after).filename}: ${verdict.reasons.map((each) => each.message).join('; ')}`);
  }
  console.log(`${withheld} of ${pairs.length} real consecutive releases are not allowed`);

  const hosts = await openHosts(parser);
  const counts = { fitted: { seen: 0, withheld: 0, none: 0 }, aside: { seen: 0, withheld: 0, none: 0 } };
  for await (const specimen of maliciousSpecimens(join(dataFolder(), 'malware-train.json'), registryFolder()!, 1)) {
    const count = counts[isKeptAside(specimen.group) ? 'aside' : 'fitted'];
    const unit = findRiskyUnit(parser, await unpack(specimen), kindOf(specimen));
    if (unit === undefined) {
      count.none++;
      continue;
    }
    const pick = createHash('sha256').update(specimen.group).digest();
    const host = hosts[pick[0]! % hosts.length]!;
    const files = splice(host.members.files, unit, pick[1]!);
    const inspection = withBehaviour(host.inspection, parser, { ...host.members, files }, 'wheel');
    const { verdict } = await compare(host.filename, host.inspection, host.filename, inspection);
    count.seen++;
    if (verdict.kind !== 'allow') count.withheld++;
    else if (count === counts.fitted) console.log(`  allowed: a unit of ${specimen.id} in ${host.filename}`);
  }
  for (const [part, { seen, withheld: caught, none }] of Object.entries(counts))
    console.log(
      `${part}: ${caught} of ${seen} groups' units withheld (${((100 * caught) / seen).toFixed(1)} %); ${none} groups have no unit that acts`,
    );
}

/** Appends the unit to one module of the host, picked by `at`. */
function splice(files: readonly PackageFile[], unit: string, at: number): PackageFile[] {
  const modules = files.filter(({ path }) => path.endsWith('.py') && !/(?:^|\/)tests?\//.test(path));
  const target = modules[at % modules.length]!;
  return files.map((file) =>
    file === target ? { path: file.path, bytes: Buffer.concat([file.bytes, Buffer.from(`\n\n${unit}\n`)]) } : file,
  );
}

async function openHosts(parser: PythonParser): Promise<Host[]> {
  const folder = join(dataFolder(), 'pairs');
  const hosts: Host[] = [];
  const byHash = (name: string) => createHash('sha256').update(name).digest('hex');
  for (const name of readdirSync(folder).sort((a, b) => (byHash(a) < byHash(b) ? -1 : 1))) {
    if (!name.endsWith('-py3-none-any.whl') || hosts.length === HOSTS) continue;
    const specimen = readHonest(join(folder, name));
    const members = await unpack(specimen);
    if (members.files.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_HOST_BYTES) continue;
    hosts.push({ filename: name, members, inspection: await inspect(parser, specimen) });
  }
  return hosts;
}

function readHonest(path: string): Specimen {
  const filename = path.replace(/^.*\//, '');
  return { id: filename, malicious: false, group: '', filename, bytes: readFileSync(path) };
}

async function inspect(parser: PythonParser, specimen: Specimen): Promise<Inspection> {
  const empty: Inspection = { findings: [], complete: true, startupHooks: [], nativeFiles: [], seconds: 0 };
  return withBehaviour(empty, parser, await unpack(specimen), kindOf(specimen));
}

function withBehaviour(
  inspection: Inspection,
  parser: PythonParser,
  members: CollectedMembers,
  kind: 'wheel' | 'sdist' | 'folder',
): Inspection {
  const { result, complete } = inspectBehaviour(parser, members, kind);
  return { ...inspection, complete, ...(result && { behaviour: result }) };
}

/** Each wheel of `pairs/` and `wheels/` with the next newer one of its project for the same platform. */
function* consecutiveReleases(): Generator<readonly [string, string]> {
  const byProject = new Map<string, { version: string; path: string }[]>();
  for (const folder of ['pairs', 'wheels'].map((name) => join(dataFolder(), name)).filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      const [project, version = '', ...tags] = name.replace(/\.whl$/, '').split('-');
      if (!name.endsWith('.whl')) continue;
      const key = `${project} ${tags.slice(0, 2).join()}`;
      byProject.set(key, [...(byProject.get(key) ?? []), { version, path: join(folder, name) }]);
    }
  }
  for (const releases of byProject.values()) {
    releases.sort((a, b) => compareVersions(parseVersion(a.version), parseVersion(b.version)));
    for (const [at, after] of releases.entries()) {
      const before = releases[at - 1];
      if (before !== undefined && before.version !== after.version) yield [before.path, after.path];
    }
  }
}
