import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { type ClientSurroundings, findClientIndexes } from './client-indexes.ts';
import type { Environment } from './pip-config.ts';
import { PYPI } from './pypi-address.ts';

function find(files: Readonly<Record<string, string>>, env: Environment = {}, over: Partial<ClientSurroundings> = {}) {
  return findClientIndexes({
    env: { HOME: '/home/me', ...env },
    readFile: (path) => files[path],
    listFolder: (folder) =>
      Object.keys(files).flatMap((path) => (dirname(path) === folder ? [path.slice(folder.length + 1)] : [])),
    platform: 'linux',
    home: '/home/me',
    cwd: '/work/app',
    ...over,
  });
}

/** What is found besides the defaults of pip and uv. */
function besides(...given: Parameters<typeof find>): string[] {
  return find(...given)
    .indexes.filter(({ why }) => why !== 'the default of pip' && why !== 'the default of uv')
    .map(({ client, location, why }) => `${client} ${location.replace(PYPI.indexUrl, 'PYPI')} (${why})`);
}

test('with nothing configured, pip and uv ask PyPI', () => {
  assert.deepEqual(find({}), {
    indexes: [
      { client: 'pip', location: PYPI.indexUrl, why: 'the default of pip' },
      { client: 'uv', location: PYPI.indexUrl, why: 'the default of uv' },
    ],
    problems: [],
  });
});

test('an index of its own takes the place of the default', () => {
  const { indexes } = find({}, { PIP_INDEX_URL: 'https://gate/simple/', UV_DEFAULT_INDEX: 'https://gate/simple/' });
  assert.deepEqual(
    indexes.map(({ client, location }) => `${client} ${location}`),
    ['pip https://gate/simple/', 'uv https://gate/simple/'],
  );
});

for (const [why, files, env, expected] of [
  [
    'extra indexes of pip',
    {},
    { PIP_EXTRA_INDEX_URL: 'https://a/s' },
    ['pip https://a/s (PIP_EXTRA_INDEX_URL in the environment)'],
  ],
  [
    'options of requirement files',
    {
      '/work/app/requirements-dev.txt':
        '# --index-url https://no/s\n--extra-index-url https://a/s\nflask --hash=x --index-url https://no/s\n-i https://b/s\n',
      '/work/app/requirements/base.in': '--find-links=./wheels\n-fhttps://c/s',
      '/work/app/notes.txt': '-i https://no/s',
    },
    {},
    [
      'pip https://a/s (--extra-index-url in requirements-dev.txt, line 2)',
      'pip https://b/s (-i in requirements-dev.txt, line 4)',
      'pip ./wheels (--find-links in requirements/base.in, line 1)',
      'pip https://c/s (-f in requirements/base.in, line 2)',
    ],
  ],
  [
    'variables of uv, with names',
    {},
    { UV_INDEX: 'inner=https://a/s https://b/s', UV_FIND_LINKS: 'https://c/x.html,/wheels' },
    [
      'uv https://a/s (UV_INDEX in the environment)',
      'uv https://b/s (UV_INDEX in the environment)',
      'uv https://c/x.html (UV_FIND_LINKS in the environment)',
      'uv /wheels (UV_FIND_LINKS in the environment)',
    ],
  ],
  [
    'uv in pyproject.toml above the folder',
    {
      '/work/pyproject.toml':
        '[tool.uv]\nextra-index-url = ["https://a/s"]\n[[tool.uv.index]]\nname = "x"\nurl = "https://b/s"\nexplicit = true\n',
    },
    {},
    ['uv https://b/s (index in /work/pyproject.toml)', 'uv https://a/s (extra-index-url in /work/pyproject.toml)'],
  ],
  [
    'uv.toml instead of pyproject.toml beside it',
    {
      '/work/app/uv.toml': 'find-links = ["/w"]\n[pip]\nindex-url = "https://p/s"\n',
      '/work/app/pyproject.toml': '[tool.uv]\nindex-url = "https://no/s"\n',
    },
    {},
    ['uv /w (find-links in /work/app/uv.toml)', 'uv https://p/s (index-url in /work/app/uv.toml)'],
  ],
  [
    'uv.toml of the user and of the machine',
    {
      '/home/me/.config/uv/uv.toml': 'extra-index-url = ["https://a/s"]',
      '/etc/uv/uv.toml': 'extra-index-url = ["https://b/s"]',
    },
    {},
    [
      'uv https://a/s (extra-index-url in /home/me/.config/uv/uv.toml)',
      'uv https://b/s (extra-index-url in /etc/uv/uv.toml)',
    ],
  ],
  [
    'no file for uv when it shall read none',
    { '/etc/uv/uv.toml': 'index-url = "https://a/s"' },
    { UV_NO_CONFIG: '1' },
    [],
  ],
  [
    'Poetry without a source',
    { '/work/app/pyproject.toml': '[tool.poetry]\nname = "x"\n' },
    {},
    ['poetry PYPI (the default of poetry)'],
  ],
  [
    'Poetry with a supplemental source',
    {
      '/work/app/pyproject.toml':
        '[[tool.poetry.source]]\nname = "x"\nurl = "https://a/s"\npriority = "supplemental"\n',
    },
    {},
    ['poetry PYPI (the default of poetry)', 'poetry https://a/s ([[tool.poetry.source]] in /work/app/pyproject.toml)'],
  ],
  [
    'Poetry with a primary source, and PyPI named as one',
    {
      '/work/app/pyproject.toml':
        '[[tool.poetry.source]]\nname = "x"\nurl = "https://a/s"\n[[tool.poetry.source]]\nname = "PyPI"\npriority = "explicit"\n',
    },
    {},
    [
      'poetry https://a/s ([[tool.poetry.source]] in /work/app/pyproject.toml)',
      'poetry PYPI ([[tool.poetry.source]] in /work/app/pyproject.toml)',
    ],
  ],
  [
    'PDM with a source beside PyPI',
    { '/work/app/pyproject.toml': '[[tool.pdm.source]]\nname = "x"\nurl = "https://a/s"\n' },
    {},
    ['pdm PYPI (the default of pdm)', 'pdm https://a/s ([[tool.pdm.source]] in /work/app/pyproject.toml)'],
  ],
  [
    'PDM with a source in the place of PyPI',
    { '/work/app/pyproject.toml': '[[tool.pdm.source]]\nname = "pypi"\nurl = "https://a/s"\n' },
    {},
    ['pdm https://a/s ([[tool.pdm.source]] in /work/app/pyproject.toml)'],
  ],
  [
    'PDM with an address in its own configuration',
    { '/work/app/pdm.lock': '', '/home/me/.config/pdm/config.toml': '[pypi]\nurl = "https://a/s"\n' },
    {},
    ['pdm https://a/s (pypi.url in /home/me/.config/pdm/config.toml)'],
  ],
  [
    'PDM with a variable',
    { '/work/app/pdm.toml': '' },
    { PDM_PYPI_URL: 'https://a/s' },
    ['pdm https://a/s (PDM_PYPI_URL in the environment)'],
  ],
  [
    'Pipenv',
    { '/work/app/Pipfile': '[[source]]\nurl = "https://a/s"\n' },
    {},
    ['pipenv https://a/s ([[source]] in /work/app/Pipfile)'],
  ],
  ['Pipenv without a source', { '/work/app/Pipfile': '' }, {}, ['pipenv PYPI (the default of pipenv)']],
  [
    'no credentials',
    {},
    { PIP_EXTRA_INDEX_URL: 'https://user:secret@a.example.org/s?token=1', UV_INDEX: 'https://token@b.example.org/s' },
    [
      'pip https://a.example.org/s (PIP_EXTRA_INDEX_URL in the environment)',
      'uv https://b.example.org/s (UV_INDEX in the environment)',
    ],
  ],
] as const satisfies readonly (readonly [string, Readonly<Record<string, string>>, Environment, readonly string[]])[]) {
  test(`finds ${why}`, () => assert.deepEqual(besides(files, env), expected));
}

test('the default of uv is gone when pyproject.toml names one', () => {
  const toml = '[[tool.uv.index]]\nurl = "https://gate/simple/"\ndefault = true\n';
  const { indexes } = find({ '/work/app/pyproject.toml': toml });
  assert.ok(!indexes.some(({ why }) => why === 'the default of uv'));
});

test('files that cannot be read are reported, and the others are still read', () => {
  const { indexes, problems } = find({
    '/etc/pip.conf': 'no section = 1',
    '/work/app/pyproject.toml': '[tool.poetry\n',
    '/work/app/Pipfile': '[[source]]\nurl = "https://a/s"\n',
  });
  assert.deepEqual(
    problems.map((line) => line.replace(/[:,] .*/, '')),
    ['/work/app/pyproject.toml is no TOML', '/etc/pip.conf'],
  );
  assert.ok(indexes.some(({ client }) => client === 'pipenv'));
});

test('a TOML file with values of other shapes is no danger', () => {
  const toml = '[tool]\nuv = 1\npoetry = { source = 1 }\npdm = { source = [1, "x", { url = 1 }] }\n';
  assert.doesNotThrow(() => find({ '/work/app/pyproject.toml': toml, '/work/app/uv.toml': 'index = "x"\npip = []' }));
});
