import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { aLyingZip } from '../../../test/builders/a-lying-zip.ts';
import { hostileZips } from '../../../test/builders/hostile-zips.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';

for (const { why, bytes, codes } of hostileZips) {
  test(`reports of a zip with ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual((await readArchive(bytes)).codes, codes);
  });
}

test('a zip that is not blocked looks the same to a reader that walks from the front', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(aLyingZip, async (bytes) => {
      const { members, worst, error } = await readArchive(bytes);
      if (worst !== 'none' || error !== undefined) return;
      compared++;
      assert.deepEqual(
        fromTheFront(Buffer.from(bytes)),
        members.map(({ path, bytes: content }) => [
          path,
          content === undefined ? '' : Buffer.from(content).toString('hex'),
        ]),
      );
    }),
    { numRuns: 1000 },
  );
  assert.ok(compared > 100, `only ${compared} zips were not blocked`);
});

/** What a reader sees that never looks at the directory: names and content (hex) from header to header. */
function fromTheFront(zip: Buffer): [string, string][] {
  const members: [string, string][] = [];
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    const [flags, method] = [zip.readUInt16LE(at + 6), zip.readUInt16LE(at + 8)];
    const nameAt = at + 30;
    const dataAt = nameAt + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
    const name = zip.subarray(nameAt, nameAt + zip.readUInt16LE(at + 26)).toString();
    let packedSize = zip.readUInt32LE(at + 18);
    let content = zip.subarray(dataAt, dataAt + packedSize);
    if (method === 8) {
      const { buffer, engine } = inflateRawSync(zip.subarray(dataAt), { info: true }) as unknown as {
        buffer: Buffer;
        engine: { bytesWritten: number };
      };
      [content, packedSize] = [buffer, engine.bytesWritten];
    } else if (flags & 8) {
      // A stored member says nowhere in front how long it is: such a reader looks for the descriptor.
      packedSize = zip.indexOf('PK\x07\x08', dataAt, 'latin1') - dataAt;
      content = zip.subarray(dataAt, dataAt + packedSize);
    }
    at = dataAt + packedSize;
    if (flags & 8) {
      assert.equal(zip.readUInt32LE(at + 4), crc32(content));
      at += 16;
    }
    members.push([name, content.toString('hex')]);
  }
  return members;
}
