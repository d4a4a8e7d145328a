import assert from 'node:assert/strict';
import test from 'node:test';
import { anOsvEntry, anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { hasCode } from '../errors.ts';
import { osvRecordId, parseOsvRecord } from './osv.ts';

const SHA256 = 'AB'.repeat(32);

test('keeps the facts of a whole record', () => {
  const raw = anOsvRecord({
    id: 'MAL-2026-2144',
    published: '2026-03-24T11:15:14.123456789Z',
    modified: '2026-03-26T11:53:17+02:00',
    aliases: ['PYSEC-2026-2', 'MAL-2026-2144', 'PYSEC-2026-2'],
    related: ['CVE-2026-9'],
    summary: 'Malicious code in demo (PyPI)',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    database_specific: {
      severity: 'CRITICAL',
      'malicious-packages-origins': [{ source: 'a' }, { source: 'b' }, { source: 'a' }, {}],
      iocs: { domains: ['demo.example'] },
    },
    affected: [
      anOsvEntry({
        package: { ecosystem: 'PyPI', name: 'Demo.Project' },
        versions: ['1.0', ' 1.1 ', '1.0'],
        severity: [{ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' }],
        database_specific: {
          last_known_affected_version_range: '<= 1.1',
          indicators: {
            package_integrity: [{ filename: 'demo-1.0.tar.gz', hashes: { sha256: SHA256 } }, { hashes: {} }],
          },
        },
      }),
    ],
  });
  assert.deepEqual(parseOsvRecord(raw), {
    id: 'MAL-2026-2144',
    kind: 'malware',
    aliases: ['PYSEC-2026-2'],
    summary: 'Malicious code in demo (PyPI)',
    severity: {
      vectors: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
      word: 'CRITICAL',
      worst: { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8 },
    },
    published: '2026-03-24T11:15:14.123Z',
    modified: '2026-03-26T09:53:17.000Z',
    origins: 2,
    affected: [
      {
        project: 'demo-project',
        versions: ['1.0', '1.1'],
        ranges: [
          [
            { type: 'introduced', version: '0' },
            { type: 'fixed', version: '2.0' },
          ],
        ],
        sha256: [SHA256.toLowerCase()],
        severity: {
          vectors: ['AV:N/AC:L/Au:N/C:P/I:P/A:P'],
          worst: { vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', score: 7.5 },
        },
        lastKnown: '<= 1.1',
      },
    ],
  });
});

test('says malware of a record that another database made from malware reports', () => {
  const marked = anOsvRecord({ id: 'x_ORG-1', database_specific: { 'malicious-packages-origins': [] } });
  assert.equal(parseOsvRecord(marked)?.kind, 'malware');
  assert.equal(parseOsvRecord(anOsvRecord())?.kind, 'vulnerability');
});

for (const [why, over, expected] of [
  ['takes the details when there is no summary', { details: '### Impact\nBad things.' }, { summary: 'Bad things.' }],
  ['takes the details when the summary is blank', { summary: ' ', details: 'Bad things.' }, { summary: 'Bad things.' }],
  ['drops aliases that are no ids', { aliases: ['CVE-2026-1', 'a b', 7, '', '../x'] }, { aliases: ['CVE-2026-1'] }],
  ['takes aliases that are no list for none', { aliases: 'CVE-2026-1' }, { aliases: [] }],
  [
    'takes null for absent',
    { aliases: null, severity: null, withdrawn: null, published: null, summary: null },
    { aliases: [] },
  ],
  ['drops a publishing date that is none', { published: 'long ago' }, {}],
  [
    'dates a record by its publishing when its modification has no date (PYSEC-2024-55)',
    { modified: '1-01-01T00:00:00Z', published: '2024-06-06T19:15:00Z' },
    { modified: '2024-06-06T19:15:00.000Z', published: '2024-06-06T19:15:00.000Z' },
  ],
  [
    'dates a record without any date before all others',
    { modified: undefined },
    { modified: '1970-01-01T00:00:00.000Z' },
  ],
  ['reads every 1.x of the schema', { schema_version: '1.99.0' }, {}],
  ['reads a record that names no schema', { schema_version: undefined }, {}],
  ['drops severities without a text', { severity: [{ type: 'CVSS_V3' }, 'high'] }, {}],
] as const) {
  test(why, () => {
    const parsed = parseOsvRecord(anOsvRecord(over));
    assert.deepEqual(parsed, { ...parseOsvRecord(anOsvRecord()), ...expected });
  });
}

for (const [why, entry, expected] of [
  ['takes an ecosystem with a suffix', { package: { ecosystem: 'PyPI:mirror', name: 'demo' } }, {}],
  [
    'leaves GIT ranges out, wherever they stand',
    {
      ranges: [
        { type: 'GIT', repo: 'https://example.org/demo', events: [{ introduced: '0' }, { fixed: 'abc' }] },
        { type: 'SEMVER', events: [{ introduced: '1.0' }] },
      ],
    },
    { ranges: [[{ type: 'introduced', version: '1.0' }]] },
  ],
  [
    'reads an object with two events as two',
    {
      ranges: [{ type: 'ECOSYSTEM', events: [{ fixed: '2.0', introduced: '1.0' }] }],
    },
    {
      ranges: [
        [
          { type: 'introduced', version: '1.0' },
          { type: 'fixed', version: '2.0' },
        ],
      ],
    },
  ],
  [
    'keeps the order of events, null and unknown ones left out',
    {
      ranges: [
        { type: 'ECOSYSTEM', events: [{ fixed: '2.0', introduced: null }, { introduced: '0' }, { last_seen: '9' }] },
      ],
    },
    {
      ranges: [
        [
          { type: 'fixed', version: '2.0' },
          { type: 'introduced', version: '0' },
        ],
      ],
    },
  ],
  ['keeps versions that are none for PEP 440', { versions: ['0.7.10p1'] }, { versions: ['0.7.10p1'] }],
  [
    'drops a digest that is none',
    {
      database_specific: { indicators: { package_integrity: [{ hashes: { sha256: 'abc' } }] } },
    },
    {},
  ],
] as const) {
  test(why, () => {
    const parsed = parseOsvRecord(anOsvRecord({ affected: [anOsvEntry(entry)] }));
    assert.deepEqual(parsed?.affected, [{ ...parseOsvRecord(anOsvRecord())?.affected[0], ...expected }]);
  });
}

for (const [why, raw] of [
  ['a placeholder of the malicious-packages repository', anOsvRecord({ id: 'MAL-0000-source-abc' })],
  ['even a broken placeholder', { id: 'MAL-0000-source-abc', affected: 7 }],
  ['a record about npm', anOsvRecord({ affected: [anOsvEntry({ package: { ecosystem: 'npm', name: '@a/b' } })] })],
  [
    'an ecosystem in another case, as the schema has it',
    anOsvRecord({ affected: [anOsvEntry({ package: { ecosystem: 'pypi', name: 'demo' } })] }),
  ],
  ['a record about a repository only', anOsvRecord({ affected: [{ ranges: [{ type: 'GIT', events: [] }] }] })],
  ['a record that affects nothing', anOsvRecord({ affected: [] })],
  [
    'a withdrawn record about npm',
    anOsvRecord({
      withdrawn: '2026-01-03T00:00:00Z',
      affected: [anOsvEntry({ package: { ecosystem: 'npm', name: 'b' } })],
    }),
  ],
] as const) {
  test(`passes over ${why}`, () => assert.equal(parseOsvRecord(raw), undefined));
}

test('reads the PyPI entry beside a broken one of another ecosystem', () => {
  const npm = { package: { ecosystem: 'npm', name: 7 }, versions: 'all' };
  assert.deepEqual(parseOsvRecord(anOsvRecord({ affected: [npm, anOsvEntry()] })), parseOsvRecord(anOsvRecord()));
});

for (const [why, raw, reason] of [
  ['no object', 7, /without a usable id.*the record/],
  ['no id', anOsvRecord({ id: undefined }), /without a usable id: id/],
  ['an id that would break a URL', anOsvRecord({ id: '../../x' }), /id: is no id/],
  ['an id without end', anOsvRecord({ id: 'A'.repeat(200) }), /id: is no id/],
  [
    'a schema that we do not know',
    anOsvRecord({ schema_version: '2.0.0' }),
    /PYSEC-2026-1: schema_version "2\.0\.0" is not/,
  ],
  ['a retraction that cannot be read', anOsvRecord({ withdrawn: 'yes' }), /withdrawn: is no RFC 3339 time/],
  ['a retraction of another type', anOsvRecord({ withdrawn: true }), /withdrawn:/],
  ['affected projects that are no list', anOsvRecord({ affected: {} }), /affected:/],
  [
    'an entry without an ecosystem',
    anOsvRecord({ affected: [{ package: { name: 'demo' } }] }),
    /affected\[0\]\.package\.ecosystem:/,
  ],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => parseOsvRecord(raw),
      (error) => hasCode(error, 'ADVISORY_INVALID') && reason.test(error.message),
    );
  });
}

for (const [why, entry, reason] of [
  ['a project without a name', { package: { ecosystem: 'PyPI' } }, /affected\[0\]\.package\.name:/],
  [
    'a name that PyPI cannot have (MAL-2024-10183)',
    { package: { ecosystem: 'PyPI', name: 'urlcon-' } },
    /"urlcon-" is not a project name/,
  ],
  ['a version that is a number: 1.10 would be 1.1', { versions: [1.1] }, /affected\[0\]\.versions\[0\]:/],
  ['versions that are no list', { versions: '1.0' }, /affected\[0\]\.versions:/],
  [
    'an event that is a number',
    { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: 0 }] }] },
    /ranges\[0\]\.events\[0\]\.introduced is not a string/,
  ],
  [
    'a range that introduces nothing, which would read as "not affected"',
    { ranges: [{ type: 'ECOSYSTEM', events: [{ fixed: '2.0' }] }] },
    /ranges\[0\] introduces nothing/,
  ],
  [
    'an entry that no release could match',
    { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
    /names demo, but no version, range or digest/,
  ],
] as const) {
  test(`refuses ${why}, but keeps its retraction`, () => {
    const raw = anOsvRecord({ affected: [anOsvEntry(entry)] });
    assert.throws(
      () => parseOsvRecord(raw),
      (error) => hasCode(error, 'ADVISORY_INVALID') && reason.test(error.message),
    );
    if (entry.package?.ecosystem === undefined && 'package' in entry) return;
    const retracted = parseOsvRecord({ ...raw, withdrawn: '2026-01-03T00:00:00Z' });
    assert.deepEqual([retracted?.withdrawn, retracted?.affected], ['2026-01-03T00:00:00.000Z', []]);
  });
}

test('keeps a retraction that lost its entries', () => {
  const retracted = parseOsvRecord(anOsvRecord({ withdrawn: '2026-01-03T00:00:00Z', affected: [] }));
  assert.deepEqual([retracted?.withdrawn, retracted?.affected], ['2026-01-03T00:00:00.000Z', []]);
});

test('prints foreign text in one line of ASCII', () => {
  const raw = anOsvRecord({ affected: [anOsvEntry({ package: { ecosystem: 'PyPI', name: 'a\n\u202eb' } })] });
  assert.throws(
    () => parseOsvRecord(raw),
    (error) => hasCode(error, 'ADVISORY_INVALID') && /^[ -~]+$/.test(error.message),
  );
});

test('finds the id of a record that is broken otherwise', () => {
  assert.equal(osvRecordId({ id: 'PYSEC-2026-1', affected: 7 }), 'PYSEC-2026-1');
  for (const raw of [undefined, null, 'PYSEC-2026-1', [], { id: 7 }, { id: 'a b' }])
    assert.equal(osvRecordId(raw), undefined);
});
