// Packs original sources of Debian into the honest set of the evaluation; see "Honest sources" in evals/README.md.
//   pack-sources.ts <folder of *.orig.tar.*> <new folder>            packs what the manifest names
//   pack-sources.ts <folder of *.orig.tar.*> <new folder> --choose   writes the manifest first
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CollectedMembers } from '../src/core/analysis/collect-members.ts';
import { benignFiles, projectOf } from './corpus.ts';
import { unpack } from './examine-specimen.ts';
import { honestFolders } from './samples.ts';

/** One file of the set: as Debian has it, and as what it is packed. */
type Row = {
  readonly source: string;
  readonly sha256: string;
  readonly filename: string;
};

const MAX_BYTES = 2_000_000;

/**
 * Left out whatever they do: projects whose purpose is to attack, or to break into, what belongs to others (exploit
 * collections, password guessing, payloads and remote control, man in the middle). What inspects, parses, scans or emulates
 * stays in: it is what an engine must tell from malware.
 */
const OFFENSIVE = new Set(['impacket', 'python-ldapdomaindump', 'ropgadget']);

const manifestPath = join(import.meta.dirname, 'honest-sources.jsonl');
const [sources, target, mode] = process.argv.slice(2);
if (sources === undefined || target === undefined) {
  console.error('usage: pack-sources.ts <folder of *.orig.tar.*> <new folder> [--choose]');
  process.exitCode = 2;
} else {
  if (mode === '--choose') await choose(sources);
  pack(sources, target);
}

/** Packs the sources that the manifest names and that are there with the digest that it names. */
function pack(folder: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const lines = readFileSync(manifestPath, 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Row);
  let packed = 0;
  for (const { source, sha256, filename } of rows) {
    const path = join(folder, source);
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    if (digestOf(bytes) !== sha256) {
      console.log(`${source}: another digest than in the manifest`);
      continue;
    }
    writeFileSync(join(to, filename), source.endsWith('.gz') ? bytes : gzipSync(tarOf(source, bytes)));
    packed++;
  }
  console.log(`${packed} of ${rows.length} sources packed`);
}

/** Writes the manifest: one source of each project that no other honest folder has and that pip could build. */
async function choose(folder: string): Promise<void> {
  const known = new Set(benignFiles(honestFolders()).map(({ project }) => project));
  const rows: Row[] = [];
  const left = { large: 0, offensive: 0, 'not built by pip': 0, 'known or twice': 0 };
  for (const source of readdirSync(folder).sort()) {
    const [, name = '', version = ''] = /^([^_]+)_(.+)\.orig\.tar\.(?:gz|xz|bz2)$/.exec(source) ?? [];
    if (name === '') continue;
    const bytes = readFileSync(join(folder, source));
    const packed = source.endsWith('.gz') ? bytes : gzipSync(tarOf(source, bytes));
    const members = await unpack({ filename: `${name}-0.tar.gz`, bytes: packed });
    const project = projectOf(`${nameIn(members) ?? name.replace(/^python-/, '')}-0.tar.gz`);
    if (statSync(join(folder, source)).size >= MAX_BYTES) left.large++;
    else if (OFFENSIVE.has(name)) left.offensive++;
    else if (!members.files.some(({ path }) => /^(?:[^/]+\/)?(?:setup\.py|pyproject\.toml)$/.test(path)))
      left['not built by pip']++;
    else if (known.has(project)) left['known or twice']++;
    else {
      known.add(project);
      rows.push({ source, sha256: digestOf(bytes), filename: `${project}-${version.replaceAll('-', '.')}.tar.gz` });
    }
  }
  writeFileSync(manifestPath, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  console.log(`${rows.length} chosen; left out: ${JSON.stringify(left)}`);
}

/** The project's name as its metadata, pyproject.toml, setup.cfg or setup.py write it. */
function nameIn({ files, metadata }: CollectedMembers): string | undefined {
  if (metadata?.name !== undefined) return metadata.name;
  const found = ['pyproject.toml', 'setup.cfg', 'setup.py'].flatMap((wanted) => {
    const file = files.find(({ path }) => path.replace(/^[^/]+\//, '') === wanted);
    const text = file === undefined ? '' : Buffer.from(file.bytes).toString('utf8');
    const name = wanted === 'setup.cfg' ? /^name\s*=\s*([\w.-]+)\s*$/m : /^\s*name\s*=\s*["']([\w.-]+)["']\s*,?\s*$/m;
    return name.exec(text)?.[1] ?? [];
  });
  return found[0];
}

/** A tar file, from xz or bzip2 by the programs of these names. */
function tarOf(source: string, bytes: Uint8Array): Uint8Array {
  if (source.endsWith('.gz')) return gunzipSync(bytes);
  const program = source.endsWith('.xz') ? 'xz' : 'bzip2';
  const { status, stdout } = spawnSync(program, ['-dc'], { input: bytes, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} cannot read ${source}`);
  return stdout;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
