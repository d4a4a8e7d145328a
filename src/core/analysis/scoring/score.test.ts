import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CONTEXTS, type Context } from '../fact.ts';
import { ALL_RULES } from '../rules/all-rules.ts';
import type { Hit } from '../rules/rule.ts';
import type { JudgedUnit } from '../units.ts';
import { scoreUnits } from './score.ts';
import { WEIGHTS } from './weights.ts';

const hitIn = (context: Context): Hit => ({
  place: { context, file: 'a.py', line: 1, unit: 'a.py', layer: 0, decodedLayer: false, scope: '' },
  excerpt: '',
});
const unitOf = (findings: readonly (readonly [string, Context])[]): JudgedUnit => {
  const hits = new Map<string, Hit[]>();
  for (const [rule, context] of findings) hits.set(rule, [...(hits.get(rule) ?? []), hitIn(context)]);
  return { name: 'a.py', hits };
};
const finding = fc.tuple(fc.constantFrom(...ALL_RULES.map((rule) => rule.id)), fc.constantFrom(...CONTEXTS));

test('one more finding never lowers the score', () => {
  fc.assert(
    fc.property(
      fc.array(finding, { maxLength: 8 }),
      finding,
      fc.integer({ min: 0, max: 6 }),
      (findings, extra, missing) => {
        const before = scoreUnits([unitOf(findings)], missing).probability;
        assert.ok(scoreUnits([unitOf([...findings, extra])], missing).probability >= before);
      },
    ),
  );
});

const VERDICTS = ['none', 'note', 'hold', 'block'] as const;

test('one more piece of code, and one more field that nobody filled in, never lower score or verdict', () => {
  const unit = fc.array(finding, { maxLength: 6 }).map(unitOf);
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 5 }), unit, fc.integer({ min: 0, max: 5 }), (units, extra, missing) => {
      const before = scoreUnits(units, missing);
      for (const after of [
        scoreUnits([...units, extra], missing),
        scoreUnits([extra, ...units], missing),
        scoreUnits(units, missing + 1),
      ]) {
        assert.ok(after.probability >= before.probability);
        assert.ok(VERDICTS.indexOf(after.verdict) >= VERDICTS.indexOf(before.verdict));
      }
    }),
  );
});

test('an earlier context never lowers the score', () => {
  for (const { id } of ALL_RULES) {
    const [install, early, run] = (['install', 'import', 'entry'] as const).map(
      (context) => scoreUnits([unitOf([[id, context]])], 0).probability,
    );
    assert.ok(install! >= early! && early! >= run!, id);
  }
});

test('the strongest unit decides, not the sum of all', () => {
  const strong = unitOf([
    ['network-execution', 'import'],
    ['decoded-execution', 'import'],
  ]);
  const weak = unitOf([['process-start', 'call']]);
  assert.equal(scoreUnits([weak, strong, weak], 0).probability, scoreUnits([strong], 0).probability);
  assert.equal(scoreUnits([weak, strong], 0).unit, strong);
});

test('missing metadata is no evidence by itself', () => {
  assert.deepEqual(scoreUnits([], 6), { probability: 0, verdict: 'none', unit: undefined });
});

test('the weights name existing rules and are never negative', () => {
  const ids = new Set(ALL_RULES.map((rule) => rule.id));
  for (const [feature, weight] of Object.entries(WEIGHTS.features)) {
    assert.ok(ids.has(feature.split('@')[0]!), feature);
    assert.match(feature, /@(?:install|early|run|call)$/);
    assert.ok(weight > 0, feature);
  }
  assert.ok(WEIGHTS.lines.note <= WEIGHTS.lines.hold && WEIGHTS.lines.hold <= WEIGHTS.lines.block);
});
