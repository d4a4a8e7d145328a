// Compiles src/ to dist/ with the native TypeScript compiler. `bin/wheelgate.js` calls this when dist/ is older than src/.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'dist', '.stamp');

/** One line per source file with its time and size: differs as soon as any file was added, removed or edited. */
function sourceStamp() {
  const lines = [];
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, size } = statSync(path);
    lines.push(`${path} ${mtimeMs} ${size}`);
  }
  return lines.sort().join('\n');
}

/** True when dist/ was built from the sources as they are now (or when there are no sources: an installed package). */
export function isFresh() {
  if (!existsSync(join(root, 'src'))) return true;
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp();
}

/** Builds into a folder of its own and swaps it in, so that a process that starts meanwhile never sees half a build. */
export function build() {
  const stamp = sourceStamp();
  const fresh = mkdtempSync(join(root, 'dist.'));
  // mkdtemp makes it for us alone; whoever may read the checkout may run it too.
  chmodSync(fresh, 0o755);
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', fresh], {
    encoding: 'utf8',
  });
  if (!existsSync(join(fresh, 'main.js'))) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`wheelgate could not be built:\n${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}`);
  }
  writeFileSync(join(fresh, '.stamp'), stamp);
  const old = `${fresh}.old`;
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  try {
    renameSync(fresh, join(root, 'dist'));
  } catch (error) {
    // Another process built at the same moment and won: its build is as good as ours.
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(join(root, 'dist', 'main.js'))) throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) build();
