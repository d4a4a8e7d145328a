import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReleaseName } from './release-name.ts';

for (const [why, raw, expected] of [
  ['a purl', 'pkg:pypi/Flask@3.1.0', { project: 'flask', version: '3.1.0' }],
  ['a purl of a project', 'pkg:pypi/zope.interface', { project: 'zope-interface' }],
  ['a pin', 'Foo_Bar==1.0.RC1', { project: 'foo-bar', version: '1.0rc1' }],
  ['a pin with spaces', 'flask == 3.1.0', { project: 'flask', version: '3.1.0' }],
  ['a pin with a local version', 'torch==2.0.1+cu118', { project: 'torch', version: '2.0.1+cu118' }],
  ['a bare name', 'flask', { project: 'flask' }],
  [
    'a version that is none, which must not become the whole project',
    'flask==banana',
    { project: 'flask', version: 'banana' },
  ],
] as const) {
  test(`reads ${why}`, () => assert.deepEqual(parseReleaseName(raw), expected));
}
for (const [why, raw] of [
  ['two pins', 'a==1==2'],
  ['no name', '==1.0'],
  ['an empty version', 'flask=='],
  ['another type of purl', 'pkg:npm/left-pad@1.0.0'],
  ['nothing', ''],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => parseReleaseName(raw), { name: 'WheelgateError' }));
}
