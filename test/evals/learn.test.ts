import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, foldOf, lineAtFalseAlarms, packageEvidence, type Sample, votesAbove } from '../../evals/learn.ts';

const sample = (group: string, malicious: boolean, ...units: string[][]): Sample => ({
  id: group,
  malicious,
  group,
  missing: 0,
  units: units.map((unit) => new Set(unit)),
});
const PENALTY = { l1: 0.02, l2: 0.5, prior: 0.25 };

const samples = [
  ...Array.from({ length: 30 }, (_, n) => sample(`m${n}`, true, ['steal@install', 'run@install'])),
  ...Array.from({ length: 60 }, (_, n) => sample(`b${n}`, false, ['run@install'], ['read@call'])),
];

test('gives weight to what only malware shows, and never a negative one', () => {
  const { weights } = fit(samples, () => true, PENALTY);
  assert.ok((weights.get('steal@install') ?? 0) > (weights.get('run@install') ?? 0));
  for (const weight of weights.values()) assert.ok(weight >= 0);
  assert.equal(weights.has('read@call'), false);
});

test('leaves out what is not weighed', () => {
  assert.equal(fit(samples, (feature) => !feature.startsWith('steal'), PENALTY).weights.has('steal@install'), false);
});

test('a package is as suspicious as its strongest unit', () => {
  const model = {
    bias: 0,
    weights: new Map([
      ['a', 2],
      ['b', 3],
    ]),
  };
  assert.equal(packageEvidence(model, sample('x', false, ['a'], ['b'], ['a', 'b']), 1), 5);
  assert.equal(packageEvidence(model, sample('x', false, ['a'], ['b']), 1), 3);
  assert.equal(packageEvidence(model, { ...sample('x', false, ['b']), missing: 2 }, 1.5), 4.5);
});

test('the line lets at most the given share of honest packages above it', () => {
  const scores = Array.from({ length: 100 }, (_, n) => n);
  for (const share of [0, 0.01, 0.05, 0.5]) {
    const line = lineAtFalseAlarms(scores, share);
    assert.ok(scores.filter((score) => score > line).length <= share * 100);
  }
});

test('one group has one vote', () => {
  const scored = [
    { group: 'large', score: 1 },
    { group: 'large', score: 1 },
    { group: 'large', score: 0 },
    { group: 'small', score: 0 },
  ];
  assert.deepEqual(votesAbove(0.5, scored), [2 / 3, 0]);
});

test('a group is always in the same fold', () => {
  for (const group of ['m1', 'm2', 'bflask']) assert.equal(foldOf(group, 5), foldOf(group, 5));
  assert.ok(new Set(Array.from({ length: 50 }, (_, n) => foldOf(`m${n}`, 5))).size === 5);
});

test('a feature that no sample shows has the weight that is expected, less what honest ones take from it', () => {
  const expected = new Map([['rare@call', 8]]);
  const unseen = fit(samples, () => true, PENALTY, expected).weights.get('rare@call') ?? 0;
  assert.ok(Math.abs(unseen - (PENALTY.prior * 8 - PENALTY.l1 / PENALTY.l2)) < 0.1, String(unseen));
  const honest = Array.from({ length: 20 }, (_, n) => sample(`h${n}`, false, ['rare@call']));
  const seen = fit([...samples, ...honest], () => true, PENALTY, expected).weights.get('rare@call') ?? 0;
  assert.ok(seen < 0.7 * unseen, String(seen));
});

test('what the samples say more of counts more than what is expected', () => {
  const weak = new Map([['steal@install', 0.1]]);
  assert.deepEqual(
    fit(samples, () => true, PENALTY, weak),
    fit(samples, () => true, PENALTY),
  );
});
