import assert from 'node:assert/strict';
import test from 'node:test';
import { anAdvisory, anAffected, aRange } from '../../../test/builders/an-advisory.ts';
import { parseProjectName } from '../python/name.ts';
import { compileAdvisories } from './compile.ts';
import { createReleaseMatcher } from './release-matcher.ts';
import { withVersionsLike } from './versions-like.ts';

const PROJECT = parseProjectName('demo');
const LISTED = [
  '1.0',
  '1!1.0',
  '1.0.post1',
  '1.0rc1',
  '2022.07',
  '0',
  '0.0',
  '0.7.10p1',
  'odd',
  ' v3.1',
  '10.0',
  '1.0.1',
];

/** What does not begin with a number may be anything. */
const UNCLEAR = ['odd', ' v3.1'];

for (const [asked, kept] of [
  ['1.0.0', ['1.0', '1!1.0', '1.0.post1', '1.0rc1', ...UNCLEAR]],
  ['1.0-1', ['1.0', '1!1.0', '1.0.post1', '1.0rc1', ...UNCLEAR]],
  ['1.0+cu118', ['1.0', '1!1.0', '1.0.post1', '1.0rc1', ...UNCLEAR]],
  ['2022.7.0', ['1!1.0', '2022.07', ...UNCLEAR]],
  ['0', ['1!1.0', '0', '0.0', ...UNCLEAR]],
  ['0.7.10p1', ['1!1.0', '0.7.10p1', ...UNCLEAR]],
  ['odd', ['odd']],
  ['V3.1', ['1!1.0', ...UNCLEAR]],
  ['10', ['1!1.0', ...UNCLEAR, '10.0']],
  ['4', ['1!1.0', ...UNCLEAR]],
] as const) {
  test(`keeps what may be ${asked}`, () => {
    const advisory = anAdvisory({ affected: [anAffected({ versions: LISTED, ranges: [] })] });
    assert.deepEqual(withVersionsLike(advisory, asked).affected[0]?.versions, kept);
  });
}

test('a version matches as it does with every listed version', () => {
  const advisories = [
    anAdvisory({ id: 'A-1', affected: [anAffected({ versions: LISTED, ranges: [] })] }),
    anAdvisory({ id: 'A-2', affected: [anAffected({ versions: LISTED, ranges: [aRange('0.5', '1.0.1')] })] }),
    anAdvisory({ id: 'A-3', affected: [anAffected({ versions: [], ranges: [aRange('1.0.post1')] })] }),
  ];
  const whole = createReleaseMatcher(compileAdvisories(PROJECT, advisories));
  const asked = [...LISTED, '1.0.0', '1.0+x.1', '1.0.0-1', '1', '01.0', '2022.7', '0.7.10', '0.6', '9', 'else', '1!1'];
  for (const version of asked) {
    const alike = advisories.map((advisory) => withVersionsLike(advisory, version));
    assert.deepEqual(createReleaseMatcher(compileAdvisories(PROJECT, alike))(version), whole(version), version);
  }
});
