import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tomlLines } from './toml-lines.ts';

const DOCUMENT = `# comment = 1
version = 1
[project]
"name" = "demo" # [not.a.table]
dependencies = [
    "flask", # two ] on one
    'jinja2', "six",

    { include-group = "x" },
]
text = """
[fake]
dependencies = 1
\\""" still"""
dotted.key = { a = [1, "}"], b = "#" }
[[package]]
name = "a"
source = { registry = "x" }
[[package]]
name = "b"
[package.source]
url = '''
x'''
after = true
`;

for (const [path, line] of [
  [['version'], 2],
  [['project'], 3],
  [['project', 'name'], 4],
  [['project', 'dependencies', 0], 6],
  [['project', 'dependencies', 1], 7],
  [['project', 'dependencies', 2], 7],
  [['project', 'dependencies', 3], 9],
  [['project', 'text'], 11],
  [['fake'], undefined],
  [['project', 'dotted', 'key'], 15],
  [['package', 0], 16],
  [['package', 0, 'name'], 17],
  [['package', 1, 'name'], 20],
  [['package', 1, 'source', 'url'], 22],
  [['package', 1, 'source', 'after'], 24],
] as const) {
  test(`finds ${path.join('.')}`, () => assert.equal(tomlLines(DOCUMENT)(...path), line));
}

test('ends on anything', () => {
  for (const text of ['[', '[[', 'a', 'a=', '=', 'a=[', 'a={', 'a="', '"""', 'a=]', '}', 'a.=1', "a='''", 'a=[[', '\\'])
    tomlLines(text);
});
