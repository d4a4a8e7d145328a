import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, anEvidence, anInspection, NOW } from '../../../test/builders/an-evidence.ts';
import type { Capability } from '../analysis/capabilities.ts';
import { decide } from '../policy/decide.ts';
import { parsePolicy } from '../policy/policy.ts';
import { parseSha256 } from '../sha256.ts';
import { TWO_PEOPLE_CAUSES } from './causes.ts';
import { twoPeopleCauses } from './two-people.ts';

const policy = parsePolicy('');
const causes = (evidence: ReturnType<typeof anEvidence>, counted = policy.reviews.two_people) =>
  twoPeopleCauses(evidence, decide(policy, evidence, NOW), counted).join();
const can = (...list: readonly [Capability['capability'], Capability['context']][]) =>
  anInspection({
    behaviour: aBehaviour({
      capabilities: list.map(([capability, context]) => ({ capability, context, file: 'demo/a.py', line: 1 })),
    }),
  });
const nearest = { version: '0.9', behaviour: aBehaviour(), hasNativeFiles: false };
const native = anInspection({ nativeFiles: ['demo/_fast.so'] });
const hook = { file: 'x.pth', sha256: parseSha256('d'.repeat(64)), runsCode: true };

for (const [why, evidence, expected] of [
  ['a quiet new project', anEvidence({ project: { approvedBefore: false } }), ''],
  ['native code of a new project', anEvidence({ inspection: native }), ''],
  ['native code that is new', anEvidence({ inspection: native, nearestApproved: nearest }), 'native-code'],
  [
    'native code as before',
    anEvidence({ inspection: native, nearestApproved: { ...nearest, hasNativeFiles: true } }),
    '',
  ],
  ['a start-up hook', anEvidence({ inspection: anInspection({ startupHooks: [hook] }) }), 'start-up-hook'],
  [
    'environment and network at import',
    anEvidence({ inspection: can(['environment', 'import'], ['network', 'import']) }),
    'secrets-and-network',
  ],
  [
    'environment and network when called: most clients of a service',
    anEvidence({ inspection: can(['environment', 'call'], ['network', 'call']) }),
    '',
  ],
  [
    'the same as the approved release could',
    anEvidence({
      inspection: can(['environment', 'import'], ['network', 'import']),
      nearestApproved: {
        ...nearest,
        behaviour: can(['environment', 'import'], ['network', 'import']).behaviour!,
      },
    }),
    '',
  ],
  [
    'an sdist that uses the network when it is built',
    anEvidence({ file: { kind: 'sdist' }, inspection: can(['network', 'install']) }),
    'build-hook',
  ],
  ['an sdist that compiles', anEvidence({ file: { kind: 'sdist' }, inspection: can(['process', 'install']) }), ''],
  ['a provenance that is gone', anEvidence({ nearestApproved: { ...nearest, attested: true } }), 'publisher-change'],
  [
    'a block',
    anEvidence({
      inspection: anInspection({ findings: [{ rule: 'archive', code: 'x', effect: 'block', message: 'lies' }] }),
    }),
    'block-override',
  ],
] as const) {
  test(`two people for ${why}: ${expected || 'no'}`, () => assert.equal(causes(evidence), expected));
}

test('a team says itself what takes two', () => {
  assert.equal(causes(anEvidence({ inspection: native, nearestApproved: nearest }), []), '');
  assert.equal(policy.reviews.two_people.length, TWO_PEOPLE_CAUSES.length);
});
