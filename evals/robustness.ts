// Prints what is left of the recall when malware is rewritten (mutate.py), at the lines of the shipped weights.
import { join } from 'node:path';
import { analyse } from '../src/core/analysis/analyse.ts';
import type { PackageFile } from '../src/core/analysis/package-file.ts';
import { dataFolder, isKeptAside, maliciousSpecimens, registryFolder } from './corpus.ts';
import { kindOf, openParser, unpack } from './examine-specimen.ts';
import { type Mutator, openMutator } from './mutate.ts';
import { missingData } from './samples.ts';

/** Every how manyth group is taken: a rewrite of all takes thirty times as long as an evaluation. */
const EVERY = 4;
/** Longer sources are left as they are: spelled otherwise they grow beyond what anyone would upload. */
const MAX_SOURCE_BYTES = 200_000;

/** Of the groups that are withheld as they are: how many were rewritten, and how many of these are still withheld. */
type Tally = { rewritten: number; withheld: number };

const mutator = await openMutator();
const reason = missingData() ?? (mutator === undefined ? 'no python3, which rewrites the sources' : undefined);
if (mutator === undefined || reason !== undefined) console.log(`skipped: ${reason}`);
else await report(mutator);
mutator?.close();

async function report(mutator: Mutator): Promise<void> {
  const parser = await openParser();
  const tallies = { fitted: new Map<string, Tally>(), aside: new Map<string, Tally>() };
  const clean = { fitted: { packages: 0, withheld: 0 }, aside: { packages: 0, withheld: 0 } };
  let seen = 0;
  for await (const specimen of maliciousSpecimens(join(dataFolder(), 'malware-train.json'), registryFolder()!, 1)) {
    if (seen++ % EVERY !== 0) continue;
    const part = isKeptAside(specimen.group) ? 'aside' : 'fitted';
    const { files, metadata } = await unpack(specimen);
    const isWithheld = (some: readonly PackageFile[]): boolean => {
      const { verdict } = analyse(parser, some, {
        kind: kindOf(specimen),
        ...(metadata !== undefined && { metadata }),
      });
      return verdict === 'hold' || verdict === 'block';
    };
    clean[part].packages++;
    if (!isWithheld(files)) continue;
    clean[part].withheld++;
    for (const mutation of [...mutator.rewrites, ...mutator.wrappings]) {
      const rewritten = await rewrite(mutator, files, mutation);
      if (rewritten === undefined) continue;
      const tally = tallies[part].get(mutation) ?? { rewritten: 0, withheld: 0 };
      tallies[part].set(mutation, tally);
      tally.rewritten++;
      if (isWithheld(rewritten)) tally.withheld++;
      else if (part === 'fitted' && process.argv.includes('--lost')) console.log(`lost by ${mutation}: ${specimen.id}`);
    }
  }
  for (const part of ['fitted', 'aside'] as const) {
    const { packages, withheld } = clean[part];
    const name = part === 'fitted' ? 'of the fitted' : 'kept aside';
    console.log(`${packages} groups ${name}, ${withheld} held or blocked as they are. Still held or blocked:`);
    for (const [mutation, tally] of tallies[part])
      console.log(
        `  ${mutation}: ${tally.withheld} of ${tally.rewritten} (${((100 * tally.withheld) / tally.rewritten).toFixed(1)} %)`,
      );
  }
}

/** The package with every Python file rewritten that can be; undefined when none can. */
async function rewrite(
  mutator: Mutator,
  files: readonly PackageFile[],
  mutation: string,
): Promise<PackageFile[] | undefined> {
  const sources = files.map(({ path, bytes }) =>
    /\.pyw?$/.test(path) && bytes.length <= MAX_SOURCE_BYTES ? Buffer.from(bytes).toString('utf8') : '',
  );
  const words = sources.map((source) => new Set(source.match(/\w+/g)));
  const mutated = await Promise.all(
    sources.map((source, at) => {
      const foreign = words.flatMap((some, other) => (other === at ? [] : [...some]));
      return source.trim() === '' ? undefined : mutator.mutate(source, mutation, foreign);
    }),
  );
  if (mutated.every((source) => source === undefined)) return undefined;
  return files.map((file, at) => {
    const source = mutated[at];
    return source === undefined ? file : { path: file.path, bytes: Buffer.from(source) };
  });
}
