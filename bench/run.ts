// `npm run bench`: every bench, one after the other, each in a process of its own. `npm run bench -- page file`: these.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ALL = ['page', 'file', 'install', 'judge', 'rss', 'advisories', 'render', 'scan', 'audit'];

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : ALL) {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  if (!existsSync(path)) throw new Error(`there is no bench ${name}; there are ${ALL.join(', ')}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', path], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
