import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFixtures, runFixture } from './fixture.ts';
import { parsePolicy } from './policy.ts';

function outcomes(text: string): readonly (string | undefined)[] {
  const policy = parsePolicy(text);
  return parseFixtures(text).map((fixture) => runFixture(policy, fixture).problem);
}

const CASES: readonly [why: string, fixture: string, problem: string | undefined][] = [
  ['the default is old and quiet', 'expect = "allow"', undefined],
  ['an unmet expectation', 'expect = "hold"', 'expected hold, got allow'],
  ['age', 'expect = "hold"\nrules = ["cooldown"]\nfile = { age = "2d" }', undefined],
  [
    'held, but by another rule',
    'expect = "hold"\nrules = ["yanked"]\nfile = { age = "2d" }',
    'hold, but not by yanked',
  ],
  ['in use', 'expect = "allow"\nfile = { age = "4d" }\nproject = { in_use = true }', undefined],
  ['no age', 'expect = "hold"\nrules = ["cooldown"]\nfile = { age = "unknown" }', undefined],
  [
    'malware',
    'expect = "block"\nrules = ["known-malicious"]\nadvisories = [{ id = "MAL-1", kind = "malware" }]',
    undefined,
  ],
  [
    'a vulnerability with a fix',
    'expect = "hold"\nrules = ["known-vulnerable"]\nadvisories = [{ id = "CVE-1", severity = "critical", fixed = ["2"] }]',
    undefined,
  ],
  ['behaviour', 'expect = "block"\nrules = ["behaviour"]\ninspection = { behaviour = "block" }', undefined],
  ['a hook', 'expect = "hold"\nrules = ["startup-hook"]\ninspection = { startup_hooks = 1 }', undefined],
  ['incomplete', 'expect = "hold"\nrules = ["evidence"]\ninspection = { complete = false }', undefined],
  ['not inspected', 'expect = "hold"\nrules = ["evidence"]\ninspection = "not-run"', undefined],
  ['a note that is expected', 'expect = "allow"\nrules = ["yanked"]\nfile = { yanked = true }', undefined],
  [
    'a name like another',
    'expect = "hold"\nrules = ["name-confusion"]\nproject = { looks_like = "requests" }',
    undefined,
  ],
  ['old advisories are a note', 'expect = "allow"\nrules = ["feed-age"]\nadvisories_age = "30d"', undefined],
];

for (const [why, fixture, problem] of CASES) {
  test(`fixture: ${why}`, () => assert.deepEqual(outcomes(`[[fixtures]]\nname = "x"\n${fixture}`), [problem]));
}

test('fixture: what is exploited counts whatever its severity, where the policy says so', () => {
  const policy = '[rules.known-vulnerable]\nkev = "count"\nmin_epss = 0.5\n';
  const fixture = (expect: string, more: string) =>
    `[[fixtures]]\nname = "x"\nexpect = "${expect}"\nadvisories = [{ id = "CVE-1", severity = "low", fixed = ["2"]${more} }]\n`;
  const rows = [fixture('allow', ''), fixture('hold', ', kev = true'), fixture('hold', ', epss = 0.5')];
  assert.deepEqual(outcomes([policy, ...rows].join('')), [undefined, undefined, undefined]);
});

const REFUSED: readonly [why: string, text: string, message: RegExp][] = [
  ['no list', 'fixtures = 1', /\[\[fixtures\]\]/],
  ['an unknown key', '[[fixtures]]\nname = "x"\nexpect = "allow"\nfiel = {}', /fixture 1: .*fiel/],
  ['no expectation', '[[fixtures]]\nname = "x"', /fixture 1: expect/],
  [
    'an age that is none',
    '[[fixtures]]\nname = "x"\nexpect = "allow"\nfile = { age = "soon" }',
    /fixture 1: file\.age/,
  ],
];

for (const [why, text, message] of REFUSED) {
  test(`fixtures are refused: ${why}`, () => {
    assert.throws(() => parseFixtures(text), { code: 'POLICY_INVALID', message });
  });
}
