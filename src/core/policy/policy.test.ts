import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy, RULE_IDS, settingsAsWritten } from './policy.ts';
import { ALL_RULES } from './rules/all-rules.ts';

test('an empty file is the preset "balanced"', () => {
  const policy = parsePolicy('');
  assert.equal(policy.preset, 'balanced');
  assert.equal(policy.rules.cooldown.new_project, 7 * 86_400_000);
  assert.equal(policy.rules.cooldown.update, 3 * 86_400_000);
});

test('a rule overrides only what it names', () => {
  const policy = parsePolicy('preset = "balanced"\n[rules.cooldown]\nnew_project = "30d"\n');
  assert.equal(policy.rules.cooldown.new_project, 30 * 86_400_000);
  assert.equal(policy.rules.cooldown.update, 3 * 86_400_000);
  assert.equal(policy.rules.cooldown.effect, 'hold');
});

test('the revision is that of the settings, not of the text', () => {
  assert.equal(parsePolicy('').revision, parsePolicy('# a comment\npreset = "balanced"').revision);
  assert.notEqual(parsePolicy('').revision, parsePolicy('preset = "strict"').revision);
});

for (const [why, text, problem] of [
  ['broken TOML, with line and column', 'preset = "balanced"\n[rules', /line 2, column \d+/],
  ['an unknown preset', 'preset = "lax"', /preset/],
  ['an unknown rule', '[rules.cool-down]\neffect = "hold"', /no rule "cool-down"/],
  ['an unknown setting', '[rules.cooldown]\nnew_projects = "7d"', /\[rules\.cooldown\].*new_projects/],
  ['a wrong duration', '[rules.cooldown]\nupdate = "3 days"', /"3 days" is not a duration/],
  ['a wrong effect', '[rules.yanked]\neffect = "allow"', /\[rules\.yanked\] effect/],
  ['an unknown key', 'presets = "strict"', /presets/],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => parsePolicy(text, 'p.toml'),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'POLICY_INVALID');
        assert.match(error.message, /^p\.toml: /);
        assert.match(error.message, problem);
        return true;
      },
    );
  });
}

test('every rule id has its rule', () => {
  for (const id of RULE_IDS) assert.equal(ALL_RULES[id].id, id);
});

test('settings are written as a file would have them', () => {
  const policy = parsePolicy('[rules.cooldown]\nnew_project = "36h"\nupdate = "0"\n');
  assert.deepEqual(settingsAsWritten(policy, 'cooldown'), {
    effect: 'hold',
    new_project: '36h',
    update: '0',
    security_fix: '1h',
    unknown_age: 'last-modified',
  });
});

test('settings that are written and read again make the same policy', () => {
  for (const preset of ['balanced', 'strict', 'monitor']) {
    const policy = parsePolicy(`preset = "${preset}"`);
    const lines = RULE_IDS.flatMap((id) => [
      `[rules.${id}]`,
      ...Object.entries(settingsAsWritten(policy, id)).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ]);
    assert.equal(parsePolicy([`preset = "${preset}"`, ...lines].join('\n')).revision, policy.revision);
  }
});
