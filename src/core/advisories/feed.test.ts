import assert from 'node:assert/strict';
import test from 'node:test';
import { anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { readFeedEntry, rejectFeedEntry } from './feed.ts';

const encode = (raw: unknown) => Buffer.from(JSON.stringify(raw));

test('reads a record, with a byte order mark too', () => {
  for (const bytes of [encode(anOsvRecord()), Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), encode(anOsvRecord())])]) {
    const entry = readFeedEntry(bytes, 'PYSEC-2026-1.json');
    assert.equal(entry.kind === 'advisory' && entry.advisory.id, 'PYSEC-2026-1');
  }
});

test('passes over what is not about PyPI', () => {
  assert.deepEqual(readFeedEntry(encode(anOsvRecord({ affected: [] })), 'x.json'), { kind: 'ignored' });
});

for (const [why, bytes, filename, id] of [
  [
    'a cut-off record, known by its file name',
    encode(anOsvRecord()).subarray(0, 50),
    'osv/PYSEC-2026-1.json',
    'PYSEC-2026-1',
  ],
  ['bytes that are no UTF-8', Buffer.of(0x22, 0xff, 0x22), 'PYSEC-2026-1.JSON', 'PYSEC-2026-1'],
  [
    'a broken record, by its own id before the file name',
    encode(anOsvRecord({ affected: 7 })),
    'X-1.json',
    'PYSEC-2026-1',
  ],
  ['a record without id, by its file name', encode({ affected: [] }), 'a/b/X-1.json', 'X-1'],
  ['a record without id in a file without one', encode({}), 'a b.json', undefined],
  ['nothing at all', Buffer.alloc(0), 'a\nb.json', undefined],
  ['JSON nested too deeply', Buffer.from('['.repeat(200_000)), 'X-1.json', 'X-1'],
] as const) {
  test(`rejects ${why}`, () => {
    const entry = readFeedEntry(bytes, filename);
    assert.ok(entry.kind === 'rejected');
    assert.equal(entry.id, id);
    assert.equal(entry.error.code, 'ADVISORY_INVALID');
    assert.match(entry.error.message, /^[ -~]+$/);
  });
}

test('names the file of a record that was not read', () => {
  const entry = rejectFeedEntry('a b.json', 'it has 9 bytes');
  assert.ok(entry.kind === 'rejected');
  assert.equal(entry.error.message, 'Advisory in "a b.json": it has 9 bytes');
});
