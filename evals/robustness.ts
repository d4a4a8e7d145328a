// Prints what is left of the recall when malware is rewritten (mutate.ts), at the lines of the shipped weights.
import { join } from 'node:path';
import { analyse } from '../src/core/analysis/analyse.ts';
import { dataFolder, maliciousSpecimens, registryFolder, unpack } from './corpus.ts';
import { MUTATIONS } from './mutate.ts';
import { missingData, openParser } from './samples.ts';

/** Every how manyth group is taken: a rewrite of all takes nine times as long as an evaluation. */
const EVERY = 3;

const reason = missingData();
if (reason !== undefined) {
  console.log(`skipped: ${reason}`);
} else {
  const parser = await openParser();
  const withheld = new Map<string, number>();
  let packages = 0;
  let seen = 0;
  for await (const specimen of maliciousSpecimens(join(dataFolder(), 'malware-train.json'), registryFolder()!, 1)) {
    if (seen++ % EVERY !== 0) continue;
    packages++;
    const { files, metadata } = await unpack(specimen);
    for (const { name, apply } of MUTATIONS) {
      const rewritten = files.map((file) =>
        /\.pyw?$/.test(file.path)
          ? { path: file.path, bytes: Buffer.from(apply(Buffer.from(file.bytes).toString('utf8'))) }
          : file,
      );
      const { verdict } = analyse(parser, rewritten, {
        kind: specimen.kind,
        ...(metadata !== undefined && { metadata }),
      });
      if (verdict === 'hold' || verdict === 'block') withheld.set(name, (withheld.get(name) ?? 0) + 1);
    }
  }
  const clean = withheld.get('none') ?? 0;
  console.log(`${packages} groups, one package each; held or blocked:`);
  for (const { name } of MUTATIONS) {
    const count = withheld.get(name) ?? 0;
    console.log(
      `  ${name}: ${((100 * count) / packages).toFixed(1)} % (${((100 * count) / clean).toFixed(0)} % of the clean recall)`,
    );
  }
}
