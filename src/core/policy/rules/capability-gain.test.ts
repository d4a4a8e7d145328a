import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, aBehaviourFinding, anEvidence, anInspection, NOW } from '../../../../test/builders/an-evidence.ts';
import type { Capability } from '../../analysis/capabilities.ts';
import { parsePolicy } from '../policy.ts';
import { capabilityGain } from './capability-gain.ts';

const { 'capability-gain': settings } = parsePolicy('').rules;
const has = (capability: Capability['capability'], context: Capability['context'], file = 'demo/a.py') =>
  aBehaviour({ capabilities: [{ capability, context, file, line: 1 }] });
const said = (before: ReturnType<typeof aBehaviour>, after: ReturnType<typeof aBehaviour>, over = {}) =>
  capabilityGain
    .check(
      anEvidence({
        nearestApproved: { version: '0.9', behaviour: before, hasNativeFiles: false },
        inspection: anInspection({ behaviour: after }),
      }),
      { ...settings, ...over },
      NOW,
    )
    .map(({ effect, message }) => `${effect}: ${message}`);

test('a gain holds and says against what', () => {
  assert.deepEqual(said(aBehaviour(), has('network', 'import')), [
    'hold: unlike 0.9, a file of it can use the network when it is imported',
  ]);
});

test('what the file could before, or earlier, is no gain', () => {
  assert.deepEqual(said(has('process', 'import'), has('process', 'import')), []);
  assert.deepEqual(said(has('process', 'install'), has('process', 'import')), []);
  assert.deepEqual(said(has('process', 'call'), has('process', 'import')).length, 1);
});

test('the same in another file is a gain: large packages can do everything somewhere', () => {
  assert.equal(said(has('network', 'call', 'demo/client.py'), has('network', 'call', 'demo/colour.py')).length, 1);
});

test('capabilities that the policy does not name, and called code where it says so, are not held', () => {
  assert.deepEqual(said(aBehaviour(), has('file-write', 'call')), []);
  assert.deepEqual(said(aBehaviour(), has('network', 'call'), { called_code: false }), [
    'note: unlike 0.9, a file of it can use the network when it is called',
  ]);
});

test('a piece of code that says more than any did before is told first', () => {
  const unit = { name: 'demo/a.py', evidence: 1.2, findings: [aBehaviourFinding()] };
  const after = { ...has('network', 'import'), units: [unit] };
  assert.equal(said(aBehaviour(), after)[0], 'hold: unlike 0.9, the code makes a network request when it is imported');
  assert.deepEqual(said(after, after), []);
});

test('native code that was not there before is a gain', () => {
  const evidence = anEvidence({
    nearestApproved: { version: '0.9', behaviour: aBehaviour(), hasNativeFiles: false },
    inspection: anInspection({ nativeFiles: ['demo/_fast.so'] }),
  });
  assert.match(capabilityGain.check(evidence, settings, NOW)[0]!.message, /ships native code/);
});

test('a first release is compared with nothing', () => {
  assert.deepEqual(
    capabilityGain.check(
      anEvidence({ inspection: anInspection({ behaviour: has('network', 'import') }) }),
      settings,
      NOW,
    ),
    [],
  );
});
