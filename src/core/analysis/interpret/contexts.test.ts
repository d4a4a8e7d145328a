import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf, type Sources } from '../../../../test/builders/python-package.ts';
import type { PackageKind } from '../package-layout.ts';

const ACT = 'import os\nos.system("demo")\n';
const ACT_IN = (name: string) => `import os\ndef ${name}(*a):\n    os.system("demo")\n`;

async function contexts(sources: Sources, kind: PackageKind = 'sdist'): Promise<string[]> {
  const facts = await factsOf(sources, kind);
  return [
    ...new Set(
      facts.filter((fact) => fact.kind === 'call' && fact.role === 'process').map((fact) => fact.place.context),
    ),
  ];
}

const COMMAND = (key: string, body = 'os.system("demo")') =>
  `import os\nfrom setuptools import setup\nfrom setuptools.command.install import install\nclass C(install):\n    def run(self):\n        ${body}\nsetup(cmdclass={'${key}': C})\n`;

for (const [why, expected, sources] of [
  ['the body of setup.py', ['install'], { 'setup.py': ACT }],
  ['setup.py inside the folder of an sdist', ['install'], { 'demo-1/setup.py': ACT, 'demo-1/demo/__init__.py': '' }],
  [
    'the main guard of setup.py',
    ['install'],
    { 'setup.py': `if __name__ == '__main__':\n    ${ACT.replace('\n', '; ')}` },
  ],
  ['a command that pip triggers', ['install'], { 'setup.py': COMMAND('install') }],
  ['a command that only its author runs', ['call'], { 'setup.py': COMMAND('upload') }],
  [
    'a command class that setup.cfg names',
    ['install'],
    {
      'setup.py': 'from setuptools import setup\nsetup()',
      'setup.cfg': '[options]\ncmdclass =\n    build_py = _commands.build.Build\npackages = find:\n',
      '_commands/build.py': `import os\nclass Build:\n    def run(self):\n        os.system("demo")\n`,
    },
  ],
  [
    'a hook of hatchling',
    ['install'],
    { 'pyproject.toml': '[tool.hatch.build.targets.wheel.hooks.custom]\n', 'hatch_build.py': ACT_IN('initialize') },
  ],
  [
    'a build script of Poetry',
    ['install'],
    { 'pyproject.toml': '[tool.poetry.build]\nscript = "build.py"\n', 'build.py': ACT },
  ],
  [
    'a hook of PDM',
    ['install'],
    {
      'pyproject.toml': '[build-system]\nbuild-backend = "pdm.backend"\n',
      'pdm_build.py': ACT_IN('pdm_build_initialize'),
    },
  ],
  ['a test among the modules', [], { 'setup.py': '', 'demo/__init__.py': '', 'demo/test_act.py': ACT }],
  [
    'a test that the package imports',
    ['import'],
    { 'setup.py': '', 'demo/__init__.py': 'from demo import test_act', 'demo/test_act.py': ACT },
  ],
  [
    'a script beside the packages, which nothing installs',
    [],
    { 'setup.py': 'from setuptools import setup\nsetup(packages=["demo"])', 'demo/__init__.py': '', 'tool.py': ACT },
  ],
  [
    'a script in a folder that is no package, with packages looked for',
    [],
    {
      'setup.py': 'from setuptools import setup, find_packages\nsetup(packages=find_packages())',
      'demo/__init__.py': '',
      'tools/tool.py': ACT,
    },
  ],
  [
    'a script beside the packages that is installed as a program',
    ['entry'],
    {
      'setup.py': 'from setuptools import setup\nsetup(packages=["demo"], scripts=["tool.py"])',
      'demo/__init__.py': '',
      'tool.py': ACT,
    },
  ],
  [
    'modules beside packages that are computed',
    ['import'],
    {
      'setup.py': 'import demo\nfrom setuptools import setup\nsetup(packages=demo.packages())',
      'demo/__init__.py': '',
      'tool.py': ACT,
    },
  ],
  [
    'a module beside the packages that setup() installs',
    ['import'],
    {
      'setup.py': 'from setuptools import setup\nsetup(packages=["demo"], py_modules=["tool"])',
      'demo/__init__.py': '',
      'tool.py': ACT,
    },
  ],
  [
    'a module beside the packages that setup.cfg installs',
    ['import'],
    {
      'setup.py': 'from setuptools import setup\nsetup(packages=["demo"])',
      'setup.cfg': '[options]\npy_modules = tool\n',
      'demo/__init__.py': '',
      'tool.py': ACT,
    },
  ],
  [
    'a module in a folder that setup() calls a package',
    ['import'],
    {
      'setup.py': 'from setuptools import setup\nsetup(packages=["demo"], package_dir={"demo": "."})',
      '__init__.py': '',
      'tool.py': ACT,
    },
  ],
  [
    'a module that setup.py imports',
    ['install'],
    { 'setup.py': 'import demo.hook', 'demo/__init__.py': '', 'demo/hook.py': ACT },
  ],
  [
    'a function that setup.py calls',
    ['install'],
    { 'setup.py': 'from demo import go\ngo()', 'demo/__init__.py': ACT_IN('go') },
  ],
  [
    'an in-tree build back end',
    ['install'],
    {
      'pyproject.toml': '[build-system]\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      'backend.py': ACT_IN('build_wheel'),
    },
  ],
  [
    'an in-tree build back end in a folder of its own',
    ['install'],
    {
      'pyproject.toml': '[build-system]\nbuild-backend = "backend.core"\nbackend-path = ["./_build"]\n',
      '_build/backend/core.py': ACT_IN('get_requires_for_build_wheel'),
      '_build/backend/__init__.py': '',
    },
  ],
  [
    'a back end from outside of the name of a module',
    ['call'],
    { 'pyproject.toml': '[build-system]\nbuild-backend = "backend"\n', 'backend.py': ACT_IN('build_wheel') },
  ],
  [
    'a command of pyproject.toml',
    ['entry'],
    {
      'pyproject.toml': '[project.scripts]\ndemo = "demo.cli:App.main"\n',
      'demo/__init__.py': '',
      'demo/cli.py': 'import os\nclass App:\n    @staticmethod\n    def main():\n        os.system("demo")',
    },
  ],
  [
    'a command of Poetry',
    ['entry'],
    { 'pyproject.toml': '[tool.poetry.scripts]\ndemo = "demo:go"\n', 'demo/__init__.py': ACT_IN('go') },
  ],
  [
    'a plug-in of another project',
    ['entry'],
    { 'pyproject.toml': '[project.entry-points.pytest11]\nx = "demo:go"\n', 'demo/__init__.py': ACT_IN('go') },
  ],
  [
    'a command of setup.cfg',
    ['entry'],
    {
      'setup.cfg': '[metadata]\nname = demo\n[options.entry_points]\nconsole_scripts =\n    demo = demo:go\n',
      'demo/__init__.py': ACT_IN('go'),
    },
  ],
  [
    'a command of setup()',
    ['entry'],
    {
      'setup.py': "from setuptools import setup\nsetup(entry_points={'console_scripts': ['demo = demo:go']})",
      'demo/__init__.py': ACT_IN('go'),
    },
  ],
  ['the package itself', ['import'], { 'demo/__init__.py': ACT }],
  ['a module that the package imports', ['import'], { 'demo/__init__.py': 'from . import core', 'demo/core.py': ACT }],
  [
    'a module imported by one that is not worth parsing',
    ['import'],
    { 'demo/__init__.py': 'from . import a', 'demo/a.py': 'from .b import c\n', 'demo/b.py': ACT },
  ],
  [
    'a thread',
    ['import'],
    { 'demo/__init__.py': `${ACT_IN('go')}import threading\nthreading.Thread(target=go).start()` },
  ],
  ['an exit hook', ['import'], { 'demo/__init__.py': `${ACT_IN('go')}import atexit\natexit.register(go)` }],
  ['a decorator', ['import'], { 'demo/__init__.py': `${ACT_IN('mark')}@mark\ndef f(): pass` }],
  ['a class body', ['import'], { 'demo/__init__.py': 'import os\nclass A:\n    os.system("demo")' }],
  ['a module below src', ['import'], { 'src/demo/__init__.py': ACT }],
  ['a namespace package', ['import'], { 'space/demo/__init__.py': ACT }],
  ['a module that nothing imports', ['entry'], { 'demo/__init__.py': '', 'demo/other.py': ACT }],
  ['__main__', ['entry'], { 'demo/__init__.py': '', 'demo/__main__.py': ACT }],
  ['a main guard', ['entry'], { 'demo/__init__.py': `if __name__ == '__main__':\n    ${ACT.replace('\n', '; ')}` }],
  ['a function nobody calls', ['call'], { 'demo/__init__.py': ACT_IN('go') }],
  [
    'a method nobody calls',
    ['call'],
    { 'demo/__init__.py': 'import os\nclass A:\n    def go(self):\n        os.system("demo")' },
  ],
  [
    'a nested function',
    ['call'],
    { 'demo/__init__.py': 'import os\ndef f():\n    def g():\n        os.system("demo")\n    return g' },
  ],
  ['a test that nothing imports', [], { 'demo/__init__.py': '', 'tests/test_a.py': ACT }],
  [
    'a second file of the same module',
    ['entry'],
    { 'setup.py': '', 'demo/__init__.py': '', 'build/lib/demo/__init__.py': ACT, 'build/lib/demo/x.py': '' },
  ],
  ['code for type checkers', [], { 'demo/__init__.py': `import os\nif False:\n    os.system("demo")` }],
] as const) {
  test(`${why}: ${expected.join() || 'never'}`, async () => assert.deepEqual(await contexts(sources), expected));
}

for (const [why, expected, sources] of [
  [
    'a command',
    ['entry'],
    {
      'demo-1.dist-info/entry_points.txt': '[console_scripts]\ndemo = demo:go [fast]\n',
      'demo/__init__.py': ACT_IN('go'),
    },
  ],
  ['a line of a .pth file', ['start-up'], { 'demo.pth': 'import os; os.system("demo")' }],
  ['sitecustomize', ['start-up'], { 'sitecustomize.py': ACT }],
  ['setup.py inside a wheel', ['import'], { 'setup.py': ACT }],
  ['a module in the data folder', ['import'], { 'demo-1.data/purelib/demo.py': ACT }],
] as const) {
  test(`of a wheel, ${why}: ${expected.join()}`, async () =>
    assert.deepEqual(await contexts(sources, 'wheel'), expected));
}

test('the earliest context wins where code is reached twice', async () => {
  const seen = await contexts({ 'setup.py': 'import demo', 'demo/__init__.py': ACT });
  assert.deepEqual(seen, ['install']);
});

test('a long chain of imports is followed to its end', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 200 }, (_, n) => [`demo/m${n}.py`, n < 199 ? `from . import m${n + 1}\n` : ACT]),
  );
  assert.deepEqual(await contexts({ 'demo/__init__.py': 'from . import m0', ...chain }), ['import']);
});

test('a Python file that setup.py starts runs at installation, whatever else has its name', async () => {
  const setup =
    'import subprocess, sys\nfrom setuptools import setup\nsubprocess.call([sys.executable, "./tool.py"])\n';
  const contextsOf = async (sources: Sources) =>
    (await factsOf(sources, 'sdist')).filter(({ place }) => place.file === 'tool.py').map(({ place }) => place.context);
  assert.equal((await contextsOf({ 'setup.py': setup, 'tool.py': ACT }))[0], 'install');
  assert.equal((await contextsOf({ 'other/tool.py': ACT, 'setup.py': setup, 'tool.py': ACT }))[0], 'install');
  assert.ok(!(await contextsOf({ 'setup.py': setup.replace('./tool', './none'), 'tool.py': ACT })).includes('install'));
});
