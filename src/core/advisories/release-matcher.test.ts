import assert from 'node:assert/strict';
import test from 'node:test';
import { anAdvisory, anAffected, aRange } from '../../../test/builders/an-advisory.ts';
import { parseProjectName } from '../python/name.ts';
import { parseVersion } from '../python/version.ts';
import { parseSha256 } from '../sha256.ts';
import type { Advisory, AdvisoryRange, AffectedProject } from './advisory.ts';
import { compileAdvisories } from './compile.ts';
import type { AdvisoryMatch } from './match.ts';
import { createReleaseMatcher } from './release-matcher.ts';

const DEMO = parseProjectName('demo');
const HELD = parseSha256('a'.repeat(64));
const OTHER = parseSha256('b'.repeat(64));

const matcher = (...advisories: Advisory[]) => createReleaseMatcher(compileAdvisories(DEMO, advisories));
const affects = (entry: Partial<AffectedProject>) =>
  matcher(anAdvisory({ affected: [anAffected({ ranges: [], ...entry })] }));
const upTo = (version: string): AdvisoryRange => [
  { type: 'introduced', version: '0' },
  { type: 'last_affected', version },
];

/** `how, confidence` of the one match, or `-`. */
function say(matches: readonly AdvisoryMatch[]): string {
  if (matches.length === 0) return '-';
  assert.equal(matches.length, 1);
  const [{ matchedBy, confidence, open, degraded }] = matches as [AdvisoryMatch];
  return [matchedBy, confidence, ...(open ? ['open'] : []), ...(degraded ? ['degraded'] : [])].join(' ');
}

const unsorted: AdvisoryRange = [
  ...aRange('2.16.0', '2.16.3'),
  ...aRange('2.15.0', '2.15.9'),
  ...aRange('0', '2.14.4'),
];

for (const [why, entry, version, expected] of [
  ['zero-padded dates are equal (certifi)', { ranges: [aRange('0', '2022.12.07')] }, '2022.12.7', '-'],
  ['the version before is affected', { ranges: [aRange('0', '2022.12.07')] }, '2022.12.6', 'range high'],
  ['trailing zeros are equal in a list', { versions: ['1.0'] }, '1.0.0', 'listed high'],
  ['spelling does not matter in a list', { versions: ['1.0-ALPHA.1'] }, '1.0a1', 'listed high'],
  ['the epoch is above all', { ranges: [aRange('0', '2')] }, '1!0.1', '-'],
  ['1.0-1 is 1.0.post1', { versions: ['1.0-1'] }, '1.0.post1', 'listed high'],
  ['a prerelease of the fix is not the fix', { ranges: [aRange('0', '2.0')] }, '2.0rc1', 'range high'],
  ['a post-release of the fix is fixed', { ranges: [aRange('0', '2.0')] }, '2.0.post1', '-'],
  ['introduced 0 is before every version', { ranges: [aRange('0', '2.0')] }, '0.dev0', 'range high'],
  ['introduced 0.0 is not', { ranges: [aRange('0.0', '2.0')] }, '0.dev0', '-'],
  ['the introducing version is affected', { ranges: [aRange('1.0', '2.0')] }, '1.0', 'range high'],
  ['its prerelease is not', { ranges: [aRange('1.0', '2.0')] }, '1.0rc1', '-'],
  ['the last affected version is affected', { ranges: [upTo('2.0.1')] }, '2.0.1', 'range high'],
  ['a build of it too (torch)', { ranges: [upTo('2.0.1')] }, '2.0.1+cu118', 'range high'],
  ['a build of the next is not', { ranges: [upTo('2.0.1')] }, '2.0.2+cpu', '-'],
  ['a build of the fix is fixed', { ranges: [aRange('0', '2.0.1')] }, '2.0.1+cu118', '-'],
  ['a local bound counts the local part', { ranges: [aRange('0', '2.0.1+cu118')] }, '2.0.1+cu117', 'range high'],
  ['the local bound itself', { ranges: [aRange('0', '2.0.1+cu118')] }, '2.0.1+cu118', '-'],
  ['a listed version means its builds', { versions: ['2.0.1'] }, '2.0.1+cu118', 'listed high'],
  ['a listed build means itself', { versions: ['2.0.1+cu118'] }, '2.0.1+cu118', 'listed high'],
  ['a listed build means no other', { versions: ['2.0.1+cu118'] }, '2.0.1', '-'],
  ['unsorted events: in the first window (PYSEC-2024-36)', { ranges: [unsorted] }, '2.14.3', 'range high'],
  ['unsorted events: the first fix', { ranges: [unsorted] }, '2.14.4', '-'],
  ['unsorted events: in the second window', { ranges: [unsorted] }, '2.15.8', 'range high'],
  ['unsorted events: the second fix', { ranges: [unsorted] }, '2.15.9', '-'],
  ['unsorted events: in the third window', { ranges: [unsorted] }, '2.16.2', 'range high'],
  ['unsorted events: the third fix', { ranges: [unsorted] }, '2.16.3', '-'],
  ['unsorted events: after all', { ranges: [unsorted] }, '2.17.0', '-'],
  ['introduced and fixed at once is nothing', { ranges: [aRange('1.0', '1.0')] }, '1.0', '-'],
  ['two ranges: the second counts too', { ranges: [aRange('0', '1.0'), aRange('3.0')] }, '3.1', 'range low open'],
  ['an open range alone is weak', { ranges: [aRange('1.0')] }, '9.9', 'range low open'],
  ['an open range and the list agree', { ranges: [aRange('1.0')], versions: ['9.9'] }, '9.9', 'both high open'],
  [
    'a later window does not close the last',
    { ranges: [[...aRange('0', '1.0'), ...aRange('2.0')]] },
    '2.1',
    'range low open',
  ],
  ['a window that ends is not open', { ranges: [[...aRange('0', '1.0'), ...aRange('2.0')]] }, '0.9', 'range high'],
  ['in the range and listed', { ranges: [aRange('0', '2.0')], versions: ['1.0'] }, '1.0', 'both high'],
  ['in the range of a truncated list', { ranges: [aRange('0', '2.31.0')], versions: ['1.0'] }, '2.30.0', 'range high'],
  [
    'listed outside every range (PYSEC-2023-61)',
    { ranges: [aRange('3.2', '3.2.19')], versions: ['3.2a1'] },
    '3.2a1',
    'listed contested',
  ],
  ['below a limit', { ranges: [[...aRange('0'), { type: 'limit', version: '2.0' }]] }, '1.9', 'range low open'],
  ['at the limit', { ranges: [[...aRange('0'), { type: 'limit', version: '2.0' }]] }, '2.0', '-'],
  [
    'any limit is enough',
    { ranges: [[...aRange('0'), { type: 'limit', version: '2.0' }, { type: 'limit', version: '3.0' }]] },
    '2.5',
    'range low open',
  ],
  [
    'a limit of * is none',
    { ranges: [[...aRange('0'), { type: 'limit', version: '2.0' }, { type: 'limit', version: '*' }]] },
    '2.5',
    'range low open',
  ],
  [
    'an unreadable fix ends nothing (PYSEC-2019-125)',
    { ranges: [aRange('0', '2019-09-12')] },
    '1.0',
    'range low open degraded',
  ],
  [
    'an unreadable fix before a readable one',
    { ranges: [[...aRange('0', 'x'), { type: 'fixed', version: '2.0' }]] },
    '1.0',
    'range low degraded',
  ],
  ['the readable fix holds', { ranges: [[...aRange('0', 'x'), { type: 'fixed', version: '2.0' }]] }, '2.0', '-'],
  ['an unreadable beginning is the beginning', { ranges: [aRange('1.x', '2.0')] }, '0.1', 'range low degraded'],
  [
    'an unreadable limit limits nothing',
    { ranges: [[...aRange('0'), { type: 'limit', version: 'x' }]] },
    '9',
    'range low open degraded',
  ],
  [
    'a listed version in a degraded range',
    { ranges: [aRange('0', '0.2.0-n653')], versions: ['0.1'] },
    '0.1',
    'both high open degraded',
  ],
  ['a list beside unreadable versions', { versions: ['0.7.10p1', '0.7.9'] }, '0.7.9', 'listed high'],
  ['not listed', { versions: ['0.7.10p1', '0.7.9'] }, '0.7.8', '-'],
] as const satisfies readonly (readonly [string, Partial<AffectedProject>, string, string])[]) {
  test(`${version}: ${why}`, () => {
    const match = affects(entry);
    assert.equal(say(match(parseVersion(version))), expected);
    assert.equal(say(match(` ${version} `)), expected, 'given as text');
  });
}

for (const [why, entry, text, expected] of [
  ['listed as text', { versions: ['0.7.10p1'] }, '0.7.10p1', 'text high'],
  ['white space does not count', { versions: ['0.7.10p1'] }, ' 0.7.10p1\n', 'text high'],
  ['not listed, and no range could tell', { versions: ['0.7.10p1'] }, '0.7.10p2', '-'],
  ['a range cannot tell, so it is not clean', { ranges: [aRange('0', '2.0')] }, '0.7.10p1', 'unversionable low'],
  ['nor can an open one', { ranges: [aRange('0')] }, '0.7.10p1', 'unversionable low open'],
  ['listed, and the range does not contest it', { ranges: [aRange('0', '2.0')], versions: ['x'] }, 'x', 'text high'],
  ['its digest is named', { ranges: [aRange('0', '2.0')], sha256: [HELD] }, 'x', 'digest high'],
] as const satisfies readonly (readonly [string, Partial<AffectedProject>, string, string])[]) {
  test(`${JSON.stringify(text)} is no version: ${why}`, () => assert.equal(say(affects(entry)(text, HELD)), expected));
}

test('a named digest is a match, whatever the version says', () => {
  const match = affects({ versions: ['1.0'], sha256: [HELD] });
  assert.equal(say(match('2.0', HELD)), 'digest high');
  assert.equal(say(match('1.0', HELD)), 'digest high');
  assert.equal(say(match('2.0', OTHER)), '-');
  assert.equal(say(match('2.0')), '-', 'the digest of one file says nothing about the release');
  assert.equal(say(match('1.0', OTHER)), 'listed high', 'another file of the listed release');
});

test('a withdrawn record is never a finding', () => {
  const withdrawn = anAdvisory({
    withdrawn: '2026-01-03T00:00:00.000Z',
    affected: [anAffected({ versions: ['1.0', 'x'], sha256: [HELD] })],
  });
  for (const version of ['1.0', 'x']) assert.deepEqual(matcher(withdrawn)(version, HELD), []);
});

test('only entries about the project count', () => {
  const other = anAffected({ project: parseProjectName('other'), versions: ['3.0'] });
  const match = matcher(anAdvisory({ affected: [other, anAffected()] }));
  assert.equal(say(match('1.0')), 'range high');
  assert.equal(say(match('3.0')), '-');
});

test('several entries about the project are one match', () => {
  const entries = [
    anAffected({ ranges: [aRange('0', '1.5')], lastKnown: '< 1.5' }),
    anAffected({ ranges: [], versions: ['1.0'] }),
  ];
  const match = matcher(anAdvisory({ affected: entries }));
  assert.equal(say(match('1.0')), 'both high');
  assert.equal(say(match('1.1')), 'range high');
});

test('names the fixes after the release, in version order and as written', () => {
  const match = affects({ ranges: [unsorted, aRange('0', '2022.12.07')] });
  assert.deepEqual(match('2.15.1')[0]?.fixed, ['2.15.9', '2.16.3', '2022.12.07']);
});

test('hands over what a person needs to recognise the advisory', () => {
  const severity = { vectors: [], word: 'HIGH' };
  const advisory = anAdvisory({
    aliases: ['GHSA-1', 'CVE-2026-1'],
    summary: 'Bad',
    severity,
    published: '2026-01-01T00:00:00.000Z',
    origins: 2,
    affected: [anAffected({ lastKnown: '<= 1.9' })],
  });
  assert.deepEqual(matcher(advisory)('1.0'), [
    {
      id: 'PYSEC-2026-1',
      aliases: ['CVE-2026-1', 'GHSA-1'],
      kind: 'vulnerability',
      summary: 'Bad',
      severity: { level: 'high' },
      lastKnown: '<= 1.9',
      origins: 2,
      published: '2026-01-01T00:00:00.000Z',
      modified: '2026-01-02T00:00:00.000Z',
      matchedBy: 'range',
      confidence: 'high',
      fixed: ['2.0'],
      open: false,
    },
  ]);
});

test('the severity of an entry overrides that of its record', () => {
  const entry = anAffected({ severity: { vectors: [], word: 'low' } });
  const advisory = anAdvisory({ severity: { vectors: [], word: 'critical' }, affected: [entry] });
  assert.deepEqual(matcher(advisory)('1.0')[0]?.severity, { level: 'low' });
});

test('aliases are one match: linked A~B, B~C, with the surest hit and the worst severity', () => {
  const records = [
    anAdvisory({ id: 'PYSEC-2026-1', aliases: ['CVE-2026-1'], affected: [anAffected({ ranges: [aRange('0')] })] }),
    anAdvisory({
      id: 'GHSA-1',
      aliases: ['CVE-2026-1'],
      severity: { vectors: [], word: 'high' },
      affected: [anAffected({ ranges: [aRange('0', '2.0'), aRange('0', '1.9')] })],
    }),
    anAdvisory({ id: 'PYSEC-2026-2' }),
  ];
  const [first, second, ...rest] = matcher(...records)('1.0');
  assert.deepEqual(rest, []);
  assert.deepEqual([first?.id, first?.aliases], ['PYSEC-2026-1', ['CVE-2026-1', 'GHSA-1']]);
  assert.deepEqual([first?.severity?.level, first?.confidence, first?.open], ['high', 'high', false]);
  assert.deepEqual(first?.fixed, ['1.9', '2.0']);
  assert.equal(second?.id, 'PYSEC-2026-2');
});

test('a group is named by a record that touches the release', () => {
  const records = [
    anAdvisory({ id: 'PYSEC-2026-1', aliases: ['GHSA-1'], affected: [anAffected({ ranges: [aRange('0', '1.0')] })] }),
    anAdvisory({ id: 'GHSA-1', aliases: [] }),
  ];
  const [match] = matcher(...records)('1.5');
  assert.deepEqual([match?.id, match?.aliases], ['GHSA-1', ['PYSEC-2026-1']]);
});

test('malware outranks: it names its group and comes first (litellm 1.82.8)', () => {
  const records = [
    anAdvisory({ id: 'GHSA-9', severity: { vectors: [], word: 'critical' } }),
    anAdvisory({
      id: 'PYSEC-2026-2',
      severity: { vectors: [], word: 'critical' },
      affected: [anAffected({ versions: ['1.82.8'] })],
    }),
    anAdvisory({
      id: 'MAL-2026-2144',
      kind: 'malware',
      aliases: ['PYSEC-2026-2'],
      affected: [anAffected({ ranges: [], versions: ['1.82.8'] })],
    }),
  ];
  const found = matcher(...records)('1.82.8');
  assert.deepEqual(
    found.map(({ id, kind }) => [id, kind]),
    [
      ['MAL-2026-2144', 'malware'],
      ['GHSA-9', 'vulnerability'],
    ],
  );
  assert.deepEqual(
    matcher(...records)('1.0').map(({ kind }) => kind),
    ['vulnerability', 'vulnerability'],
  );
});

test('a withdrawn record links nothing', () => {
  const records = [
    anAdvisory({ id: 'PYSEC-2026-1' }),
    anAdvisory({ id: 'PYSEC-2026-2' }),
    anAdvisory({ id: 'GHSA-1', aliases: ['PYSEC-2026-1', 'PYSEC-2026-2'], withdrawn: '2026-01-03T00:00:00.000Z' }),
  ];
  assert.equal(matcher(...records)('1.0').length, 2);
});

test('the worst comes first, then the id', () => {
  const word = (level: string) => ({ severity: { vectors: [], word: level } });
  const found = matcher(
    anAdvisory({ id: 'PYSEC-2026-4' }),
    anAdvisory({ id: 'PYSEC-2026-3', ...word('low') }),
    anAdvisory({ id: 'PYSEC-2026-2', ...word('high') }),
    anAdvisory({ id: 'PYSEC-2026-1', ...word('high') }),
  )('1.0');
  assert.deepEqual(
    found.map(({ id }) => id.slice(-1)),
    ['1', '2', '3', '4'],
  );
});

test('without advisories nothing matches', () => assert.deepEqual(matcher()('1.0', HELD), []));
