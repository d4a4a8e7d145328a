import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aBehaviour,
  aBehaviourFinding,
  aFact,
  aMatch,
  anEvidence,
  anExemption,
  anInspection,
  DIGEST,
  daysAgo,
  NOW,
} from '../../../test/builders/an-evidence.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { decide } from './decide.ts';
import type { Evidence, Inspection } from './evidence.ts';
import { KILL_SWITCH_DOWN, type KillSwitchLevel } from './kill-switch.ts';
import { parsePolicy } from './policy.ts';

const policies = ['balanced', 'strict', 'monitor'].map((preset) => parsePolicy(`preset = "${preset}"`));
const [balanced, strict] = policies as [(typeof policies)[0], (typeof policies)[0]];
const kindOf = (evidence: Evidence, policy = balanced) => decide(policy, evidence, NOW).kind;

const young = { age: { at: daysAgo(2), source: 'upload-time' } } as const;
const holding = anInspection({ behaviour: aBehaviour({ verdict: 'hold', findings: [aBehaviourFinding()] }) });
const approvedSibling = { filename: 'demo-1.0.0-cp311-cp311-win_amd64.whl', approval: aFact() };
const nearest = { version: '0.9', behaviour: aBehaviour(), hasNativeFiles: false };
const up = (level: KillSwitchLevel, locked = [DIGEST]) => ({ ...KILL_SWITCH_DOWN, level, locked });

for (const [why, evidence, expected] of [
  ['A1: these bytes are approved', anEvidence({ file: young, facts: [aFact()] }), 'allow'],
  ['A2: an update that is old enough and gains nothing', anEvidence({ nearestApproved: nearest }), 'allow'],
  ['A2 fails by age', anEvidence({ file: young, nearestApproved: nearest }), 'hold'],
  [
    'A2 fails by provenance: the release before said where it was built',
    anEvidence({ nearestApproved: { ...nearest, attested: true } }),
    'hold',
  ],
  [
    'A2 with provenance as before',
    anEvidence({ file: { attested: true }, nearestApproved: { ...nearest, attested: true } }),
    'allow',
  ],
  [
    'A2: a first provenance is welcome, not asked for',
    anEvidence({ file: { attested: true }, nearestApproved: nearest }),
    'allow',
  ],
  [
    'A3: a fix for a file in use, of two hours',
    anEvidence({ file: { age: { at: daysAgo(2 / 24), source: 'upload-time' } }, advisories: { fixes: ['GHSA-1'] } }),
    'allow',
  ],
  ['A3 is still analysed', anEvidence({ file: young, advisories: { fixes: ['GHSA-1'] }, inspection: holding }), 'hold'],
  [
    'A4: a wheel with the Python code of an approved one',
    anEvidence({ inspection: holding, approvedSibling }),
    'allow',
  ],
  ['A4 does not shorten the cooldown', anEvidence({ file: young, approvedSibling }), 'hold'],
  [
    'A4 opens no block',
    anEvidence({
      approvedSibling,
      inspection: anInspection({ behaviour: aBehaviour({ verdict: 'block', findings: [aBehaviourFinding()] }) }),
    }),
    'block',
  ],
  ['an exemption from the rule', anEvidence({ file: young, exemptions: [anExemption()] }), 'allow'],
  ['an exemption from another rule', anEvidence({ inspection: holding, exemptions: [anExemption()] }), 'hold'],
  [
    'break-glass opens every rule',
    anEvidence({
      file: young,
      inspection: holding,
      exemptions: [anExemption({ kind: 'break-glass', sha256: DIGEST })],
    }),
    'allow',
  ],
  [
    'break-glass opens no known malware',
    anEvidence({
      advisories: { matches: [aMatch({ kind: 'malware' })] },
      exemptions: [anExemption({ kind: 'break-glass', sha256: DIGEST })],
    }),
    'block',
  ],
  [
    'break-glass opens nothing that nobody could read',
    anEvidence({
      inspection: anInspection({ complete: false }),
      exemptions: [anExemption({ kind: 'break-glass', sha256: DIGEST })],
    }),
    'hold',
  ],
  [
    'break-glass opens no denial',
    anEvidence({ facts: [aFact({ kind: 'denial' })], exemptions: [anExemption()] }),
    'block',
  ],
] as const) {
  test(why, () => assert.equal(kindOf(evidence), expected));
}

test('what let a file in is told, by a note', () => {
  const say = (evidence: Evidence) => decide(balanced, evidence, NOW).reasons.map(({ message }) => message);
  assert.match(
    say(anEvidence({ file: young, exemptions: [anExemption()] })).join(),
    /exempt from cooldown until 2026-12-22 \(exemption x1\)/,
  );
  assert.match(say(anEvidence({ inspection: holding, approvedSibling })).join(), /same Python code was approved/);
  assert.match(
    say(anEvidence({ facts: [aFact({ criteria: 'safe-to-run', approvers: ['user:bob', 'user:cy'] })] })).join(),
    /approved on 2026-11-22 by 2 people as safe-to-run/,
  );
});

test('an index for deployment wants an approval that says so', () => {
  const deploys = parsePolicy('preset = "strict"\n[reviews]\ncriteria = "safe-to-deploy"');
  const of = (criteria?: 'safe-to-run' | 'safe-to-deploy') =>
    kindOf(anEvidence({ project: { approvedBefore: false }, facts: [aFact(criteria && { criteria })] }), deploys);
  assert.equal(of('safe-to-run'), 'hold');
  assert.equal(of('safe-to-deploy'), 'allow');
  assert.equal(of(), 'allow', 'an approval of the machine itself says everything');
});

for (const [level, met, allowedBefore, inLock, expected] of [
  [0, false, false, false, 'allow'],
  [1, false, false, true, 'block'],
  [1, true, false, false, 'allow'],
  [2, true, false, true, 'block'],
  [2, true, true, false, 'allow'],
  [3, true, true, false, 'block'],
  [3, true, true, true, 'allow'],
  [4, true, true, true, 'block'],
] as const) {
  test(`kill switch ${level}: met ${met}, allowed before ${allowedBefore}, in the lock ${inLock}: ${expected}`, () => {
    const killSwitch = up(level, inLock ? [DIGEST] : []);
    assert.equal(kindOf(anEvidence({ file: { met, allowedBefore }, killSwitch })), expected);
    assert.equal(
      kindOf(anEvidence({ file: { met, allowedBefore }, killSwitch, facts: [aFact({ kind: 'revocation' })] })),
      'block',
    );
  });
}

const OTHER = parseSha256('c'.repeat(64));
const WEIGHT = { allow: 0, hold: 1, block: 2 } as const;

/** Any evidence of a file: quiet, or with some of what can be wrong, before and after people had their say. */
const evidences = fc
  .record({
    inspection: fc.constantFrom<Evidence['inspection']>(
      'not-run',
      anInspection(),
      anInspection({ complete: false }),
      holding,
      anInspection({ nativeFiles: ['demo/_fast.so'] }),
      anInspection({ startupHooks: [{ file: 'x.pth', sha256: OTHER, runsCode: true }] }),
    ),
    age: fc.constantFrom(undefined, daysAgo(0.01), daysAgo(2), daysAgo(100)),
    kind: fc.constantFrom('wheel', 'sdist', 'other'),
    approvedBefore: fc.boolean(),
    facts: fc.array(
      fc.record({
        kind: fc.constantFrom('approval', 'denial', 'revocation'),
        criteria: fc.constantFrom(undefined, 'safe-to-run', 'safe-to-deploy'),
        at: fc.integer({ min: 1, max: 50 }).map(daysAgo),
      }),
      { maxLength: 3 },
    ),
    exemptions: fc.array(
      fc.constantFrom(
        anExemption(),
        anExemption({ kind: 'break-glass', sha256: DIGEST }),
        anExemption({ rule: 'new-project' }),
      ),
      { maxLength: 2 },
    ),
    sibling: fc.boolean(),
    nearest: fc.constantFrom(undefined, nearest, { ...nearest, attested: true }),
    level: fc.constantFrom<KillSwitchLevel>(0, 1, 2, 3, 4),
    met: fc.boolean(),
    asOf: fc.constantFrom(undefined, NOW),
  })
  .map(({ age, kind, approvedBefore, facts, sibling, level, met, asOf, nearest: nearestApproved, ...rest }) => {
    const evidence = anEvidence({
      ...rest,
      file: {
        kind,
        met,
        ...(age ? { age: { at: age, source: 'upload-time' } } : { age: undefined as never }),
      } as never,
      project: { approvedBefore },
      advisories: { asOf: asOf as never },
      facts: facts.map(({ criteria, ...fact }) => aFact({ ...fact, ...(criteria && { criteria }) } as never)),
      ...(level > 0 && { killSwitch: up(level) }),
      ...(sibling && { approvedSibling }),
      ...(nearestApproved && { nearestApproved }),
    });
    return evidence;
  });

/** One thing more that is wrong with the file. */
const worse: readonly [string, (evidence: Evidence) => Evidence | undefined][] = [
  ['an archive finding', withFinding('hold')],
  ['a lie of the archive', withFinding('block')],
  ['malware', (evidence) => withMatch(evidence, aMatch({ id: 'MAL-1', kind: 'malware' }))],
  ['a vulnerability', (evidence) => withMatch(evidence, aMatch({ severity: { level: 'critical' } }))],
  [
    'a capability',
    (evidence) =>
      changeInspection(evidence, (inspection) => ({
        ...inspection,
        behaviour: {
          ...(inspection.behaviour ?? aBehaviour()),
          capabilities: [
            ...(inspection.behaviour?.capabilities ?? []),
            { capability: 'network', context: 'install', file: 'demo/x.py', line: 1 },
          ],
        },
      })),
  ],
  [
    'a start-up hook',
    (evidence) =>
      changeInspection(evidence, (inspection) => ({
        ...inspection,
        startupHooks: [...inspection.startupHooks, { file: 'y.pth', sha256: OTHER, runsCode: true }],
      })),
  ],
  [
    'an inspection that failed',
    (evidence) => changeInspection(evidence, (inspection) => ({ ...inspection, complete: false })),
  ],
  ['the project quarantined', (evidence) => ({ ...evidence, project: { ...evidence.project, status: 'quarantined' } })],
  ['a yank', (evidence) => ({ ...evidence, file: { ...evidence.file, yanked: 'broken' } })],
  ['a revocation', (evidence) => ({ ...evidence, facts: [...evidence.facts, aFact({ kind: 'revocation', at: NOW })] })],
];

function withFinding(effect: 'hold' | 'block') {
  return (evidence: Evidence) =>
    changeInspection(evidence, (inspection) => ({
      ...inspection,
      findings: [...inspection.findings, { rule: 'archive', code: 'x', effect, message: 'odd' }],
    }));
}

function withMatch(evidence: Evidence, match: ReturnType<typeof aMatch>): Evidence {
  return { ...evidence, advisories: { ...evidence.advisories, matches: [...evidence.advisories.matches, match] } };
}

function changeInspection(evidence: Evidence, change: (inspection: Inspection) => Inspection): Evidence | undefined {
  return evidence.inspection === 'not-run' ? undefined : { ...evidence, inspection: change(evidence.inspection) };
}

for (const [what, add] of worse) {
  test(`${what} more never relaxes a verdict`, () => {
    fc.assert(
      fc.property(evidences, fc.constantFrom(...policies), (evidence, policy) => {
        const more = add(evidence);
        fc.pre(more !== undefined);
        assert.ok(WEIGHT[kindOf(more!, policy)] >= WEIGHT[kindOf(evidence, policy)]);
      }),
    );
  });
}

test('nothing lets a file in that was not read to its end: no approval, exemption, sibling or preset', () => {
  fc.assert(
    fc.property(evidences, fc.constantFrom(...policies), fc.boolean(), (evidence, policy, read) => {
      const inspection = read ? anInspection({ complete: false }) : ('not-run' as const);
      assert.notEqual(kindOf({ ...evidence, inspection }, policy), 'allow');
    }),
  );
});

test('a file whose name has no version is let in by nobody', () => {
  fc.assert(
    fc.property(evidences, fc.constantFrom(...policies), (evidence, policy) => {
      const { version, ...file } = evidence.file;
      assert.notEqual(kindOf({ ...evidence, file }, policy), 'allow');
    }),
  );
});

for (const [why, over, expected] of [
  ['attested and old', {}, 'allow'],
  ['without provenance', { attested: false }, 'hold'],
  ['younger than 30 days', { age: { at: daysAgo(20), source: 'upload-time' } }, 'hold'],
  ['not on the list', { project: parseProjectName('other') }, 'hold'],
] as const) {
  test(`A6: a project on the team's known-good list, ${why}`, () => {
    const policy = parsePolicy(`preset = "strict"
[rules.new-project]
known_good = [{ projects = ["demo"], maintainer = "user:ana" }]`);
    assert.equal(
      kindOf(anEvidence({ file: { attested: true, ...over }, project: { approvedBefore: false } }), policy),
      expected,
    );
  });
}

test('strict asks a person about a project that is new here', () => {
  assert.equal(kindOf(anEvidence({ project: { approvedBefore: false } }), strict), 'hold');
});
