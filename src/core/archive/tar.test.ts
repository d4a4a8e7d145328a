import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileTars } from '../../../test/builders/hostile-tars.ts';
import { readArchive } from '../../../test/builders/read-archive.ts';

for (const { why, bytes, codes } of hostileTars) {
  test(`reports of a tar with ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual((await readArchive(bytes)).codes, codes);
  });
}
