import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { firstOf, plainText } from '../values/value.ts';

const EVIL = "import os\nos.system('demo')\n";
const PART = "'a' * 4000000";

/** What a module meets on its way: the limits, and whether the command at its end was seen. */
async function met(source: string) {
  const facts = await factsOf({ 'demo/__init__.py': source });
  const limits = new Set(facts.flatMap((fact) => (fact.kind === 'limit' ? [fact.what] : [])));
  const isSeen = facts.some(
    (fact) => fact.kind === 'call' && fact.role === 'process' && plainText(firstOf(fact.call.args[0]!)) === 'demo',
  );
  return { limits: [...limits], isSeen };
}

function chained(levels: number, links: number): string {
  let source = 'a';
  for (let level = 0; level < levels; level++) source = `(${source}${'.b(c)'.repeat(links)})`;
  return `x = ${source}\n`;
}

function blocks(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}if a:\n`).join('');
}

for (const [why, source] of [
  ['150 calls inside of each other', `x = ${'f('.repeat(150)}1${')'.repeat(150)}\n`],
  ['90 brackets around a chain', `x = ${'('.repeat(90)}a${'.b'.repeat(450)}${')'.repeat(90)}\n`],
  ['99 blocks', `${blocks(99)}${' '.repeat(99)}pass\n`],
  ['100,000 terms', `x = ${'1+'.repeat(100_000)}1\n`],
  ['50,000 carried lines', '\\\n'.repeat(50_000)],
  ['200,000 comments below a function', `def f():\n${'# c\n'.repeat(200_000)}    pass\n`],
  ['a text of 4 MB', `x = ${PART}\n`],
  ['a list that holds itself', 'a = []\na.append(a)\nx = str(a)\n'],
  ['a function that calls itself twice', 'def f(n):\n    return f(n - 1) + f(n - 2)\nf(50)\n'],
  ['sixty functions that call each other twice', sixtyFunctions()],
  ['form feeds in the indentation', 'if a:\n  \f  x = 1\n'],
  ['tabs beside spaces', 'if a:\n\tx = 1\n        y = 2\n'],
  ['statements of Python 2', "print 'x'\nexec 'y = 1'\nx = `1` <> 0777\n"],
] as const) {
  test(`reads on behind ${why}`, async () => assert.deepEqual(await met(source + EVIL), { limits: [], isSeen: true }));
}

for (const [why, source, limit] of [
  ['80 chains of 200 links inside of each other', chained(80, 200), undefined],
  ['50,000 powers of powers', `x = ${'1**'.repeat(50_000)}1\n`, undefined],
  ['a text that is joined to 240 GB', `b = ${PART}\nx = ''.join([b] * 60000)\n`, 'size of a value'],
  ['a letter that stands for 4 MB', `b = ${PART}\nx = ('c' * 100000).translate({99: b})\n`, 'size of a value'],
  ['a template of 40 GB', `b = ${PART}\nx = ('%s' * 10000) % ((b,) * 10000)\n`, 'size of a value'],
  ['many passes over a long text', `b = ${PART}\nfor i in range(20000):\n    x = b[1:]\n`, 'steps of one loop'],
  [
    'a key that is derived again and again',
    "import hashlib\nfor i in range(20000):\n    x = hashlib.pbkdf2_hmac('sha1', b'a', b'b', 200000)\n",
    'steps of one loop',
  ],
] as const) {
  test(`says that it did not read ${why}, and reads on`, async () => {
    const { limits, isSeen } = await met(source + EVIL);
    assert.equal(isSeen, true);
    // Limits of the syntax are told by the module, not by a fact of the interpreter.
    if (limit !== undefined) assert.deepEqual(limits, [limit]);
  });
}

/** Each module imports everything from both of the next level: as many ways through as 2 to the number of levels. */
function pyramid(levels: number): Record<string, string> {
  const files: Record<string, string> = { 'demo/__init__.py': "from .a0 import run\nrun('demo')\n" };
  for (let level = 0; level < levels; level++)
    for (const side of ['a', 'b'])
      files[`demo/${side}${level}.py`] =
        level === levels - 1 ? '' : `from .a${level + 1} import *\nfrom .b${level + 1} import *\n`;
  files[`demo/b${levels - 1}.py`] = 'from os import system as run\n';
  return files;
}

test('a name is found behind modules that only pass it on', async () => {
  for (const levels of [3, 40]) {
    const facts = await factsOf(pyramid(levels));
    assert.ok(
      facts.some((fact) => fact.kind === 'call' && fact.role === 'process' && fact.name === 'os.system'),
      `${levels} levels`,
    );
  }
});

test('each module is asked once for a name, however many ways lead to it', { timeout: 60_000 }, async () => {
  const files = pyramid(40);
  files['demo/b39.py'] = '';
  files['demo/__init__.py'] = 'from .a0 import missing\nmissing()\nimport os\nos.system("demo")\n';
  assert.ok((await factsOf(files)).some((fact) => fact.kind === 'call' && fact.role === 'process'));
});

function sixtyFunctions(): string {
  const calls = (name: string) => `    ${name}()\n    ${name}()\n`;
  const rest = Array.from({ length: 60 }, (_, index) => `def f${index + 1}():\n${calls(`f${index}`)}`);
  return `def f0():\n    pass\n${rest.join('')}f60()\n`;
}
