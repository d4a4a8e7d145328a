import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAdvisory, anAffected, aRange } from '../../../test/builders/an-advisory.ts';
import { parseSha256 } from '../sha256.ts';
import { parseOsvRecord } from './osv.ts';
import { renderOsvRecord } from './render-osv.ts';

for (const [why, advisory] of [
  ['a plain one', anAdvisory()],
  [
    'one with everything',
    anAdvisory({
      id: 'MAL-2026-1',
      kind: 'malware',
      aliases: ['CVE-1', 'GHSA-1'],
      summary: 'It leaks',
      severity: {
        vectors: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'AV:N/AC:L/Au:N/C:P/I:P/A:P'],
        word: 'HIGH',
        worst: { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8 },
      },
      published: '2026-01-01T00:00:00.000Z',
      withdrawn: '2026-01-03T00:00:00.000Z',
      affected: [
        anAffected({ versions: ['1.0', 'odd'], ranges: [aRange('0', '2.0'), aRange('3.0')] }),
        anAffected({
          ranges: [],
          sha256: [parseSha256('a'.repeat(64))],
          severity: { vectors: ['CVSS:4.0/AV:N'], word: 'LOW' },
          lastKnown: '<= 2.0',
        }),
      ],
    }),
  ],
] as const) {
  test(`reading ${why} again gives the same advisory`, () => {
    assert.deepEqual(parseOsvRecord(JSON.parse(JSON.stringify(renderOsvRecord(advisory)))), advisory);
  });
}
