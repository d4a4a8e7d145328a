import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, aBehaviourFinding, anEvidence, anInspection, NOW } from '../../../../test/builders/an-evidence.ts';
import type { AnalysisResult } from '../../analysis/analyse.ts';
import type { SourceDifference } from '../../archive/compare-with-sdist.ts';
import { decide } from '../decide.ts';
import { parsePolicy } from '../policy.ts';
import { sdistDifferenceFindings } from '../sdist-difference-findings.ts';

const FILE = 'demo/__init__.py';
const missing: SourceDifference = { file: FILE, isMissing: true, isGenerated: false };
const differs: SourceDifference = { file: FILE, isMissing: false, isGenerated: false };
const generated: SourceDifference = { file: 'demo/_version.py', isMissing: true, isGenerated: true };

const acts = (over = {}) =>
  aBehaviour({ units: [{ name: FILE, evidence: 2, findings: [aBehaviourFinding({ file: FILE, ...over })] }] });
const can = (file = FILE) =>
  aBehaviour({ capabilities: [{ capability: 'network', context: 'import', file, line: 7 }] });

function said(
  differences: readonly SourceDifference[],
  behaviour: AnalysisResult,
  policy = '',
  before?: AnalysisResult,
) {
  const evidence = anEvidence({
    sourceDifferences: differences,
    inspection: anInspection({ behaviour }),
    ...(before && { nearestApproved: { version: '0.9', behaviour: before, hasNativeFiles: false } }),
  });
  return decide(parsePolicy(policy), evidence, NOW)
    .reasons.filter(({ rule }) => rule === 'sdist-difference')
    .map(({ effect, message }) => `${effect}: ${message}`);
}

test('a file that only differs is a note', () => {
  assert.deepEqual(said([missing, differs], aBehaviour()), [
    'note: installs a Python file that the sdist of the release lacks',
    'note: installs a Python file that is another one in the sdist of the release',
  ]);
});

test('one that acts is held, and says how', () => {
  assert.deepEqual(said([missing], acts()), [
    'hold: in a file that the sdist lacks, the code makes a network request when it is imported',
  ]);
  assert.deepEqual(said([differs], acts()), [
    'hold: in a file that differs from the sdist, the code makes a network request when it is imported',
  ]);
});

test('what the policy grants is the most', () => {
  assert.match(said([missing], acts(), 'preset = "monitor"')[0]!, /^note/);
  assert.match(said([missing], acts(), '[rules]\nsdist-difference = { effect = "block" }')[0]!, /^block/);
  assert.deepEqual(said([missing], acts(), '[rules]\nsdist-difference = { effect = "off" }'), []);
});

test('what acts elsewhere, and what weighs nothing, does not count', () => {
  assert.match(said([missing], acts({ file: 'demo/other.py' }))[0]!, /^note/);
  assert.match(said([missing], acts({ weight: 0 }))[0]!, /^note/);
});

test('a gain of that very file is held, one of another file is not', () => {
  assert.deepEqual(said([missing], can(), '', aBehaviour()), [
    'hold: in a file that the sdist lacks, the code can use the network when it is imported',
  ]);
  assert.match(said([missing], can(), '', can())[0]!, /^note/);
  assert.match(said([missing], can('demo/other.py'), '', aBehaviour())[0]!, /^note/);
});

test('a generated file is not told, unless it acts', () => {
  assert.deepEqual(said([generated], aBehaviour()), []);
  assert.match(said([generated], acts({ file: generated.file }))[0]!, /^hold/);
});

test('without an sdist to compare with, nothing is said', () => {
  assert.deepEqual(said([], acts()), []);
});

test('a finding carries its place and what was seen', () => {
  const evidence = anEvidence({ sourceDifferences: [missing], inspection: anInspection({ behaviour: acts() }) });
  const [finding] = sdistDifferenceFindings(evidence, { effect: 'hold' });
  assert.deepEqual(
    [finding?.file, finding?.line, finding?.context],
    [FILE, 3, "requests.get('https://collector.example.invalid')"],
  );
});
