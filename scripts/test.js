// Runs the tests: `npm test` for all, `npm test -- src/core/python` for one folder or file.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isFresh } from './build.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'));

function testFiles(path) {
  if (!existsSync(path)) throw new Error(`no such file or folder: ${path}`);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

const files = (asked.length > 0 ? asked : ['src', 'test']).flatMap((path) => testFiles(join(root, path)));
if (files.length === 0) throw new Error('no test files there');
// The end-to-end tests start the compiled program: build it once here instead of once per test.
if (!isFresh()) build();
const run = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=2', ...flags, ...files.map((file) => relative(root, file)).sort()],
  { cwd: root, stdio: 'inherit', env: { ...process.env, PIP_CONFIG_FILE: '/dev/null' } },
);
process.exitCode = run.status ?? 1;
