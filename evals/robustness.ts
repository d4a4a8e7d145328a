// Prints what is left of the recall when malware is rewritten (mutate.ts), at the lines of the shipped weights.
import { join } from 'node:path';
import { analyse } from '../src/core/analysis/analyse.ts';
import { dataFolder, isKeptAside, maliciousSpecimens, registryFolder } from './corpus.ts';
import { kindOf, openParser, unpack } from './examine-specimen.ts';
import { MUTATIONS } from './mutate.ts';
import { missingData } from './samples.ts';

/** Every how manyth group is taken: a rewrite of all takes nine times as long as an evaluation. */
const EVERY = 3;

const reason = missingData();
if (reason !== undefined) {
  console.log(`skipped: ${reason}`);
} else {
  const parser = await openParser();
  const withheld = new Map<string, { fitted: number; aside: number }>();
  const packages = { fitted: 0, aside: 0 };
  const lost = process.argv.includes('--lost');
  let seen = 0;
  for await (const specimen of maliciousSpecimens(join(dataFolder(), 'malware-train.json'), registryFolder()!, 1)) {
    const part = isKeptAside(specimen.group) ? 'aside' : 'fitted';
    if (part === 'fitted' && seen++ % EVERY !== 0) continue;
    packages[part]++;
    const { files, metadata } = await unpack(specimen);
    let isCleanSeen = false;
    for (const { name, apply } of MUTATIONS) {
      const rewritten = files.map((file) =>
        /\.pyw?$/.test(file.path)
          ? { path: file.path, bytes: Buffer.from(apply(Buffer.from(file.bytes).toString('utf8'))) }
          : file,
      );
      const { verdict } = analyse(parser, rewritten, {
        kind: kindOf(specimen),
        ...(metadata !== undefined && { metadata }),
      });
      const counts = withheld.get(name) ?? { fitted: 0, aside: 0 };
      withheld.set(name, counts);
      if (verdict === 'hold' || verdict === 'block') counts[part]++;
      if (name === 'none') isCleanSeen = verdict === 'hold' || verdict === 'block';
      else if (lost && part === 'fitted' && isCleanSeen && verdict !== 'hold' && verdict !== 'block')
        console.log(`lost by ${name}: ${specimen.id}`);
    }
  }
  for (const part of ['fitted', 'aside'] as const) {
    const clean = withheld.get('none')![part];
    console.log(`${packages[part]} groups ${part === 'fitted' ? 'of the fitted' : 'kept aside'}, held or blocked:`);
    for (const [name, counts] of withheld) {
      const share = (of: number) => `${((100 * counts[part]) / of).toFixed(1)} %`;
      console.log(`  ${name}: ${share(packages[part])} (${share(clean)} of the clean recall)`);
    }
  }
}
