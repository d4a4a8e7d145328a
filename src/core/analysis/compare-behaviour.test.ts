import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, aBehaviourFinding } from '../../../test/builders/an-evidence.ts';
import { compareBehaviour } from './compare-behaviour.ts';

const network = { capability: 'network', context: 'call', file: 'demo-1.0/demo/a.py', line: 4 } as const;

test('the folder of an sdist carries the version and is no difference', () => {
  const before = aBehaviour({ capabilities: [network] });
  const after = aBehaviour({ capabilities: [{ ...network, file: 'demo-1.1/demo/a.py', line: 9 }] });
  assert.deepEqual(compareBehaviour(before, after), { gained: [], lost: [], strengthened: [] });
});

test('a wheel holds at its top what its sdist keeps in src', () => {
  const sdist = aBehaviour({ capabilities: [{ ...network, file: 'demo-1.0/src/demo/a.py' }] });
  const wheel = aBehaviour({ capabilities: [{ ...network, file: 'demo/a.py' }] });
  assert.deepEqual(compareBehaviour(sdist, wheel), { gained: [], lost: [], strengthened: [] });
});

test('what goes is lost, and what runs earlier is gained', () => {
  const none = aBehaviour();
  const late = aBehaviour({ capabilities: [network] });
  const early = aBehaviour({ capabilities: [{ ...network, context: 'import' }] });
  assert.deepEqual(compareBehaviour(late, none).lost, late.capabilities);
  assert.deepEqual(compareBehaviour(late, early).gained, early.capabilities);
  assert.deepEqual(compareBehaviour(early, late).gained, []);
});

test('code that moved to another file is not stronger; more of it is', () => {
  const unit = { name: 'demo/a.py|send', evidence: 1, findings: [aBehaviourFinding()] };
  const before = aBehaviour({ units: [unit] });
  assert.deepEqual(
    compareBehaviour(before, aBehaviour({ units: [{ ...unit, name: 'demo/b.py|send' }] })).strengthened,
    [],
  );
  const more = { ...unit, evidence: 2, findings: [...unit.findings, aBehaviourFinding({ rule: 'webhook' })] };
  assert.deepEqual(compareBehaviour(before, aBehaviour({ units: [more] })).strengthened, [more]);
});
