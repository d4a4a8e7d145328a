import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectRequirement } from '../manifest/direct-requirements.ts';
import type { Pin } from '../manifest/manifest.ts';
import { parseProjectName } from '../python/name.ts';
import { parseRequirement } from '../python/requirement.ts';
import { gapText, lockGaps, type PinNeeds } from './lock-closure.ts';

const TARGET = { python_version: '3.11', sys_platform: 'linux' };

function aPin(text: string, ...requiresDist: readonly string[]): PinNeeds {
  const [name = '', version = ''] = text.split('==');
  const pin: Pin = { project: parseProjectName(name), version, hashes: [], file: 'requirements.txt' };
  return { pin, requiresDist };
}

function direct(text: string): DirectRequirement {
  return { requirement: parseRequirement(text), origin: '-r requirements.in', file: 'requirements.in', line: 1 };
}

for (const [why, pins, asked, expected] of [
  ['nothing is missing', [aPin('alpha==1.0', 'beta>=1'), aPin('beta==1.2')], ['alpha'], []],
  ['a requirement of a pin', [aPin('alpha==1.0', 'beta>=1')], [], ['beta>=1']],
  ['a requirement of the team', [aPin('alpha==1.0')], ['alpha', 'gamma<2'], ['gamma<2']],
  ['another version is locked', [aPin('alpha==1.0', 'beta>=2'), aPin('beta==1.2')], [], ['beta>=2']],
  ['a pre-release answers too', [aPin('alpha==1.0', 'beta>=1'), aPin('beta==2.0rc1')], [], []],
  ['a marker that does not hold', [aPin('alpha==1.0', 'beta; sys_platform == "win32"')], [], []],
  ['a marker that holds', [aPin('alpha==1.0', 'beta; python_version < "3.12"')], [], ['beta']],
  ['a marker about what is not known', [aPin('alpha==1.0', 'beta; platform_release > "5"')], [], []],
  ['an extra that nobody asked for', [aPin('alpha==1.0', 'beta; extra == "tls"')], ['alpha'], []],
  ['an extra that the team asked for', [aPin('alpha==1.0', 'beta; extra == "tls"')], ['alpha[TLS]'], ['beta']],
  [
    'an extra that a pin asks for, by way of another extra',
    [aPin('app==1', 'alpha[all]'), aPin('alpha==1.0', 'alpha[tls]; extra == "all"', 'beta; extra == "tls"')],
    ['app'],
    ['beta'],
  ],
  ['metadata that PEP 508 does not accept', [aPin('alpha==1.0', 'beta (not a requirement')], [], []],
  [
    'a direct reference is answered by any version',
    [aPin('alpha==1', 'beta @ https://h.example/b.whl'), aPin('beta==3')],
    [],
    [],
  ],
  ['what a release needs is not known', [{ ...aPin('alpha==1.0'), requiresDist: null }], ['alpha'], []],
] as const) {
  test(`gaps: ${why}`, () => {
    const gaps = lockGaps(pins, asked.map(direct), TARGET);
    assert.deepEqual(
      gaps.map(({ requirement }) => gapText(requirement)),
      expected,
    );
  });
}
