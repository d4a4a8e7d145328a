import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aBehaviour,
  aBehaviourFinding,
  aFact,
  aMatch,
  anEvidence,
  anInspection,
  DIGEST,
  daysAgo,
  NOW,
} from '../../../test/builders/an-evidence.ts';
import type { Effect, Finding } from '../finding.ts';
import { parseVersion } from '../python/version.ts';
import { parseSha256 } from '../sha256.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { parsePolicy } from './policy.ts';
import { isPending } from './verdict.ts';

const balanced = parsePolicy('');
const strict = parsePolicy('preset = "strict"');
const monitor = parsePolicy('preset = "monitor"');
const malware = aMatch({ id: 'MAL-2026-1', kind: 'malware' });
const { behaviour: _, ...withoutBehaviour } = anInspection();
const lie: Finding = { rule: 'archive', code: 'duplicate-member', effect: 'block', message: 'two members of one name' };

const CASES: readonly [why: string, evidence: Evidence, balanced: string, strict: string, monitor: string][] = [
  ['quiet and old', anEvidence(), 'allow', 'allow', 'allow'],
  ['young update', anEvidence({ file: { age: { at: daysAgo(2), source: 'upload-time' } } }), 'hold', 'hold', 'allow'],
  [
    'update of five days',
    anEvidence({ file: { age: { at: daysAgo(5), source: 'upload-time' } } }),
    'allow',
    'hold',
    'allow',
  ],
  [
    'new project of five days',
    anEvidence({ file: { age: { at: daysAgo(5), source: 'upload-time' } }, project: { approvedBefore: false } }),
    'hold',
    'hold',
    'allow',
  ],
  ['old new project', anEvidence({ project: { approvedBefore: false } }), 'allow', 'hold', 'allow'],
  ['no age at all', anEvidence({ file: { age: undefined as never } }), 'hold', 'hold', 'allow'],
  [
    'security fix of two hours',
    anEvidence({ file: { age: { at: daysAgo(2 / 24), source: 'upload-time' } }, advisories: { fixes: ['PYSEC-1'] } }),
    'allow',
    'allow',
    'allow',
  ],
  [
    'dated in the future',
    anEvidence({ file: { age: { at: daysAgo(-9), source: 'upload-time' } } }),
    'hold',
    'hold',
    'allow',
  ],
  ['malware report', anEvidence({ advisories: { matches: [malware] } }), 'block', 'block', 'block'],
  ['archive that lies', anEvidence({ inspection: anInspection({ findings: [lie] }) }), 'block', 'block', 'allow'],
  [
    'critical with a fix',
    anEvidence({ advisories: { matches: [aMatch({ severity: { level: 'critical', score: 9.8 } })] } }),
    'hold',
    'hold',
    'allow',
  ],
  [
    'critical without a fix',
    anEvidence({ advisories: { matches: [aMatch({ severity: { level: 'critical' }, fixed: [] })] } }),
    'allow',
    'hold',
    'allow',
  ],
  ['unknown severity', anEvidence({ advisories: { matches: [aMatch()] } }), 'allow', 'hold', 'allow'],
  ['sdist whose code was read and is quiet', anEvidence({ file: { kind: 'sdist' } }), 'allow', 'hold', 'allow'],
  [
    'sdist with code worth a remark',
    anEvidence({
      file: { kind: 'sdist' },
      inspection: anInspection({ behaviour: aBehaviour({ verdict: 'note', findings: [aBehaviourFinding()] }) }),
    }),
    'hold',
    'hold',
    'allow',
  ],
  [
    'sdist whose code was not read to the end',
    anEvidence({
      file: { kind: 'sdist' },
      inspection: anInspection({ behaviour: aBehaviour({ complete: false, limits: ['steps'] }) }),
    }),
    'hold',
    'hold',
    'allow',
  ],
  ['neither wheel nor sdist', anEvidence({ file: { kind: 'other' } }), 'hold', 'hold', 'allow'],
  [
    'code that the analysis blocks',
    anEvidence({
      inspection: anInspection({ behaviour: aBehaviour({ verdict: 'block', findings: [aBehaviourFinding()] }) }),
    }),
    'block',
    'block',
    'allow',
  ],
  [
    'code that the analysis holds',
    anEvidence({
      inspection: anInspection({ behaviour: aBehaviour({ verdict: 'hold', findings: [aBehaviourFinding()] }) }),
    }),
    'hold',
    'hold',
    'allow',
  ],
  [
    'code worth a remark',
    anEvidence({
      inspection: anInspection({ behaviour: aBehaviour({ verdict: 'note', findings: [aBehaviourFinding()] }) }),
    }),
    'allow',
    'allow',
    'allow',
  ],
  ['no analysis', anEvidence({ inspection: withoutBehaviour }), 'hold', 'hold', 'allow'],
  [
    'an update that gains the network',
    anEvidence({
      nearestApproved: { version: '0.9', behaviour: aBehaviour(), hasNativeFiles: false },
      inspection: anInspection({
        behaviour: aBehaviour({
          capabilities: [{ capability: 'network', context: 'import', file: 'demo/__init__.py', line: 1 }],
        }),
      }),
    }),
    'hold',
    'hold',
    'allow',
  ],
  [
    'start-up hook that runs code',
    anEvidence({ inspection: anInspection({ startupHooks: [{ file: 'x.pth', sha256: DIGEST, runsCode: true }] }) }),
    'hold',
    'hold',
    'allow',
  ],
  [
    'start-up hook that adds a path',
    anEvidence({ inspection: anInspection({ startupHooks: [{ file: 'x.pth', sha256: DIGEST, runsCode: false }] }) }),
    'allow',
    'allow',
    'allow',
  ],
  [
    'lookalike of a popular name',
    anEvidence({ project: { approvedBefore: false, lookalike: { other: 'requests', how: 'one-edit' } } }),
    'hold',
    'hold',
    'allow',
  ],
  ['quarantined upstream', anEvidence({ project: { status: 'quarantined' } }), 'hold', 'hold', 'allow'],
  ['status nobody knows', anEvidence({ project: { status: 'unknown' } }), 'hold', 'hold', 'allow'],
  ['archived project', anEvidence({ project: { status: 'archived' } }), 'allow', 'allow', 'allow'],
  ['yanked upstream', anEvidence({ file: { yanked: 'broken' } }), 'allow', 'hold', 'allow'],
  ['advisory data of last month', anEvidence({ advisories: { asOf: daysAgo(30) } }), 'allow', 'hold', 'allow'],
  ['no advisory data', anEvidence({ advisories: { asOf: undefined as never } }), 'hold', 'hold', 'hold'],
  ['not inspected', anEvidence({ inspection: 'not-run' }), 'hold', 'hold', 'hold'],
  ['inspection incomplete', anEvidence({ inspection: anInspection({ complete: false }) }), 'hold', 'hold', 'hold'],
  ['no readable version', anEvidence({ file: { version: undefined as never } }), 'hold', 'hold', 'hold'],
  [
    'bytes changed upstream',
    anEvidence({ file: { replaces: parseSha256('b'.repeat(64)) } }),
    'block',
    'block',
    'block',
  ],
  ['denied', anEvidence({ facts: [aFact({ kind: 'denial' })] }), 'block', 'block', 'block'],
  ['revoked', anEvidence({ facts: [aFact({ kind: 'revocation' })] }), 'block', 'block', 'block'],
];

for (const [why, evidence, ...expected] of CASES) {
  test(`decides: ${why}`, () => {
    assert.deepEqual(
      [balanced, strict, monitor].map((policy) => decide(policy, evidence, NOW).kind),
      expected,
    );
  });
}

const APPROVAL_CASES: readonly [why: string, evidence: Evidence, expected: string][] = [
  ['a cooldown', anEvidence({ file: { age: { at: daysAgo(1), source: 'upload-time' } }, facts: [aFact()] }), 'allow'],
  ['an sdist', anEvidence({ file: { kind: 'sdist' }, facts: [aFact()] }), 'allow'],
  ['not a malware report', anEvidence({ advisories: { matches: [malware] }, facts: [aFact()] }), 'block'],
  [
    'not an archive that lies',
    anEvidence({ inspection: anInspection({ findings: [lie] }), facts: [aFact()] }),
    'block',
  ],
  [
    'not bytes that nobody could read',
    anEvidence({ inspection: anInspection({ complete: false }), facts: [aFact()] }),
    'hold',
  ],
  ['not bytes that were not read yet', anEvidence({ inspection: 'not-run', facts: [aFact()] }), 'hold'],
  [
    'not a release without a digest',
    anEvidence({ file: { kind: 'other' }, facts: [aFact({ sha256: undefined as never })] }),
    'hold',
  ],
];
for (const [why, evidence, expected] of APPROVAL_CASES) {
  test(`an approval opens ${why}`, () => assert.equal(decide(balanced, evidence, NOW).kind, expected));
}

test('the later of approval and denial wins', () => {
  const approval = aFact({ at: daysAgo(2) });
  const denial = aFact({ id: 'f2', kind: 'denial', at: daysAgo(1) });
  assert.equal(decide(balanced, anEvidence({ facts: [approval, denial] }), NOW).kind, 'block');
  assert.equal(decide(balanced, anEvidence({ facts: [denial, { ...approval, at: NOW }] }), NOW).kind, 'allow');
});

test('a file that only waits for its inspection is pending; one that is also held is not', () => {
  assert.equal(isPending(decide(balanced, anEvidence({ inspection: 'not-run' }), NOW)), true);
  const young = anEvidence({ inspection: 'not-run', file: { age: { at: daysAgo(1), source: 'upload-time' } } });
  assert.equal(isPending(decide(balanced, young, NOW)), false);
  assert.match(decide(balanced, young, NOW).reasons[0]!.message, /cooldown ends 2026-11-25/);
});

test('a hold by cooldown says when it ends', () => {
  const verdict = decide(balanced, anEvidence({ file: { age: { at: daysAgo(1), source: 'upload-time' } } }), NOW);
  assert.deepEqual(verdict.reasons[0]!.until, new Date('2026-11-25T12:00:00Z'));
});

// Properties over arbitrary evidence.
const SEVERITY = { allow: 0, hold: 1, block: 2 } as const;
const effects = fc.constantFrom<Effect>('note', 'hold', 'block');
const findings = fc.array(
  fc.record({ rule: fc.constant('archive'), code: fc.constant('x'), effect: effects, message: fc.string() }),
  { maxLength: 3 },
);
const matches = fc.array(
  fc.record({
    kind: fc.constantFrom('malware' as const, 'vulnerability' as const),
    level: fc.constantFrom('low' as const, 'critical' as const),
    fixed: fc.constantFrom<readonly string[]>([], ['2.0']),
  }),
  { maxLength: 2 },
);
const evidences = fc
  .record({
    findings,
    matches,
    complete: fc.boolean(),
    behaviour: fc.option(
      fc.record({
        verdict: fc.constantFrom('none' as const, 'note' as const, 'hold' as const, 'block' as const),
        complete: fc.boolean(),
        findings: fc.array(
          fc.record({ weight: fc.constantFrom(0, 2), context: fc.constantFrom('install' as const, 'call' as const) }),
          { maxLength: 3 },
        ),
      }),
    ),
    ran: fc.boolean(),
    days: fc.option(fc.integer({ min: -5, max: 400 })),
    kind: fc.constantFrom('wheel' as const, 'sdist' as const, 'other' as const),
    known: fc.boolean(),
    status: fc.constantFrom('active' as const, 'quarantined' as const, 'unknown' as const, 'archived' as const),
    version: fc.boolean(),
    facts: fc.array(
      fc.record({
        kind: fc.constantFrom('approval' as const, 'denial' as const),
        days: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map((one) =>
    anEvidence({
      file: {
        kind: one.kind,
        ...(one.days === null
          ? { age: undefined as never }
          : { age: { at: daysAgo(one.days), source: 'upload-time' } }),
        ...(one.version ? { version: parseVersion('1.0.0') } : { version: undefined as never }),
      },
      project: { approvedBefore: one.known, status: one.status },
      advisories: {
        matches: one.matches.map(({ kind, level, fixed }) => aMatch({ kind, fixed, severity: { level } })),
      },
      inspection: one.ran
        ? {
            ...withoutBehaviour,
            findings: one.findings,
            complete: one.complete,
            ...(one.behaviour && {
              behaviour: aBehaviour({ ...one.behaviour, findings: one.behaviour.findings.map(aBehaviourFinding) }),
            }),
          }
        : 'not-run',
      facts: one.facts.map(({ kind, days }, i) => aFact({ id: `f${i}`, kind, at: daysAgo(days) })),
    }),
  );
const policies = fc.constantFrom(balanced, strict, monitor);

test('one more finding never relaxes a verdict', () => {
  fc.assert(
    fc.property(policies, evidences, effects, (policy, evidence, effect) => {
      if (evidence.inspection === 'not-run') return;
      const more = { ...evidence.inspection, findings: [...evidence.inspection.findings, { ...lie, effect }] };
      const [before, after] = [evidence, { ...evidence, inspection: more }].map((one) => decide(policy, one, NOW).kind);
      assert.ok(SEVERITY[after!] >= SEVERITY[before!]);
    }),
  );
});

test('one more advisory never relaxes a verdict', () => {
  fc.assert(
    fc.property(policies, evidences, fc.boolean(), (policy, evidence, isMalware) => {
      const match = aMatch(isMalware ? { kind: 'malware' } : { severity: { level: 'critical' } });
      const worse = {
        ...evidence,
        advisories: { ...evidence.advisories, matches: [...evidence.advisories.matches, match] },
      };
      assert.ok(SEVERITY[decide(policy, worse, NOW).kind] >= SEVERITY[decide(policy, evidence, NOW).kind]);
    }),
  );
});

test('an analysis that is surer never relaxes a verdict', () => {
  fc.assert(
    fc.property(policies, evidences, (policy, evidence) => {
      if (evidence.inspection === 'not-run' || evidence.inspection.behaviour === undefined) return;
      const { behaviour } = evidence.inspection;
      const kinds = (['none', 'note', 'hold', 'block'] as const).map((verdict) => {
        const inspection = {
          ...(evidence.inspection as typeof withoutBehaviour),
          behaviour: { ...behaviour, verdict },
        };
        return SEVERITY[decide(policy, { ...evidence, inspection }, NOW).kind];
      });
      assert.deepEqual(kinds, [...kinds].sort());
    }),
  );
});

test('nothing is allowed without a complete inspection and a version, whatever the policy and the approvals', () => {
  fc.assert(
    fc.property(policies, evidences, (policy, evidence) => {
      if (decide(policy, evidence, NOW).kind !== 'allow') return;
      assert.ok(evidence.inspection !== 'not-run' && evidence.inspection.complete);
      assert.ok(evidence.file.version !== undefined);
    }),
  );
});

test('the decisive reason comes first', () => {
  fc.assert(
    fc.property(policies, evidences, (policy, evidence) => {
      const { kind, reasons } = decide(policy, evidence, NOW);
      if (kind !== 'allow') assert.equal(reasons[0]?.effect, kind);
      else assert.ok(reasons.every(({ effect }) => effect === 'note'));
    }),
  );
});
