import assert from 'node:assert/strict';
import test from 'node:test';
import { severityClaim } from './osv-affected.ts';
import { compareSeverity, judgeSeverity } from './severity.ts';

const judge = ({ vectors, word }: { vectors: readonly string[]; word?: string }) =>
  judgeSeverity(
    severityClaim(
      vectors.map((score) => ({ score })),
      word,
    ),
  );

const V31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const V4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';

for (const [why, vector, level, score] of [
  ['CVSS 2', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', 'high', 7.5],
  ['CVSS 2 in brackets', '(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 'high', 7.5],
  ['CVSS 3.0', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'critical', 9.8],
  ['CVSS 3.1', V31, 'critical', 9.8],
  ['CVSS 3.1 with temporal metrics, which are somebody else’s moment', `${V31}/E:U/RL:O`, 'critical', 9.8],
  ['CVSS 4.0', V4, 'critical', 9.3],
  ['CVSS 4.0 with a threat metric', `${V4}/E:U`, 'critical', 9.3],
  ['a low score', 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 'low', 1.8],
  ['a medium score', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 'medium', 6.1],
  ['a score of none, which still is a claim', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 'low', 0],
] as const) {
  test(`scores ${why}`, () => assert.deepEqual(judge({ vectors: [vector] }), { level, score, vector }));
}

for (const [why, vector] of [
  ['an empty text', ''],
  ['prose', 'high'],
  ['a vector without all base metrics', 'CVSS:3.1/AV:N/AC:L'],
  ['a value that the version does not have', 'CVSS:3.1/AV:Z/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
  ['a later CVSS with the metrics of CVSS 2', 'CVSS:5.0/AV:N/AC:L/Au:N/C:P/I:P/A:P'],
] as const) {
  test(`leaves ${why} unknown, and takes the word beside it`, () => {
    assert.equal(judge({ vectors: [vector] }), undefined);
    assert.deepEqual(judge({ vectors: [vector], word: 'HIGH' }), { level: 'high' });
  });
}

test('takes the worst of several vectors', () => {
  assert.equal(judge({ vectors: [V4, V31, 'AV:N/AC:L/Au:N/C:P/I:P/A:P'] })?.score, 9.8);
});

test('prefers a vector to the word', () => {
  assert.equal(judge({ vectors: [V31], word: 'LOW' })?.level, 'critical');
});

for (const [word, level] of [
  ['MODERATE', 'medium'],
  ['Medium', 'medium'],
  [' critical ', 'critical'],
  ['IMPORTANT', 'high'],
  ['low', 'low'],
] as const) {
  test(`reads the word ${JSON.stringify(word)}`, () => assert.deepEqual(judge({ vectors: [], word }), { level }));
}

for (const word of ['', 'none', 'unknown', 'constructor']) {
  test(`does not guess at the word ${JSON.stringify(word)}`, () =>
    assert.equal(judge({ vectors: [], word }), undefined));
}

test('says nothing when nothing is claimed', () => assert.equal(judgeSeverity(undefined), undefined));

test('orders the worst first and the unknown last', () => {
  const order = [
    undefined,
    { level: 'low' },
    { level: 'high', score: 8.9 },
    { level: 'high' },
    { level: 'critical' },
  ] as const;
  assert.deepEqual(
    [...order].sort(compareSeverity),
    // `sort` puts undefined last whatever the comparison says; the pair below asks the function itself.
    [{ level: 'critical' }, { level: 'high', score: 8.9 }, { level: 'high' }, { level: 'low' }, undefined],
  );
  assert.ok(compareSeverity({ level: 'low', score: 0 }, undefined) < 0);
});
