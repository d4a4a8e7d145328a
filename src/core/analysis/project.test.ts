import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMetadata } from '../python/metadata.ts';
import { aboutProject, countMissingFields } from './project.ts';

const fieldsOf = (...lines: string[]) =>
  readMetadata(Buffer.from(`Metadata-Version: 2.1\nName: demo-tool\nVersion: 1\n${lines.join('\n')}\n`)).fields;

test('takes the labels of a project from its name, pages and authors', () => {
  const { ownLabels } = aboutProject(
    fieldsOf('Home-page: https://www.acme.invalid/x', 'Author-email: a@mail.widgets.invalid'),
  );
  for (const label of ['demo-tool', 'demotool', 'demo', 'tool', 'acme', 'widgets'])
    assert.ok(ownLabels.has(label), label);
});

test('takes none from hosts where everyone has a page', () => {
  const { ownLabels } = aboutProject(fieldsOf('Home-page: https://github.com/x/y', 'Author-email: a@gmail.com'));
  assert.deepEqual([...ownLabels].sort(), ['demo', 'demo-tool', 'demotool', 'tool']);
});

for (const [why, missing, lines] of [
  ['nothing filled in', 6, []],
  ['a summary', 5, ['Summary: A demo']],
  ['a placeholder of old setuptools', 6, ['Summary: UNKNOWN']],
  ['a licence by its classifier', 4, ['Classifier: License :: OSI Approved']],
  [
    'everything',
    0,
    [
      'Summary: s',
      'Project-URL: Home, https://x.invalid',
      'License-Expression: MIT',
      'Classifier: Topic :: X',
      'Author: a',
      'Description: d',
    ],
  ],
] as const) {
  test(`counts ${missing} missing with ${why}`, () => assert.equal(countMissingFields(fieldsOf(...lines)), missing));
}

test('counts all as missing without metadata', () => assert.equal(countMissingFields(undefined), 6));
