import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poetryRequirements, poetrySpecifiers } from './poetry-requirements.ts';

for (const [why, constraint, expected] of [
  ['caret', '^1.2.3', '>=1.2.3,<2'],
  ['caret below 1 keeps the minor number', '^0.2.3', '>=0.2.3,<0.3'],
  ['caret of zeros keeps the last one given', '^0.0', '>=0.0,<0.1'],
  ['caret of one number', '^2', '>=2,<3'],
  ['caret with a pre-release', '^1.0.0rc1', '>=1.0.0rc1,<2'],
  ['tilde', '~1.2.3', '>=1.2.3,<1.3'],
  ['tilde of one number', '~1', '>=1,<2'],
  ['the compatible release of PEP 440 is none of these', '~=1.4.2', '~=1.4.2'],
  ['bare versions are exact', '1.4', '==1.4'],
  ['a wildcard', '1.4.*', '==1.4.*'],
  ['anything', '*', ''],
  ['several clauses', '>=1.4, <2 ,!=1.5', '>=1.4,<2,!=1.5'],
  ['clauses parted by blanks alone', '>=1.4 <2', '>=1.4,<2'],
] as const) {
  test(`reads ${why}`, () => assert.equal(poetrySpecifiers(constraint), expected));
}

test('tables, groups and the group from before there were groups', () => {
  const root = {
    tool: {
      poetry: {
        dependencies: {
          python: '^3.9',
          alpha: '^1.0',
          beta: { version: '~2.1', extras: ['tls'], markers: "sys_platform == 'linux'" },
          gamma: [
            { version: '1.0', python: '<3.10' },
            { version: '2.0', python: '>=3.10' },
          ],
          delta: { git: 'https://git.example/delta.git' },
          epsilon: { path: '../epsilon' },
          zeta: { version: '^1', optional: true },
          eta: { source: 'internal' },
        },
        'dev-dependencies': { theta: '*' },
        group: { dev: { dependencies: { iota: '^3' } }, docs: { dependencies: { kappa: '*' } } },
      },
    },
  };
  assert.deepEqual(
    poetryRequirements(root, ['dev']).map(({ text, part }) => (part === undefined ? text : `${part}: ${text}`)),
    [
      'alpha>=1.0,<2',
      "beta[tls]>=2.1,<2.2 ; (sys_platform == 'linux')",
      'gamma==1.0 ; (python_full_version < "3.10")',
      'gamma==2.0 ; (python_full_version >= "3.10")',
      'delta @ git+https://git.example/delta.git',
      'epsilon @ file:../epsilon',
      'dev: iota>=3,<4',
      'dev: theta',
    ],
  );
});
