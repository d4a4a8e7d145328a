import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeDuration } from '../../src/core/duration.ts';
import { parseFixtures, runFixture } from '../../src/core/policy/fixture.ts';
import { ownRuleVariables } from '../../src/core/policy/own-rule-variables.ts';
import { parsePolicy, RULE_IDS, type RuleId, settingsAsWritten } from '../../src/core/policy/policy.ts';
import { ALL_RULES } from '../../src/core/policy/rules/all-rules.ts';
import { readDocument, readSection, readTable } from './markdown.ts';

const text = readDocument('docs/policy.md');
const PRESETS = ['balanced', 'strict', 'monitor'] as const;
const policies = PRESETS.map((preset) => parsePolicy(`preset = "${preset}"`));

/** Long lists of digests would hide the table: their length is compared. */
function written(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? `\`${value.length} built in\`` : `\`${JSON.stringify(value)}\``;
}

function expectedRows(id: RuleId): ReadonlyMap<string, readonly string[]> {
  const settings = policies.map((policy) => settingsAsWritten(policy, id));
  return new Map(Object.keys(settings[0]!).map((key) => [key, settings.map((one) => written(one[key]))]));
}

for (const id of RULE_IDS) {
  test(`docs/policy.md says what ${id} is and does in every preset`, () => {
    const section = readSection(text, `### \`${id}\``);
    assert.equal(section.split('\n')[0], ALL_RULES[id].summary);
    const rows = readTable(section, ['Setting', ...PRESETS, 'Means']);
    const documented = new Map([...rows].map(([key, cells]) => [key, cells.slice(0, PRESETS.length)]));
    assert.deepEqual(documented, expectedRows(id));
  });
}

test('docs/policy.md has no rule that is not there', () => {
  const headings = [...text.matchAll(/^### `(.+)`$/gm)].map(([, id]) => id!);
  assert.deepEqual(headings, [...RULE_IDS]);
});

test('the policies that docs/policy.md and the README show can be read', () => {
  for (const path of ['docs/policy.md', 'README.md']) {
    const [, shown = ''] = /```toml\n(preset = [^`]*)```/.exec(readDocument(path)) ?? [];
    assert.notEqual(shown, '', path);
    assert.doesNotThrow(() => parsePolicy(shown, path));
  }
});

test('docs/policy.md lists the settings of reviews', () => {
  const { remind_after, two_people, ...reviews } = parsePolicy('').reviews;
  const shown = { ...reviews, two_people, remind_after: remind_after.map(writeDuration) };
  const listed = readTable(text, ['Key of `[reviews]`', 'Default', 'Means']);
  assert.deepEqual(
    new Map([...listed].map(([key, [value]]) => [key, value])),
    new Map(
      Object.entries(shown).map(([key, value]) => [
        key,
        key === 'two_people' ? written(value) : `\`${JSON.stringify(value)}\``,
      ]),
    ),
  );
});

test('docs/policy.md lists the presets and the keys beside the rules', () => {
  assert.deepEqual([...readTable(text, ['Preset', 'Is for']).keys()], [...PRESETS]);
  const keys = readTable(text, ['Key', 'Default', 'Means']);
  const { preset, listing } = parsePolicy('');
  assert.deepEqual(
    [...keys].map(([key, [value]]) => [key, value]),
    [
      ['preset', `\`"${preset}"\``],
      ['listing', `\`"${listing}"\``],
      ['deny_list', 'none'],
    ],
  );
});

test('docs/policy.md lists every name that an own rule may use, with its type', () => {
  const rows = readTable(text, ['Name', 'Type', 'Means']);
  const written = [...ownRuleVariables()].map(([name, type]) => [name, `\`${type}\``]);
  assert.deepEqual(
    [...rows].map(([name, [type]]) => [name, type]),
    written,
  );
});

test('the own rule and the fixtures that docs/policy.md shows come out as they say', () => {
  const shown = [...text.matchAll(/```toml\n(\[(?:own|\[fixtures)[^`]*)```/g)].map(([, block]) => block!).join('\n');
  const policy = parsePolicy(shown);
  assert.deepEqual(
    policy.ownRules.map(({ id }) => id),
    ['young-sdists'],
  );
  const outcomes = parseFixtures(shown).map((fixture) => runFixture(policy, fixture).problem);
  assert.deepEqual(outcomes, [undefined, undefined]);
});
