import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { aTar, type TarEntry } from '../../../test/builders/a-tar.ts';
import { aZip, type ZipEntry } from '../../../test/builders/a-zip.ts';
import { hostileTars } from '../../../test/builders/hostile-tars.ts';
import { hostileZips } from '../../../test/builders/hostile-zips.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';

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

const content = fc.oneof(fc.string({ maxLength: 40 }), fc.uint8Array({ maxLength: 3000 }));
const name = fc.constantFrom('a.py', 'b/c.py', 'b/', 'A.py', './a.py', '../x', 'é.py', 'a\\b', 'x'.repeat(120));
const small = fc.nat({ max: 60 });
const lie = fc.record(
  {
    name,
    method: fc.constantFrom(0, 8, 12, 14, 99),
    flags: fc.constantFrom(0, 1, 8, 0x800, 0x808, 0x40),
    crc: small,
    compressedSize: small,
    size: small,
    extra: fc.uint8Array({ maxLength: 12 }),
  },
  { requiredKeys: [] },
);
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
const zipEntry = fc
  .record({
    name,
    data: content,
    method: fc.constantFrom(0, 8),
    descriptor: fc.boolean(),
    local: sometimes(lie),
    central: sometimes(lie),
  })
  .map(
    ({ local, central, ...entry }): ZipEntry => ({ ...entry, ...(local && { local }), ...(central && { central }) }),
  );
const zipOver = fc.record(
  {
    prefix: fc.uint8Array({ maxLength: 30 }),
    comment: fc.uint8Array({ maxLength: 30 }),
    zip64: fc.boolean(),
    count: small,
  },
  { requiredKeys: [] },
);
const tarEntry = fc
  .record({
    name,
    data: content,
    type: fc.constantFrom('0', '0', '0', '\0', '1', '2', '5', '7', 'Q', '3'),
    linkName: name,
    pax: sometimes(
      fc.dictionary(fc.constantFrom('path', 'size', 'linkpath', 'mtime'), fc.oneof(name, small.map(String))),
    ),
    size: sometimes(small),
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

const samples = { seed: 20_261_123, numRuns: 1500 };
const lyingZips = fc.tuple(fc.array(zipEntry, { maxLength: 4 }), zipOver).map(([entries, over]) => aZip(entries, over));
const tars = fc.array(tarEntry, { maxLength: 4 }).map((entries) => aTar(entries, { compression: 'none' }));

for (const [why, archives, flavour] of [
  ['zips that lie', lyingZips, 'zip'],
  ['damaged zips', damaged(lyingZips), 'zip'],
  ['tars that lie', tars, 'none'],
  ['damaged tars', damaged(tars), 'none'],
] as const) {
  test(`${why} are listed as Python lists them`, { skip: noPython }, () =>
    compare(fc.sample(archives, samples).map((bytes, index) => ({ why: `${why}, ${index}`, bytes, flavour }))),
  );
}
