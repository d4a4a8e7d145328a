import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBehaviour, aMatch, anEvidence, anInspection, daysAgo, NOW } from '../../../test/builders/an-evidence.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { compileOwnRule } from './own-rule.ts';
import { parsePolicy } from './policy.ts';

function reasonsOf(when: string, evidence: Evidence) {
  const rule = compileOwnRule({ id: 'ours', when, effect: 'hold', message: 'as we said' });
  assert.ok(!('start' in rule), 'start' in rule ? rule.message : '');
  return rule.check(evidence, NOW).map(({ message }) => message);
}

const sdist = anEvidence({ file: { kind: 'sdist', filename: 'demo-1.0.tar.gz', size: 5_000 } });
const network = anInspection({
  nativeFiles: ['demo/x.so'],
  behaviour: aBehaviour({
    score: 0.4,
    capabilities: [{ capability: 'network', context: 'import', file: 'demo/__init__.py', line: 1 }],
  }),
});
const { sha256: _, ...noDigest } = anEvidence().file;

const CASES: readonly [why: string, when: string, evidence: Evidence, said: readonly string[]][] = [
  ['a field of the file', 'file.kind == "sdist"', sdist, ['as we said']],
  ['the same, false', 'file.kind == "sdist"', anEvidence(), []],
  ['sizes are whole numbers', 'file.size > 4000 && file.size < 6000', sdist, ['as we said']],
  ['age is time', 'now - file.uploaded > duration("2399h")', anEvidence(), ['as we said']],
  ['a version', 'file.version == "1.0.0" && !file.prerelease', anEvidence(), ['as we said']],
  [
    'advisories',
    'advisories.exists(a, a.severity == "high" && size(a.fixed) > 0)',
    anEvidence({ advisories: { matches: [aMatch({ severity: { level: 'high', score: 7.5 } })] } }),
    ['as we said'],
  ],
  [
    'an advisory without a score',
    'advisories.exists(a, a.severity == "unknown" && !has(a.score))',
    anEvidence({ advisories: { matches: [aMatch()] } }),
    ['as we said'],
  ],
  [
    'what is exploited',
    'advisories.exists(a, a.kev && has(a.epss) && a.epss >= 0.5)',
    anEvidence({
      advisories: {
        matches: [
          aMatch({
            exploitation: {
              epss: { score: 0.5, percentile: 0.9, asOf: NOW.toISOString() },
              kev: { since: '2026-01-01', ransomware: false },
            },
          }),
        ],
      },
    }),
    ['as we said'],
  ],
  [
    'nothing known of exploitation is no answer to how likely it is',
    'advisories.exists(a, a.kev || has(a.epss))',
    anEvidence({ advisories: { matches: [aMatch()] } }),
    [],
  ],
  [
    'what the code can do',
    'inspection.native && inspection.capabilities.exists(c, c.name == "network" && c.context == "import")',
    anEvidence({ inspection: network }),
    ['as we said'],
  ],
  ['not inspected yet: the download gathers it', 'inspection.native', anEvidence({ inspection: 'not-run' }), []],
  ['what is absent can be asked for', '!has(file.sha256)', anEvidence({ file: noDigest }), []],
];

for (const [why, when, evidence, said] of CASES) {
  test(`own rule: ${why}`, () => assert.deepEqual(reasonsOf(when, evidence), said));
}

test('an expression that asks for what is not known gives its effect, never silence', () => {
  const { age: __, ...undated } = anEvidence().file;
  const evidence = { ...anEvidence(), file: undated };
  assert.deepEqual(reasonsOf('now - file.uploaded > duration("1h")', evidence), [
    'own rule ours has no answer: No such key: uploaded',
  ]);
  assert.deepEqual(reasonsOf('!(now - file.uploaded > duration("1h"))', evidence), [
    'own rule ours has no answer: No such key: uploaded',
  ]);
});

const WRONG: readonly [why: string, when: string, message: RegExp, start: number][] = [
  ['no such field', 'file.kid == "x"', /No such key: kid/, 5],
  ['no such field of a listed thing', 'advisories.exists(a, a.sevrity == "x")', /sevrity/, 23],
  ['no such variable', 'packge == 1', /packge/, 0],
  ['two types', 'file.size == "big"', /no such overload/, 0],
  ['no bool', 'file.name', /not true or false/, 0],
  ['half of one', 'file.kind ==', /Unexpected token/, 12],
  ['a duration that is none', 'now - file.uploaded < duration("30d")', /duration/i, 22],
  ['a pattern that is none', 'file.name.matches("(")', /regular expression/i, 0],
  ['deeper than anybody writes', `${'('.repeat(300)}true${')'.repeat(300)}`, /./, 0],
];

for (const [why, when, message, start] of WRONG) {
  test(`an expression that cannot be: ${why}`, () => {
    const problem = compileOwnRule({ id: 'ours', when, effect: 'hold', message: 'x' });
    assert.ok('start' in problem);
    assert.match(problem.message, message);
    if (start > 0) assert.equal(problem.start, start);
  });
}

const POLICY = `
preset = "monitor"
[own.no-sdists]
when = 'file.kind == "sdist"'
effect = "block"
message = "wheels only"
`;

test('an own rule decides beside the built-in ones, and an approval opens it', () => {
  const policy = parsePolicy(POLICY);
  const blocked = decide(policy, sdist, NOW);
  assert.deepEqual(
    [blocked.kind, blocked.reasons[0]],
    ['block', { rule: 'no-sdists', effect: 'block', message: 'wheels only' }],
  );
  const approval = {
    id: 'f',
    kind: 'approval',
    project: sdist.file.project,
    sha256: sdist.file.sha256!,
    reason: 'read',
    actor: 'cli:ada',
    at: daysAgo(1),
    policyRevision: 'r',
  } as const;
  assert.equal(decide(policy, { ...sdist, facts: [approval] }, NOW).kind, 'allow');
});

test('own rules change the revision, fixtures do not', () => {
  const plain = parsePolicy('preset = "monitor"').revision;
  const own = parsePolicy(POLICY).revision;
  assert.notEqual(own, plain);
  assert.equal(parsePolicy(`${POLICY}\n[[fixtures]]\nname = "x"\nexpect = "allow"\n`).revision, own);
});

const REFUSED: readonly [why: string, text: string, message: RegExp][] = [
  ['a name of a built-in rule', '[own.cooldown]\nwhen = "true"\neffect = "hold"\nmessage = "x"', /built-in rule/],
  ['a name that verdicts use', '[own.approval]\nwhen = "true"\neffect = "hold"\nmessage = "x"', /built-in rule/],
  ['no effect', '[own.ours]\nwhen = "true"\nmessage = "x"', /own\.ours\.effect/],
  ['a message of two lines', '[own.ours]\nwhen = "true"\neffect = "hold"\nmessage = "a\\nb"', /printable ASCII/],
  [
    'line and column in the file',
    '[own.ours]\nwhen = "file.kid == 1"\neffect = "hold"\nmessage = "x"',
    /line 2, column 14: /,
  ],
  [
    'of the expression, where the file has it escaped',
    '[own.ours]\nwhen = "file.kid == \\"x\\""\neffect = "hold"\nmessage = "x"',
    /line 1, column 6 of the expression: /,
  ],
];

for (const [why, text, message] of REFUSED) {
  test(`a policy file is refused: ${why}`, () => {
    assert.throws(() => parsePolicy(text), { code: 'POLICY_INVALID', message });
  });
}
