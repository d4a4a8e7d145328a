import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One distribution of the evaluation. Malicious bytes exist only in memory: they are never written, imported or run. */
export type Specimen = {
  readonly id: string;
  readonly malicious: boolean;
  readonly group: string;
  /** First-seen date of the group, `YYYY-MM-DD`. */
  readonly date?: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
};

type ManifestRow = {
  readonly path: string;
  readonly sha256: string;
  readonly group: number;
  readonly date: string | null;
};

/** Where the data lies: `../shared/data` beside the checkout, or WHEELGATE_EVAL_DATA. */
export function dataFolder(): string {
  return process.env.WHEELGATE_EVAL_DATA ?? join(import.meta.dirname, '..', '..', 'shared', 'data');
}

/** The git directory of the public malware registry: WHEELGATE_EVAL_REGISTRY. */
export function registryFolder(): string | undefined {
  const folder = process.env.WHEELGATE_EVAL_REGISTRY;
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/**
 * A fifth of the groups and of the honest projects, always the same: neither fitted on nor read while the rules were
 * written, so that their figures say what to expect of unseen ones.
 */
export function isKeptAside(group: string): boolean {
  return createHash('sha256').update(`kept aside ${group}`).digest().readUInt16BE() % 5 === 0;
}

/** The manifest's samples, at most `perGroup` of each group, picked by hash so that every run picks the same. */
export async function* maliciousSpecimens(
  manifestPath: string,
  gitDirectory: string,
  perGroup: number,
  isWanted: (group: string) => boolean = () => true,
): AsyncGenerator<Specimen> {
  const rows = JSON.parse(readFileSync(manifestPath, 'utf8')) as ManifestRow[];
  const byGroup = new Map<number, ManifestRow[]>();
  for (const row of rows) byGroup.set(row.group, [...(byGroup.get(row.group) ?? []), row]);
  const reader = openBlobs(gitDirectory);
  try {
    for (const [group, members] of [...byGroup].sort(([a], [b]) => a - b)) {
      if (!isWanted(`m${group}`)) continue;
      const date = members.flatMap((row) => row.date ?? []).sort()[0];
      const picked = [...members].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)).slice(0, perGroup);
      for (const row of picked) {
        const bytes = await reader.read(`HEAD:${row.path}`);
        if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== row.sha256) continue;
        yield {
          id: row.path,
          malicious: true,
          group: `m${group}`,
          ...(date !== undefined && { date }),
          filename: basename(row.path),
          bytes,
        };
      }
    }
  } finally {
    reader.close();
  }
}

function orderOf(row: ManifestRow): string {
  return createHash('sha256').update(`pick ${row.sha256}`).digest('hex');
}

/** An honest distribution on disk. */
type BenignFile = { readonly project: string; readonly path: string };

/** Honest distributions in folders of wheels and sdists: the newest of each project and kind. */
export function benignFiles(folders: readonly string[]): BenignFile[] {
  const newest = new Map<string, BenignFile>();
  for (const folder of folders.filter(existsSync)) {
    for (const name of readdirSync(folder).sort()) {
      if (!/\.(?:whl|tar\.gz|tgz|zip|tar\.bz2)$/.test(name)) continue;
      const project = projectOf(name);
      newest.set(`${project} ${kindOf(name)}`, { project, path: join(folder, name) });
    }
  }
  return [...newest.values()];
}

/** The normalised name of the project, from the name of a wheel or sdist. */
export function projectOf(filename: string): string {
  const name = kindOf(filename) === 'wheel' ? filename.split('-')[0]! : filename.replace(/-\d[^-]*$/, '');
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The distributions of `benignFiles`, read one after the other. */
export function* benignSpecimens(
  folders: readonly string[],
  isWanted: (group: string) => boolean = () => true,
): Generator<Specimen> {
  for (const { project, path } of benignFiles(folders)) {
    const group = `b${project}`;
    if (!isWanted(group) || statSync(path).size > 80_000_000) continue;
    yield {
      id: basename(path),
      malicious: false,
      group,
      filename: basename(path),
      bytes: readFileSync(path),
    };
  }
}

function kindOf(name: string): 'wheel' | 'sdist' {
  return name.endsWith('.whl') ? 'wheel' : 'sdist';
}

/** One `git cat-file --batch` process; answers come in the order of the questions. */
function openBlobs(gitDirectory: string) {
  const child = spawn('git', ['-C', gitDirectory, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const take = async (length: number): Promise<Buffer> => {
    const parts: Uint8Array[] = [held];
    let have = held.length;
    while (have < length) {
      const { value, done } = await chunks.next();
      if (done) throw new Error('git ended before its answer');
      parts.push(value);
      have += value.length;
    }
    const all = Buffer.concat(parts);
    held = all.subarray(length);
    return all.subarray(0, length);
  };
  const takeLine = async (): Promise<string> => {
    let line = '';
    for (let char = (await take(1)).toString(); char !== '\n'; char = (await take(1)).toString()) line += char;
    return line;
  };
  return {
    async read(name: string): Promise<Uint8Array | undefined> {
      child.stdin.write(`${name}\n`);
      const header = await takeLine();
      if (header.endsWith(' missing')) return undefined;
      const bytes = Uint8Array.from(await take(Number(header.split(' ').at(-1))));
      await take(1);
      return bytes;
    },
    close: () => child.stdin.end(),
  };
}
