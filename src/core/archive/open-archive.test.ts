import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aTar } from '../../../test/builders/a-tar.ts';
import { aZip } from '../../../test/builders/a-zip.ts';
import { encode, joinBytes } from '../../../test/builders/bytes.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';
import { bytesSource } from './byte-source.ts';
import { FindingList } from './finding-list.ts';
import { defaultArchiveLimits } from './limits.ts';
import { openArchive } from './open-archive.ts';

// One tar archive with demo-1.0.0/a.py, compressed by Python and by the zstd command.
const BZIP2 =
  'QlpoOTFBWSZTWZEO9SgAADJbgMqQUGPlACAAZmPeIAoIIABUQoeoDTRoPU9IaB+qCUSaNA0AANNBF58g5ogSQvcLQ2VAUHs3sjbDKfZcFkVDIp' +
  'YITTmSLMhLChqjbAcQk0l6Gi+j4BMzP8XckU4UJCRDvUoA';
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Af/AFJdADIZSf7XHHVnnnnTfYu8vIyr4h1HNs6AYoUn3I1H/ZbO94AgVRYtr+lwhW/www1OkZQefQ' +
  'lTDaGJDUuXlk0ZEBxVAwfHGH21rkuOTEYJtkNScAAAAAAxJNbBKhFemAABboAQAAAA+l1UELHEZ/sCAAAAAARZWg==';
const ZSTD =
  'KLUv/WQAB2UCAAKEDRKQzwHc4raCaHfnLqXogeYSwskMiHBNjArdlPzzVJVafuB3v89n1P8ZofT/fKVR5+amS3xsBQcgcB/w/X+OOmDyhEsEhi' +
  'MmtwThQC0S';

/** From base 64 as the tools printed it. */
function fixture(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

const tar = aTar([{ name: 'demo-1.0.0/a.py', data: 'print("hi")\n' }], { compression: 'none' });

for (const [why, bytes] of [
  ['no compression', tar],
  ['gzip', aTar([{ name: 'demo-1.0.0/a.py', data: 'print("hi")\n' }])],
  ['bzip2', fixture(BZIP2)],
  ['xz', fixture(XZ)],
  ['zstd', fixture(ZSTD)],
  ['zip', aZip([{ name: 'demo-1.0.0/a.py', data: 'print("hi")\n' }])],
] as const) {
  test(`opens ${why} by its bytes`, async () => {
    const { members, codes, error } = await readArchive(bytes);
    assert.deepEqual(
      members.map((member) => [member.path, Buffer.from(member.bytes!).toString()]),
      [['demo-1.0.0/a.py', 'print("hi")\n']],
    );
    assert.deepEqual([codes, error], [[], undefined]);
  });
}

for (const [why, bytes, codes] of [
  ['an empty file', new Uint8Array(), []],
  ['a text', encode('<html>not here</html>'), []],
  ['one block that is no tar header', new Uint8Array(512).fill(65), []],
  ['gzip of a text', aTar([], { end: encode('hello'.repeat(200)) }), []],
  ['bzip2 that is cut off', fixture(BZIP2).subarray(0, -20), ['damaged-data']],
  ['bzip2 with a changed bit', fixture(BZIP2).map((byte, at) => (at === 60 ? byte ^ 4 : byte)), ['damaged-data']],
  ['xz that is cut off', fixture(XZ).subarray(0, -30), ['trailing-bytes', 'unsupported-compression']],
  ['zstd that is cut off', fixture(ZSTD).subarray(0, -20), ['damaged-data']],
  ['the old lzma format', Uint8Array.of(0x5d, 0, 0, 0x80, 0, 255, 255, 255, 255), ['unsupported-compression']],
  ['the old compress format', Uint8Array.of(0x1f, 0x9d, 0x90), ['unsupported-compression']],
] as const) {
  test(`refuses ${why}`, async () => {
    const read = await readArchive(bytes);
    assert.equal(read.error, 'ARCHIVE_UNREADABLE');
    assert.deepEqual(read.codes, codes);
  });
}

for (const [why, bytes] of [
  ['bzip2', joinBytes([fixture(BZIP2), encode('tail')])],
  ['xz', joinBytes([fixture(XZ), encode('tail')])],
] as const) {
  test(`reports bytes behind ${why} data`, async () => {
    assert.ok((await readArchive(bytes)).codes.includes('trailing-bytes'));
  });
}

const files = [1, 2, 3].map((index) => ({ name: `demo-1/${index}`, data: 'x'.repeat(1000) }));

for (const [why, bytes, limits] of [
  ['members of a zip', aZip(files), { maxMembers: 2 }],
  ['members of a tar', aTar(files), { maxMembers: 2 }],
  ['expanded bytes of a zip', aZip(files), { maxExpandedBytes: 2999 }],
  ['expanded bytes of a tar', aTar(files), { maxExpandedBytes: 2999 }],
  ['bytes of a directory', aZip(files), { maxHeaderBytes: 100 }],
  ['times the size of a zip', aZip(files), { bombFloorBytes: 1000, maxRatio: 2 }],
  ['times the size of a tar', aTar(files), { bombFloorBytes: 1000, maxRatio: 2 }],
] as const) {
  test(`stops at the limit of ${why}`, async () => {
    assert.equal((await readArchive(bytes, limits)).error, 'FILE_TOO_LARGE');
  });
}

test('a member larger than asked for is not read into memory', async () => {
  const archive = await openArchive(bytesSource(aZip(files)), defaultArchiveLimits, new FindingList());
  for await (const member of archive.members()) await assert.rejects(member.read(999), { code: 'FILE_TOO_LARGE' });
});

const path = fc
  .array(fc.stringMatching(/^[A-Za-z0-9_é-]{1,12}$/), { minLength: 1, maxLength: 12 })
  .map((parts) => `demo-1/${parts.join('/')}`);
const tree = fc.uniqueArray(fc.record({ name: path, data: fc.uint8Array({ maxLength: 2000 }) }), {
  selector: ({ name }) => name,
  maxLength: 8,
});

test('honest archives come back as they went in and without a word', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.boolean(), fc.boolean(), async (members, descriptor, deflated) => {
      const zip = aZip(members.map((member) => ({ ...member, descriptor, method: deflated ? 8 : 0 })));
      const tar = aTar(members.map((member) => ({ ...member, pax: { path: member.name } })));
      for (const archive of [zip, tar]) {
        const read = await readArchive(archive);
        assert.deepEqual(
          read.members.map(({ path, bytes }) => [path, Buffer.from(bytes!)]),
          members.map(({ name, data }) => [name, Buffer.from(data)]),
        );
        assert.deepEqual(read.codes, []);
      }
    }),
  );
});

// No zstd among the damaged: fzstd never ends on a Huffman table whose weights take no bits. Nothing in one thread can stop it;
// the deadline of an inspection does, and holds the file (src/io/workers/inspector.test.ts).
test('any bytes end in members, findings or our own error', async () => {
  const magic = fc.constantFrom('PK\x03\x04', 'PK\x05\x06', '\x1f\x8b\x08', 'BZh9', '\xfd7zXZ\0', '');
  await fc.assert(
    fc.asyncProperty(magic, fc.uint8Array({ maxLength: 600 }), async (start, rest) => {
      await readArchive(joinBytes([new Uint8Array(Buffer.from(start, 'latin1')), rest]));
    }),
    { numRuns: 500 },
  );
});

test('any change to compressed data ends in members, findings or our own error', async () => {
  const change = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 }));
  const original = fc.constantFrom(BZIP2, XZ).map(fixture);
  await fc.assert(
    fc.asyncProperty(original, fc.array(change, { minLength: 1, maxLength: 4 }), async (bytes, changes) => {
      const copy = bytes.slice();
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      await readArchive(copy);
    }),
    { numRuns: 500 },
  );
});
