import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { firstOf, plainText } from '../values/value.ts';

/** Ways to write a text so that readers do not see it. Each is a program that leaves the text in `x`. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'a sum of pieces': "x = 'ht' + 'tp' + '://demo'",
  'adjacent literals': "x = 'ht' 'tp' '://demo'",
  'percent formatting': "x = '%s://%s%d' % ('http', 'demo', 1)",
  'percent formatting by the names at hand': "def f(a, b='q'):\n    return '%(a)s-%(b)s' % vars()\nx = f('p')",
  'a format by the names at hand': "a = 'p'\nb = 'q'\nx = '{a}-{b}'.format(**globals())",
  'percent formatting by name': "x = '%(a)s-%(b)s' % {'a': 'p', 'b': 'q'}",
  format: "x = '{0}://{name}/{0}'.format('http', name='demo')",
  'an f-string': "h = 'demo'\nx = f'http://{h}/{1 + 1}'",
  'join of a list': "x = ''.join(['ht', 'tp', '://', 'demo'])",
  'join of characters': "x = ''.join(chr(c) for c in [104, 105, 33])",
  'map of chr': "x = ''.join(map(chr, [104, 105, 33]))",
  reversal: "x = 'omed//:ptth'[::-1]",
  'a slice with a step': "x = 'hxtxtxpx'[::2]",
  replace: "x = 'h*ttp:*//demo'.replace('*', '')",
  'split and join': "x = '-'.join('a b c'.split())",
  'strip and case': "x = '  HTTP  '.strip().lower()",
  'a translation table': "x = 'ifmmp'.translate(str.maketrans('ifmp', 'helo'))",
  'XOR of bytes': 'x = bytes(b ^ 42 for b in bytes([66, 67, 11])).decode()',
  'XOR with a repeated key':
    "k = 'ab'\nx = ''.join(chr(ord(c) ^ ord(k[i % len(k)])) for i, c in enumerate('\\x09\\x0b\\x40'))",
  'a loop': "x = ''\nfor c in 'ijk':\n    x += chr(ord(c) - 1)",
  'a while loop': "x = ''\ni = 0\nwhile i < 3:\n    x = x + 'abc'[i]\n    i += 1",
  'a loop with a condition': "x = ''\nfor i, c in enumerate('a1b2c3'):\n    if i % 2 == 0:\n        x += c",
  'zip of two lists': "x = ''.join(a + b for a, b in zip('ace', 'bdf'))",
  'a branch by the type':
    "x = ''\nfor part in ['a', {'b': 'c'}, ['d', 'e'], ('f',), True]:\n    if isinstance(part, dict):\n        x += part['b']\n    elif isinstance(part, (list, tuple)):\n        x += part[0]\n    elif isinstance(part, str):\n        x += part",
  'a dict of letters': "d = {1: 'h', 2: 'i'}\nx = d[1] + d[2]",
  'a function': "def f(s, n=1):\n    return ''.join(chr(ord(c) - n) for c in s)\nx = f('ij')",
  'a lambda': "f = lambda s: s[::-1]\nx = f('cba')",
  'a recursive function': "def f(s):\n    return '' if s == '' else f(s[1:]) + s[0]\nx = f('cba')",
  'a generator': "def g():\n    for c in 'abc':\n        yield c\nx = ''.join(g())",
  'a class attribute': "class A:\n    b = 'de'\n    def c(self):\n        return self.b + 'mo'\nx = A().c()",
  partial: "from functools import partial\ndef f(a, b):\n    return a + b\nx = partial(f, 'a')('b')",
  'an attribute set by name': "class A: pass\na = A()\nsetattr(a, 'b', 'demo')\nx = a.b",
  'star arguments': "def f(*a, **k):\n    return a[1] + k['z']\nx = f('a', 'b', z='c')",
  base64: "import base64\nx = base64.b64decode('aGVsbG8=').decode()",
  'base64 under another name': "from base64 import b64decode as d\nx = d(b'aGVsbG8=').decode('utf-8')",
  hex: "x = bytes.fromhex('68656c6c6f').decode()",
  'zlib in base64': "import base64, zlib\nx = zlib.decompress(base64.b64decode('eJzLSM3JyQcABiwCFQ==')).decode()",
  rot13: "import codecs\nx = codecs.decode('uryyb', 'rot13')",
  'UTF-16': "x = b'h\\x00i\\x00'.decode('utf-16-le')",
  'a number of thousands of digits': `n = 0x${'61'.repeat(5000)}\nx = n.to_bytes((n.bit_length() + 7) // 8, 'big').decode()`,
  'an integer': "x = (478560413032).to_bytes(5, 'big').decode()",
  'an integer from digits': "x = chr(int('68', 16)) + chr(int('1101001', 2))",
  'octal escapes': "x = '\\150\\151'",
  'conditional on a constant': "x = 'a' if 1 > 2 else 'b'",
  unpacking: "a, (b, c) = 'p', ['q', 'r']\nx = a + b + c",
  'an assignment expression': "x = (y := 'ab') + y",
  'sorted by position': "x = ''.join(c for _, c in sorted([(2, 'b'), (1, 'a'), (3, 'c')]))",
  globals: "globals()['x'] = 'set'",
  'a nested decode': "import base64\nx = base64.b64decode(base64.b64decode(b'YUdWc2JHOD0=')).decode()",
};

/** What our interpreter takes `x` for: the text that reaches a call. */
async function folded(program: string): Promise<string | undefined> {
  const facts = await factsOf(`${program}\nimport os\nos.system(x)\n`);
  for (const fact of facts)
    if (fact.kind === 'call' && fact.role === 'process') return plainText(firstOf(fact.call.args[0]!));
  return undefined;
}

const python = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 8))'], { encoding: 'utf8' });
const skip = python.stdout?.trim() === 'True' ? false : 'python3 is not installed';

test('folds what CPython computes', { skip }, async () => {
  const script = `import json, sys\nout = {}\nfor why, code in json.load(sys.stdin).items():\n    scope = {}\n    exec(code, scope)\n    out[why] = scope['x']\nprint(json.dumps(out))`;
  const run = spawnSync('python3', ['-c', script], { input: JSON.stringify(PROGRAMS), encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const expected = JSON.parse(run.stdout) as Record<string, string>;
  for (const [why, program] of Object.entries(PROGRAMS)) assert.equal(await folded(program), expected[why], why);
});

test('marks what it cannot know instead of guessing', async () => {
  assert.equal(await folded("x = 'a' + input() + 'b'"), 'a\uf8ffb');
  for (const [why, number] of Object.entries({
    'a decimal number whose reading would take long': '7'.repeat(300_000),
    'a float beyond all numbers': '1e999',
    'a power of fractions': 'pow(1.5, 2, 3)',
  }))
    assert.equal(await folded(`x = 'a' + str((${number}).bit_length()) + 'b'`), 'a\uf8ffb', why);
});
