import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { aliasGroups, compareIds } from './aliases.ts';

test('closes the relation over records: A~B and B~C are one group of three', () => {
  const groups = aliasGroups([
    { id: 'PYSEC-1', aliases: ['CVE-1'] },
    { id: 'GHSA-1', aliases: ['CVE-1'] },
    { id: 'PYSEC-2', aliases: [] },
  ]);
  const expected = ['CVE-1', 'GHSA-1', 'PYSEC-1'];
  for (const id of expected) assert.deepEqual(groups.get(id), expected);
  assert.deepEqual(groups.get('PYSEC-2'), ['PYSEC-2']);
  assert.equal(groups.get('CVE-2'), undefined);
});

test('is at ease with a record that names itself, and with names that objects have', () => {
  const groups = aliasGroups([{ id: 'A', aliases: ['A', '__proto__', 'constructor'] }]);
  assert.deepEqual(groups.get('constructor'), ['A', '__proto__', 'constructor']);
});

const id = fc.constantFrom(...'abcdefghijklmnop');
const records = fc.array(fc.record({ id, aliases: fc.array(id, { maxLength: 2 }) }), { maxLength: 12 });

test('the order of records and the direction of aliases do not matter', () => {
  fc.assert(
    fc.property(records, (given) => {
      const turned = given
        .toReversed()
        .flatMap((record) => [
          { id: record.id, aliases: [] },
          ...record.aliases.map((alias) => ({ id: alias, aliases: [record.id] })),
        ]);
      assert.deepEqual(new Map([...aliasGroups(turned)].sort()), new Map([...aliasGroups(given)].sort()));
    }),
  );
});

test('groups are what a walk along aliases reaches', () => {
  fc.assert(
    fc.property(records, (given) => {
      for (const [start, group] of aliasGroups(given)) {
        const reached = new Set([start]);
        for (let before = 0; before !== reached.size; ) {
          before = reached.size;
          for (const record of given) {
            const ids = [record.id, ...record.aliases];
            if (ids.some((it) => reached.has(it))) for (const it of ids) reached.add(it);
          }
        }
        assert.deepEqual(group, [...reached].sort());
      }
    }),
  );
});

test('shows the report of malice first, then the databases nearest to Python', () => {
  const ids = ['CVE-2026-1', 'GHSA-x', 'x_ORG-1', 'PYSEC-2026-1', 'MAL-2026-2', 'MAL-2026-1', 'odd'];
  assert.deepEqual(
    [...ids].sort((a, b) => compareIds(a, b)),
    ['MAL-2026-1', 'MAL-2026-2', 'PYSEC-2026-1', 'GHSA-x', 'CVE-2026-1', 'odd', 'x_ORG-1'],
  );
  assert.equal([...ids].sort((a, b) => compareIds(a, b, ['CVE']))[0], 'CVE-2026-1');
});
