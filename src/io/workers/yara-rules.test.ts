import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../../../test/builders/a-wheel.ts';
import { createInspector } from './inspector.ts';
import { loadYaraRules } from './yara-rules.ts';

const WORDS = `rule house_words {
  meta:
    description = "a word that our code never has"
  strings:
    $word = "forbidden-word"
  condition:
    $word
}
`;
const folder = mkdtempSync(join(tmpdir(), 'wheelgate-yara-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

before(() => {
  mkdirSync(join(folder, 'rules'));
  write('rules/a.yar', WORDS);
  write('rules/b.yar', 'rule only_told { meta: effect = "note" condition: filesize == 3 }\n');
  write('rules/notes.txt', 'not a rule');
});

test('reads what a pattern names, and its digest changes with the text', async () => {
  const rules = await loadYaraRules([join(folder, 'rules/*.yar')]);
  assert.deepEqual(
    rules?.sources.map(({ path }) => path),
    [join(folder, 'rules/a.yar'), join(folder, 'rules/b.yar')],
  );
  const other = await loadYaraRules([write('other.yar', WORDS.replace('forbidden', 'unwanted'))]);
  assert.notEqual(other?.digest, rules?.digest);
  assert.equal(await loadYaraRules([]), undefined);
});

for (const [why, name, text, message] of [
  ['a condition on nothing', 'bad.yar', 'rule bad {\n  condition: $b\n}\n', /bad\.yar:2: /],
  ['no rule at all', 'worse.yar', 'strings = here\n', /worse\.yar:1: /],
] as const) {
  test(`names file and line of ${why}`, async () => {
    const path = write(name, text);
    await assert.rejects(loadYaraRules([path]), (error: Error) => {
      assert.match(error.message, message);
      return (error as Error & { code: string }).code === 'CONFIG_INVALID';
    });
  });
}

for (const [why, pattern] of [
  ['a file that is not there', 'nothing.yar'],
  ['a pattern that finds nothing', 'rules/*.rules'],
  ['a folder that is not there', 'nowhere/*.yar'],
] as const) {
  test(`refuses ${why}`, () => assert.rejects(loadYaraRules([join(folder, pattern)]), { code: 'CONFIG_INVALID' }));
}

test('an inspection tells what matches in which file, and holds unless the rule asks for less', async (t) => {
  const yara = await loadYaraRules([join(folder, 'rules/*.yar')]);
  const inspector = createInspector({ deadlineMs: 60_000, maxMemoryBytes: 2 ** 30, threads: 1, yara });
  t.after(() => inspector.close());
  const wheel = aWheel({
    files: { 'demo/data.txt': 'x = forbidden-word', 'demo/three.txt': 'abc', 'demo/quiet.txt': 'quiet' },
  });
  const path = join(folder, aWheelName());
  writeFileSync(path, wheel);
  const { findings } = await inspector.inspect(path, aWheelName());
  assert.deepEqual(
    findings.filter(({ rule }) => rule === 'yara'),
    [
      {
        rule: 'yara',
        code: 'match',
        effect: 'hold',
        message: "matches the team's YARA rule house_words: a word that our code never has",
        file: 'demo/data.txt',
        context: '$word at offset 4',
      },
      {
        rule: 'yara',
        code: 'match',
        effect: 'note',
        message: "matches the team's YARA rule only_told",
        file: 'demo/three.txt',
      },
    ],
  );
  assert.match(inspector.engine, new RegExp(`yara-${yara?.digest}$`));
});
