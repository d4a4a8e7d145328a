import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { aLyingZip, memberContent, memberName, smallNumber, sometimes } from '../../../test/builders/a-lying-zip.ts';
import { aTar, type TarEntry } from '../../../test/builders/a-tar.ts';
import { hostileTars } from '../../../test/builders/hostile-tars.ts';
import { hostileZips } from '../../../test/builders/hostile-zips.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';
import { bytesSource, readChunks } from './byte-source.ts';
import { bunzip2 } from './bzip2.ts';

// What Python lists is what pip installs: where we report no block, both must see the same; where we do and both can read
// the archive, we must still show what Python shows.

type Case = { readonly why: string; readonly bytes: Uint8Array; readonly flavour: 'zip' | 'gzip' | 'none' };
type Listed = { path: string; kind: string; size: number; linkTarget?: string; sha256?: string | null };
type Answer = { version: [number, number]; listings: (Listed[] | { error: string })[] };

const noPython = spawnSync('python3', ['--version']).error === undefined ? false : 'there is no python3';

function askPython(cases: readonly Case[]): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-archives-'));
  try {
    const asked = cases.map(({ bytes, flavour }, index) => {
      const path = join(folder, String(index));
      writeFileSync(path, bytes);
      return [path, flavour];
    });
    const script = fileURLToPath(new URL('python-archives.py', import.meta.url));
    const run = spawnSync('python3', [script], { input: JSON.stringify(asked), encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(run.status, 0, run.stderr);
    return JSON.parse(run.stdout) as Answer;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Members that we cannot expand, and names that Python learnt to take from an extra field in 3.12. */
const shownOtherwise = ['sparse-member', 'unsupported-compression', 'unicode-path', 'bomb'];

async function compare(cases: readonly Case[]): Promise<void> {
  const { listings } = askPython(cases);
  let alike = 0;
  for (const [index, { why, bytes }] of cases.entries()) {
    const ours = await readArchive(bytes);
    const theirs = listings[index]!;
    const refused = ours.worst === 'block' || ours.error !== undefined;
    if (!Array.isArray(theirs)) assert.ok(refused, `${why}: Python raises ${theirs.error}, we report ${ours.codes}`);
    if (!Array.isArray(theirs) || ours.error !== undefined) continue;
    if (ours.codes.some((code) => shownOtherwise.includes(code))) continue;
    const shown = ours.members.map(({ bytes: content, ...member }) => ({
      ...member,
      ...(member.kind === 'file' ? { sha256: content === undefined ? null : sha256(content) } : {}),
    }));
    // Behind a header that we call damaged, Python may go on where no other reader does.
    const common = ours.codes.includes('bad-header') ? theirs.slice(0, shown.length) : theirs;
    if (ours.worst !== 'block') assert.deepEqual(sorted(shown), sorted(common), why);
    else assert.deepEqual(sorted(withoutSums(shown)), sorted(withoutSums(common)), `${why}: ${ours.codes}`);
    alike++;
  }
  assert.ok(alike > cases.length / 10, `only ${alike} of ${cases.length} archives could be compared`);
}

function sorted(members: readonly Listed[]): string[] {
  return members.map((member) => JSON.stringify(Object.entries(member).sort())).sort();
}

function withoutSums(members: readonly Listed[]): Listed[] {
  return members.map(({ sha256: _, ...member }) => member);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('hostile zips are listed as Python lists them', { skip: noPython }, () =>
  compare(hostileZips.map(({ why, bytes }) => ({ why, bytes, flavour: 'zip' }))),
);

test('hostile tars are listed as Python lists them', { skip: noPython }, () =>
  compare(hostileTars.map(({ why, bytes }) => ({ why, bytes, flavour: why === 'no compression' ? 'none' : 'gzip' }))),
);

const tarEntry = fc
  .record({
    name: memberName,
    data: memberContent,
    type: fc.constantFrom('0', '0', '0', '\0', '1', '2', '5', '7', 'Q', '3'),
    linkName: memberName,
    pax: sometimes(
      fc.dictionary(
        fc.constantFrom('path', 'size', 'linkpath', 'mtime'),
        fc.oneof(memberName, smallNumber.map(String)),
      ),
    ),
    size: sometimes(smallNumber),
    sum: sometimes(fc.constant(1)),
  })
  .map(({ pax, size, sum, ...entry }): TarEntry => {
    return { ...entry, ...(pax && { pax }), ...(size !== undefined && { size }), ...(sum && { sum }) };
  });

/** An archive with up to three bytes overwritten. */
function damaged(archive: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  return fc.tuple(archive, fc.array(change, { maxLength: 3 })).map(([bytes, changes]) => {
    const copy = bytes.slice();
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });
}

const samples = { seed: 20_261_123, numRuns: 600 };
const tars = fc.array(tarEntry, { maxLength: 4 }).map((entries) => aTar(entries, { compression: 'none' }));

for (const [why, archives, flavour] of [
  ['zips that lie', aLyingZip, 'zip'],
  ['damaged zips', damaged(aLyingZip), 'zip'],
  ['tars that lie', tars, 'none'],
  ['damaged tars', damaged(tars), 'none'],
] as const) {
  test(`${why} are listed as Python lists them`, { skip: noPython }, () =>
    compare(fc.sample(archives, samples).map((bytes, index) => ({ why: `${why}, ${index}`, bytes, flavour }))),
  );
}

test('bzip2 expands to what Python compressed', { skip: noPython }, async () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 20_000 }),
    fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 1000 }))).map((runs) => {
      return new Uint8Array(Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte))));
    }),
  );
  const payloads = [
    ...fc.sample(payload, { seed: samples.seed, numRuns: 100 }),
    new Uint8Array(400_000).map((_, at) => at * at),
  ];
  const script =
    'import bz2, json, sys; json.dump([bz2.compress(bytes.fromhex(t), 1).hex() for t in json.load(sys.stdin)], sys.stdout)';
  const input = JSON.stringify(payloads.map((bytes) => Buffer.from(bytes).toString('hex')));
  const run = spawnSync('python3', ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const packed = JSON.parse(run.stdout) as string[];
  for (const [index, hex] of packed.entries()) {
    const parts: Uint8Array[] = [];
    const source = bytesSource(Buffer.from(hex, 'hex'));
    for await (const chunk of bunzip2(readChunks(source, 0, source.size), 'one', () => {})) parts.push(chunk);
    assert.ok(Buffer.concat(parts).equals(payloads[index]!), `payload ${index}`);
  }
});
