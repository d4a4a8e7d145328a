import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileZips } from '../../../test/builders/hostile-zips.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';

for (const { why, bytes, codes } of hostileZips) {
  test(`reports of a zip with ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual((await readArchive(bytes)).codes, codes);
  });
}
