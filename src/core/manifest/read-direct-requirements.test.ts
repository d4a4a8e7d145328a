import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../../test/fakes/memory-files.ts';
import { requirementsDigest } from '../lock/lock-header.ts';
import { formatRequirement } from '../python/requirement.ts';
import type { DirectRequirements, ProjectParts } from './direct-requirements.ts';
import { readDirectRequirements } from './read-direct-requirements.ts';

const NOTHING: ProjectParts = { extras: [], groups: [] };

function read(files: Readonly<Record<string, string>>, path: string, parts = NOTHING): DirectRequirements {
  return readDirectRequirements([path], memoryFiles(files), parts);
}

const textsOf = (list: DirectRequirements['requirements']) =>
  list.map(({ requirement, file, line }) => `${file}:${line} ${formatRequirement(requirement)}`);

test('a requirements file with what it includes, constrains and cannot be locked', () => {
  const found = read(
    {
      'requirements.in': [
        '--extra-index-url https://user:secret@elsewhere.example/simple/',
        '--pre',
        'Alpha[TLS] >= 1  # ours',
        '-r sub/more.in',
        '-c limits.txt',
        '-e .',
        'beta @ https://user:secret@files.example/beta-1.0-py3-none-any.whl',
        'git+https://git.example/gamma.git#egg=gamma',
        './delta.whl',
        'zeta==banana',
      ].join('\n'),
      'sub/more.in': 'epsilon==1.0 ; python_version < "3.12"\n',
      'limits.txt': 'alpha<3\n',
    },
    'requirements.in',
  );
  assert.deepEqual(textsOf(found.requirements), [
    'requirements.in:3 alpha[tls]>=1',
    'sub/more.in:1 epsilon==1.0; python_version < "3.12"',
  ]);
  assert.deepEqual(textsOf(found.constraints), ['limits.txt:1 alpha<3']);
  assert.deepEqual(
    found.unlockable.map(({ line, reason }) => `${line} ${reason}`),
    ['6 editable', '7 url', '8 vcs', '9 path'],
  );
  assert.deepEqual(
    found.errors.map(({ line }) => line),
    [10],
  );
  assert.ok(found.prereleases);
  assert.deepEqual(
    found.notes.map(({ code }) => code),
    ['extra-index'],
  );
  assert.doesNotMatch(JSON.stringify(found), /secret/);
});

test('pyproject.toml: extras that stand for others, groups that include others, sources of uv', () => {
  const text = `
[project]
name = "app"
version = "0"
dependencies = ["alpha>=1", "local"]
[project.optional-dependencies]
all = ["app[tls,fast]"]
tls = ["beta"]
fast = ["app[all]", "gamma"]
[dependency-groups]
dev = ["delta", {include-group = "Test"}]
test = ["epsilon"]
loop = [{include-group = "loop"}]
[tool.uv.sources]
local = { path = "../local" }
`;
  const found = read({ 'pyproject.toml': text }, 'pyproject.toml', { extras: ['All'], groups: ['dev', 'loop'] });
  assert.deepEqual(
    found.requirements.map(({ requirement, origin }) => `${requirement.project} ${origin}`),
    [
      'alpha app (pyproject.toml)',
      'delta app:dev (pyproject.toml)',
      'epsilon app:dev (pyproject.toml)',
      'gamma app:fast (pyproject.toml)',
      'beta app:tls (pyproject.toml)',
    ],
  );
  assert.deepEqual(
    found.unlockable.map(({ requirement, reason, line }) => `${line} ${requirement} ${reason}`),
    ['5 local path'],
  );
  assert.deepEqual(
    found.errors.map(({ message }) => message),
    ['group loop includes itself'],
  );
});

for (const [what, parts] of [
  ['an extra', { extras: ['none'], groups: [] }],
  ['a group', { extras: [], groups: ['none'] }],
] as const) {
  test(`${what} that is not there is refused`, () => {
    const files = { 'pyproject.toml': '[project]\nname = "app"\nversion = "0"\n' };
    assert.throws(() => read(files, 'pyproject.toml', parts), { code: 'USAGE' });
  });
}

test('what a build decides cannot be locked', () => {
  const files = { 'pyproject.toml': '[project]\nname = "app"\ndynamic = ["version", "dependencies"]\n' };
  assert.deepEqual(
    read(files, 'pyproject.toml').unlockable.map(({ requirement, reason }) => `${requirement}: ${reason}`),
    ['dynamic dependencies: dynamic'],
  );
});

test('the digest changes with what is asked for, and with nothing else', () => {
  const digest = (text: string) => requirementsDigest(read({ 'a.in': text }, 'a.in'));
  const plain = digest('alpha>=1\nbeta\n');
  assert.equal(digest('# a comment\nbeta\n\nAlpha >=1\n'), plain);
  for (const other of ['alpha>=1\n', 'alpha>=2\nbeta', 'alpha>=1\nbeta\n--pre', 'alpha>=1\nbeta\n-e .']) {
    assert.notEqual(digest(other), plain, other);
  }
});
