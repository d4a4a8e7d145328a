import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pythonParser } from '../../../../test/builders/python-package.ts';
import type { Stmt } from './ir.ts';
import { decodePythonSource } from './source-text.ts';

const parser = await pythonParser();
const kindsOf = (source: string) => parser.parse(source).body.map((statement) => statement.kind);

for (const [why, source, kinds] of [
  ['an assignment to two names', 'a = b = 1', ['assign']],
  ['a decorated function', '@d\ndef f(a, *b, c=1, **d): pass', ['function']],
  ['a class with a keyword', 'class A(B, metaclass=M):\n  x = 1', ['class']],
  ['elif and else as one statement', 'if a: pass\nelif b: pass\nelse: pass', ['if']],
  ['an import with an alias', 'import os.path as p, sys', ['import']],
  ['a wildcard import', 'from os import *', ['from-import']],
  ['two statements on one line', 'import os; x = 1', ['import', 'assign']],
  ['match', 'match x:\n  case 1: pass', ['match']],
  ['except*', 'try:\n  pass\nexcept* E:\n  pass', ['try']],
  ['an exec statement of Python 2', 'exec "x = 1" in scope', ['expression']],
  ['a print statement of Python 2', 'print "x", y', ['expression']],
  ['a raise of Python 2', 'raise E, "m"', ['expression']],
  ['an f-string inside an f-string', "x = f'{f'{1}'}'", ['assign']],
  ['a generic function', 'def f[T](x: T) -> T: return x', ['function']],
] as const) {
  test(`lowers ${why}`, () => assert.deepEqual(kindsOf(source), kinds));
}

test('keeps a broken range as text and the code around it', () => {
  const { body, broken } = parser.parse('import os\n)(\nos.system("demo")\n');
  assert.equal(broken, true);
  assert.ok(body.some((statement) => statement.kind === 'import'));
  assert.ok(JSON.stringify(body).includes('"name":"system"'));
});

test('reads line ends of all systems alike', () => {
  const lines = ['import os', 'x = 1', 'if x:', '  y = 2'];
  const shapes = ['\n', '\r\n', '\r'].map((end) =>
    parser.parse(decodePythonSource(Buffer.from(lines.join(end)))).body.map((each: Stmt) => each.kind),
  );
  assert.deepEqual(shapes[1], shapes[0]);
  assert.deepEqual(shapes[2], shapes[0]);
});

test('folds identifiers as Python does', () => {
  assert.match(JSON.stringify(parser.parse('ｅxec("1")').body), /"id":"exec"/);
});

for (const [why, source] of [
  ['100,000 open brackets', '('.repeat(100_000)],
  ['a sum of 100,000 terms', Array(100_000).fill('1').join('+')],
  ['an attribute chain of 100,000', `a${'.b'.repeat(100_000)}`],
  ['100,000 minus signs', `${'-'.repeat(100_000)}1`],
  ['100,000 lambdas', `${'lambda: '.repeat(100_000)}1`],
  ['50,000 nested lists', '['.repeat(50_000) + ']'.repeat(50_000)],
  ['5,000 elif', `if a: pass\n${'elif b: pass\n'.repeat(5000)}`],
  ['a million items', `x = [${'1,'.repeat(1_000_000)}]`],
  ['a text of 10 MB', `x = "${'a'.repeat(10_000_000)}"`],
  ['an open triple quote', `"""${'a\n'.repeat(1000)}`],
  ['3,000 nested blocks', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}if a:\n`).join('')],
  ['NUL, BOM and form feed', '\ufeffx = 1\0\n\fy = 2'],
  ['a backslash inside a name', 'im\\\nport os'],
  ['an unknown escape of Unicode', 'x = "\\N{NO SUCH NAME} \\U99999999"'],
] as const) {
  test(`survives ${why}`, () => assert.ok(Array.isArray(parser.parse(source).body)));
}

test('says so when a limit cut the tree', () => {
  assert.deepEqual(parser.parse(`${'-'.repeat(1000)}1`).limits, ['nesting']);
  assert.deepEqual(parser.parse(`a${'.b()'.repeat(1000)}`).limits, ['nesting']);
  assert.deepEqual(parser.parse(`a${'.b()'.repeat(200)}`).limits, []);
  assert.deepEqual(parser.parse('x = 1').limits, []);
});

test('never throws on any text', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          'def f',
          '(',
          ')',
          ':',
          '\n',
          '  ',
          'if',
          'exec',
          '"',
          "f'{",
          '}',
          '=',
          'lambda',
          '\\',
          '\t',
          'é',
          '*',
          '@',
        ),
        { maxLength: 60 },
      ),
      (words) => {
        assert.equal(typeof parser.parse(words.join(' ')).broken, 'boolean');
      },
    ),
    { numRuns: 300 },
  );
});

test('cuts a file that would be too much work at a line end, and reads one long literal whole', () => {
  const dense = `import os\n${'f(a,b)\n'.repeat(300_000)}`;
  const cut = parser.parse(dense);
  assert.ok(cut.limits.includes('size'));
  assert.ok(cut.text.length < dense.length && cut.text.endsWith('f(a,b)\n'));
  const long = parser.parse(`x = "${'QUJD'.repeat(500_000)}"\nimport os\n`);
  assert.deepEqual(long.limits, []);
  assert.equal(long.body[1]?.kind, 'import');
});
