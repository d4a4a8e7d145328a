// Child process of samples.ts: examines every n-th group of the corpus and prints one line of JSON per specimen.
import { join } from 'node:path';
import { countMissingFields } from '../src/core/analysis/project.ts';
import { benignSpecimens, dataFolder, maliciousSpecimens, registryFolder, type Specimen } from './corpus.ts';
import { examineMembers, kindOf, openParser, unpack } from './examine-specimen.ts';
import { foldOf } from './learn.ts';
import { honestFolders, SAMPLES_PER_GROUP, type StoredSample } from './samples.ts';

const [part = 0, parts = 1] = process.argv.slice(2).map(Number);
const isMine = (group: string) => foldOf(group, parts) === part;
const parser = await openParser();
for await (const each of maliciousSpecimens(
  join(dataFolder(), 'malware-train.json'),
  registryFolder()!,
  SAMPLES_PER_GROUP,
  isMine,
))
  await measure(each);
for (const each of benignSpecimens(honestFolders(), isMine)) await measure(each);

async function measure(specimen: Specimen): Promise<void> {
  const started = process.cpuUsage();
  const members = await unpack(specimen);
  const { units, capabilities, limits } = examineMembers(parser, members, kindOf(specimen));
  const used = process.cpuUsage(started);
  const { id, malicious, group, date } = specimen;
  const isSnapshot = !malicious && kindOf(specimen) === 'sdist' && members.metadata === undefined;
  const stored: StoredSample = {
    id,
    malicious,
    group,
    ...(date !== undefined && { date }),
    kind: isSnapshot ? 'snapshot' : kindOf(specimen),
    missing: isSnapshot ? 0 : countMissingFields(members.metadata),
    units: units
      .filter(({ hits }) => hits.size > 0)
      .map(({ name, hits }) => ({
        name,
        hits: [...hits].map(([rule, found]) => [rule, [...new Set(found.map(({ place }) => place.context))]]),
      })),
    reaches: [...new Set(capabilities.map(({ capability, context }) => `${capability}@${context}`))],
    milliseconds: (used.user + used.system) / 1000,
    pythonBytes: members.files.reduce((sum, file) => sum + (/\.pyw?$/.test(file.path) ? file.bytes.length : 0), 0),
    limits: [...members.limits, ...limits],
  };
  process.stdout.write(`${JSON.stringify(stored)}\n`);
}
