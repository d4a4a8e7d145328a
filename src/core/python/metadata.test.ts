import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMetadata } from './metadata.ts';

const read = (...lines: readonly string[]) => readMetadata(new TextEncoder().encode(lines.join('\n')));
const REQUIRED = ['Metadata-Version: 2.4', 'Name: demo', 'Version: 1.0'] as const;
const problems = (...lines: readonly string[]) =>
  read(...lines).problems.map(({ code, line }) => (line === undefined ? code : `${code} ${line}`));

test('reads every kind of field', () => {
  const found = read(
    ...REQUIRED,
    'Summary: A demonstration',
    'Home-page: https://example.com',
    'Author: Ada',
    'Author-email: ada@example.com',
    'License-Expression: MIT OR Apache-2.0',
    'License-File: LICENSE',
    'Classifier: Programming Language :: Python',
    'Classifier: Typing :: Typed',
    'Project-URL: Source, https://example.com/source',
    'Requires-Python: >=3.9,<4',
    'Requires-Dist: other[tls]>=2; python_version < "3.11"',
    'Provides-Extra: tls',
    'Import-Name: demo',
    'Dynamic: Summary',
    'Description-Content-Type: text/markdown',
    '',
    '# Demo',
    '',
    'Text: not a field',
  );
  assert.deepEqual(found.problems, []);
  assert.deepEqual(Object.fromEntries(Object.entries(found.fields).filter(([, value]) => value.length > 0)), {
    metadataVersion: '2.4',
    name: 'demo',
    version: '1.0',
    summary: 'A demonstration',
    homePage: 'https://example.com',
    author: 'Ada',
    authorEmail: 'ada@example.com',
    licenseExpression: 'MIT OR Apache-2.0',
    licenseFiles: ['LICENSE'],
    classifiers: ['Programming Language :: Python', 'Typing :: Typed'],
    projectUrls: ['Source, https://example.com/source'],
    requiresPython: '>=3.9,<4',
    requiresDist: ['other[tls]>=2; python_version < "3.11"'],
    providesExtra: ['tls'],
    importNames: ['demo'],
    dynamic: ['Summary'],
    descriptionContentType: 'text/markdown',
    description: '# Demo\n\nText: not a field',
  });
});

for (const [why, lines, field, expected] of [
  ['any case of a name', ['SUMMARY: x'], 'summary', 'x'],
  ['a colon in a value', ['Summary: a: b'], 'summary', 'a: b'],
  ['no space after the colon', ['Summary:x'], 'summary', 'x'],
  [
    'folded lines of a licence',
    ['License: MIT', '        Copyright', '         more'],
    'license',
    'MIT\nCopyright\n more',
  ],
  ['the bars of an older description', ['Description: a', '       |', '       |b'], 'description', 'a\n\nb'],
  ['text outside ASCII', ['Author: Zoë'], 'author', 'Zoë'],
  ['the first of two', ['Summary: a', 'Summary: b'], 'summary', 'a'],
  ['a description that nobody wrote as absent', ['', 'UNKNOWN', ''], 'description', undefined],
  ['what nobody filled in as absent', ['License: UNKNOWN'], 'license', undefined],
] as const) {
  test(`reads ${why}`, () => assert.equal(read(...REQUIRED, ...lines).fields[field], expected));
}

test('reads the line ends of other systems', () => {
  for (const end of ['\r\n', '\r']) {
    const { fields, problems } = readMetadata(new TextEncoder().encode([...REQUIRED, '', 'body'].join(end)));
    assert.deepEqual([fields.version, fields.description, problems], ['1.0', 'body', []]);
  }
});

for (const [why, lines, expected] of [
  ['an empty file', [], ['missing-field', 'missing-field', 'missing-field']],
  ['a missing version', ['Metadata-Version: 2.4', 'Name: demo'], ['missing-field']],
  ['a second name', [...REQUIRED, 'Name: evil'], ['repeated-field 4']],
  ['a name that is none', ['Metadata-Version: 2.4', 'Name: ../x', 'Version: 1'], ['invalid-value 2']],
  [
    'a name with a space that looks like none',
    ['Metadata-Version: 2.4', 'Name: demo\u00a0', 'Version: 1'],
    ['invalid-value 2'],
  ],
  ['a version that is none', ['Metadata-Version: 2.4', 'Name: demo', 'Version: latest'], ['invalid-value 3']],
  ['a metadata version from the future', ['Metadata-Version: 9.0', 'Name: demo', 'Version: 1'], ['unknown-version 1']],
  ['a wrong Python', [...REQUIRED, 'Requires-Python: 3.9'], ['invalid-value 4']],
  ['a wrong requirement', [...REQUIRED, 'Requires-Dist: x >= y'], ['invalid-value 4']],
  ['a wrong extra', [...REQUIRED, 'Provides-Extra: -'], ['invalid-value 4']],
  ['a URL without label', [...REQUIRED, 'Project-URL: https://example.com'], ['invalid-value 4']],
  ['a dynamic name', [...REQUIRED, 'Dynamic: Name'], ['invalid-value 4']],
  ['an unknown field', [...REQUIRED, 'Installer: rm'], ['unknown-field 4']],
  ['a field of every object', [...REQUIRED, 'constructor: x'], ['unknown-field 4']],
  ['a description twice', [...REQUIRED, 'Description: a', '', 'b'], ['two-descriptions']],
  ['a first line that continues nothing', ['  x', ...REQUIRED], ['malformed-line 1']],
  ['a line of a mail box', ['From me', ...REQUIRED], ['malformed-line 1']],
  ['a field without name', [...REQUIRED, ': x'], ['malformed-line 4']],
  [
    'a byte order mark, which hides every field',
    ['\ufeffName: demo'],
    ['malformed-line 1', 'missing-field', 'missing-field', 'missing-field'],
  ],
  ['a space before the colon, which ends the fields', [...REQUIRED, 'Name : x', 'Summary: s'], ['malformed-line 4']],
] as const) {
  test(`reports ${why}`, () => assert.deepEqual(problems(...lines), expected));
}

test('what ends the fields belongs to the description', () => {
  assert.equal(read(...REQUIRED, 'no field', 'Summary: s').fields.description, 'no field\nSummary: s');
});

test('reports bytes that are not UTF-8 and reads on', () => {
  const { fields, problems } = readMetadata(Buffer.from([...REQUIRED, 'Author: Zo\xeb'].join('\n'), 'latin1'));
  assert.equal(problems[0]?.code, 'not-utf8');
  assert.equal(fields.author, 'Zo\ufffd');
});

test('reports at most 100 problems', () => {
  assert.equal(problems(...REQUIRED, ...Array.from({ length: 500 }, () => 'X: y')).length, 100);
});

test('never throws', () => {
  const line = fc.constantFrom(
    'Name: demo',
    'Name',
    ' x',
    '',
    'Requires-Dist: x[',
    ':',
    'From ',
    '\r',
    'Classifier:',
    '\u2028',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.array(line).map((lines) => Buffer.from(lines.join('\n'))),
      ),
      (bytes) => {
        assert.ok(Array.isArray(readMetadata(bytes).fields.classifiers));
      },
    ),
  );
});
