import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, aBehaviourFinding, anEvidence, anInspection, NOW } from '../../../../test/builders/an-evidence.ts';
import { ALL_RULES as ANALYSIS_RULES } from '../../analysis/rules/all-rules.ts';
import { parsePolicy } from '../policy.ts';
import { behaviour } from './behaviour.ts';

const { behaviour: settings } = parsePolicy('').rules;
const judge = (over: Parameters<typeof aBehaviour>[0], effect: 'note' | 'hold' | 'block' = 'block') =>
  behaviour.check(
    anEvidence({ inspection: anInspection({ behaviour: aBehaviour(over) }) }),
    { ...settings, effect },
    NOW,
  );

test('the reasons that weigh carry the verdict, the others are notes', () => {
  const findings = [
    aBehaviourFinding({ weight: 3 }),
    aBehaviourFinding({ weight: 1, context: 'install', title: 'starts a program' }),
    aBehaviourFinding({ weight: 0, context: 'call', title: 'decodes a constant' }),
  ];
  assert.deepEqual(judge({ verdict: 'hold', findings }), [
    { rule: 'behaviour', effect: 'hold', message: 'the code makes a network request when it is imported' },
    { rule: 'behaviour', effect: 'hold', message: 'the code starts a program when it is installed' },
    { rule: 'behaviour', effect: 'note', message: 'the code decodes a constant when it is called' },
  ]);
});

test('the policy limits what the analysis asks for', () => {
  const findings = [aBehaviourFinding()];
  assert.equal(judge({ verdict: 'block', findings }, 'hold')[0]?.effect, 'hold');
  assert.equal(judge({ verdict: 'block', findings }, 'note')[0]?.effect, 'note');
  assert.equal(judge({ verdict: 'hold', findings })[0]?.effect, 'hold');
});

test('what was found counts only with a verdict', () => {
  assert.deepEqual(judge({ verdict: 'none', findings: [aBehaviourFinding()] }), []);
});

test('no text from the package reaches a message', () => {
  const findings = [aBehaviourFinding({ file: '\u001b[2Jevil.py', excerpt: '\u001b[2J' })];
  assert.match(judge({ verdict: 'block', findings })[0]!.message, /^[\x20-\x7e]+$/);
  for (const { title } of ANALYSIS_RULES) assert.match(title, /^[\x20-\x7e]+$/);
});
