import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importLines } from './import-lines.ts';
import { isRelevant, offersName } from './relevance.ts';

for (const [why, source, expected] of [
  ['a call of exec', 'exec(x)', true],
  ['a client', 'import requests', true],
  ['a name built from pieces', "import os\ngetattr(os, 'sys' + 'tem')('x')", true],
  ['a long literal', `x = '${'A'.repeat(300)}'`, true],
  ['code behind spaces', `x = 1;${' '.repeat(150)}y()`, true],
  ['letters that Python folds', '𝐞𝐱𝐞𝐜(1)', true],
  ['a socket that is imported', 'from socket import socket', true],
  ['a builtin behind its module', 'import builtins as b', true],
  ['a builtin looked up in its module', 'import builtins\ngetattr(builtins, name)(x)', true],
  ['code behind a comment sign in a string', "exec('''\n# import os\n''')", true],
  ['a comment about exec', '# exec(x) would be bad\nx = 1', false],
  ['an annotation with a builtin type', 'import builtins\ndef f(x: builtins.str): pass', false],
  ['a URL that is only taken apart', 'from urllib.parse import urlsplit', false],
  ['a compiled pattern', 'p = compile(r"a")', false],
  ['arithmetic', 'def add(a, b):\n    return a + b', false],
  ['a word inside another one', 'executor = 1\nevaluation = 2', false],
  ['a long sentence', `x = '${'some words '.repeat(40)}'`, false],
] as const) {
  test(`${expected ? 'reads' : 'skips'} ${why}`, () => assert.equal(isRelevant(source), expected));
}

test('finds the imports of a file that is not parsed', () => {
  const found = importLines(
    'import a.b as c, d\nfrom . import (x,\n  y)\n  from ..e import f\nfrom g import *\n# import no\n',
  );
  assert.deepEqual(
    found.map(({ level, name }) => `${'.'.repeat(level)}${name}`),
    ['a.b', 'd', '.x', '.y', '..e', '..e.f', 'g', 'g.*'],
  );
});

for (const [why, text, expected] of [
  ['a text', 'KEY = "abc"\n', true],
  ['a list', 'KEY=[1, 2]\n', true],
  ['a function that computes texts', 'def KEY(s):\n    return "".join(chr(c) for c in s)\n', true],
  ['an ordinary function', 'def KEY(s):\n    return s\n', false],
  ['another name', 'OTHER = "abc"\n', false],
] as const) {
  test(`${why} is ${expected ? '' : 'not '}worth parsing for`, () => assert.equal(offersName(text, 'KEY'), expected));
}
