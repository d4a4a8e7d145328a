import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryFiles } from '../../../test/fakes/memory-files.ts';
import { readManifest } from './read-manifest.ts';

/** `line project version [group] {marker} #hashes`, `line reason: requirement [group]`, `line ! message` */
async function summary(path: string, files: Record<string, string>): Promise<readonly string[]> {
  const { pins, unaudited, errors } = await readManifest(path, memoryFiles(files));
  const label = (group: string | undefined) => (group === undefined ? '' : ` [${group}]`);
  return [
    ...pins.map(({ line, project, version, group, marker, hashes }) => {
      const more = `${marker === undefined ? '' : ` {${marker}}`}${hashes.length === 0 ? '' : ` #${hashes.length}`}`;
      return `${line} ${project} ${version}${label(group)}${more}`;
    }),
    ...unaudited.map(({ line, reason, requirement, group }) => `${line} ${reason}: ${requirement}${label(group)}`),
    ...errors.map(({ line, message }) => `${line} ! ${message}`),
  ];
}

const TABLE: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    'pyproject.toml',
    `[project]
name = "demo"
dynamic = ["version", "optional-dependencies"]
dependencies = [
  "flask==2.2 ; python_version < '3.9'",
  "jinja2>=2.10", "banana==banana",
  "private==1.0",
]
[project.optional-dependencies]
all = ["demo[tls]", "six==1.0"]
[dependency-groups]
dev = ["pytest==7.0", { include-group = "lint" }, {include-group = "none"}]
lint = ["ruff==0.1"]
round = [{ include-group = "round" }]
[build-system]
requires = ["hatchling==1.0"]
[tool.uv.sources]
private = { git = "https://h/r" }
[tool.pdm.dev-dependencies]
doc = ["-e file:///x", "mkdocs==1.0"]
`,
    [
      '5 flask 2.2 {python_version < "3.9"}',
      '10 six 1.0 [all]',
      '12 pytest 7.0 [dev]',
      '13 ruff 0.1 [lint]',
      '16 hatchling 1.0 [build]',
      '20 mkdocs 1.0 [doc]',
      '6 unpinned: jinja2>=2.10',
      '7 vcs: private==1.0',
      '20 editable: -e file:///x [doc]',
      '3 dynamic: dynamic optional-dependencies',
      '6 ! Column 7 of "banana==banana": "==banana" is not a version specifier. What follows the operator is not a version.',
      '12 ! there is no group none',
      '14 ! group round includes itself',
    ],
  ],
  [
    'sub/pyproject.toml',
    `[tool.poetry.dependencies]
python = "^3.9"
exact = "1.2.3"
caret = "^1.2"
many = [{ version = "1.0", markers = "python_version < '3.8'" }, { version = "2.0" }]
local = { path = "../x", develop = true }
[tool.poetry.group.test.dependencies]
pytest = { version = "==7.1" }
`,
    [
      '3 exact 1.2.3',
      '5 many 1.0 {python_version < "3.8"}',
      '5 many 2.0',
      '8 pytest 7.1 [test]',
      '4 unpinned: caret ^1.2',
      '6 editable: local',
    ],
  ],
  [
    'poetry.lock',
    `[[package]]
name = "Flask"
version = "2.2"
groups = ["main", "dev"]
files = [{file = "a.whl", hash = "sha256:aa"}]
[[package]]
name = "pytest"
version = "7.0"
groups = ["dev"]
markers = "python_version >= '3.8'"
[[package]]
name = "tool"
version = "1.0"
[package.source]
type = "git"
url = "https://h/r"
[metadata]
lock-version = "2.1"
`,
    ['2 flask 2.2 #1', '7 pytest 7.0 [dev] {python_version >= "3.8"}', '12 vcs: tool==1.0'],
  ],
  [
    'old/poetry.lock',
    `[[package]]
name = "six"
version = "1.16.0"
category = "dev"
[metadata]
lock-version = "1.1"
[metadata.files]
six = [{file = "six.whl", hash = "sha256:aa"}, {file = "six.tar.gz", hash = "sha256:bb"}]
`,
    ['2 six 1.16.0 [dev] #2'],
  ],
  [
    'uv.lock',
    `version = 1
revision = 3
[manifest]
members = ["demo", "member"]
[[package]]
name = "demo"
source = { editable = "." }
dependencies = [{ name = "numpy", version = "1.26" }, { name = "numpy", version = "2.0" }, { name = "fromgit" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "member"
source = { editable = "packages/member" }
[[package]]
name = "numpy"
version = "1.26"
source = { registry = "https://h" }
resolution-markers = ["python_version < '3.10'"]
wheels = [{ url = "https://h/x", hash = "sha256:aa" }]
[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://h" }
resolution-markers = ["python_version >= '3.10'"]
[[package]]
name = "fromgit"
version = "1.0"
source = { git = "https://h/r#abc" }
[[package]]
name = "pytest"
version = "7.0"
source = { registry = "https://h" }
dependencies = [{ name = "pluggy" }]
[[package]]
name = "pluggy"
version = "1.0"
source = { registry = "https://h" }
`,
    [
      '15 numpy 1.26 {python_version < "3.10"} #1',
      '21 numpy 2.0 {python_version >= "3.10"}',
      '30 pytest 7.0 [dev]',
      '35 pluggy 1.0 [dev]',
      '26 vcs: fromgit==1.0',
    ],
  ],
  [
    'pdm.lock',
    `[metadata]
lock_version = "4.5.0"
[[package]]
name = "celery"
version = "5.0"
groups = ["default"]
[[package]]
name = "celery"
version = "5.0"
extras = ["redis"]
groups = ["default"]
[[package]]
name = "black"
version = "23.1"
groups = ["lint"]
files = [{file = "b.whl", hash = "sha256:aa"}]
[[package]]
name = "here"
version = "0"
path = "./here"
editable = true
`,
    ['4 celery 5.0', '13 black 23.1 [lint] #1', '18 editable: here==0'],
  ],
  [
    'pylock.toml',
    `lock-version = "1.0"
[[packages]]
name = "six"
version = "1.16.0"
marker = "'dev' in dependency_groups"
wheels = [{ name = "six.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "tool"
vcs = { type = "git", url = "https://h/r", commit-id = "abc" }
[[packages]]
name = "self"
directory = { path = ".", editable = true }
[[packages]]
name = "open"
`,
    ['3 six 1.16.0 [dev] {"dev" in dependency_groups} #1', '8 vcs: tool', '14 unpinned: open'],
  ],
  ['pylock.next.toml', 'lock-version = "2.0"', ['undefined ! pylock.next.toml: lock-version 2.0 is not known']],
  [
    'Pipfile',
    `[[source]]
url = "https://h"
[packages]
flask = "==2.2"
six = "*"
tool = { git = "https://h/r" }
[dev-packages]
pytest = { version = "==7.0", markers = "python_version < '4'" }
`,
    ['4 flask 2.2', '8 pytest 7.0 [dev] {python_version < "4"}', '5 unpinned: six *', '6 vcs: tool'],
  ],
  [
    'Pipfile.lock',
    `{
  "_meta": {"pipfile-spec": 6},
  "default": {
    "flask": {"version": "==2.2", "hashes": ["sha256:aa"]},
    "tool": {"git": "https://h/r", "ref": "abc"}
  },
  "develop": {
    "pytest": {"version": "==7.0"}
  }
}`,
    ['4 flask 2.2 #1', '8 pytest 7.0 [dev]', '5 vcs: tool'],
  ],
  [
    'environment.yml',
    `name: x
dependencies:
  - python=3.11
  - numpy=1.26
  - pip:
      - flask==2.2
      - jinja2>=2
      - -r more.txt
`,
    ['6 flask 2.2', '1 six 1.0', '4 foreign: numpy=1.26', '7 unpinned: jinja2>=2'],
  ],
  [
    'bom.json',
    `{"bomFormat": "CycloneDX", "components": [
 {"type": "library", "name": "a", "purl": "pkg:pypi/ruamel.yaml@0.17.0",
  "components": [{"purl": "pkg:pypi/inner@1.0%2Bcu118"}]},
 {"type": "library", "purl": "pkg:npm/left-pad@1"},
 {"type": "library", "name": "nameless"},
 {"purl": "pkg:pypi/open"}]}`,
    [
      '2 ruamel-yaml 0.17.0',
      '3 inner 1.0+cu118',
      '6 unpinned: pkg:pypi/open',
      '1 foreign: components that are no Python projects: 1 npm, 1 without a package URL',
    ],
  ],
  [
    'spdx.json',
    `{"spdxVersion": "SPDX-2.3", "packages": [
 {"name": "doc"},
 {"externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/six@1.16.0"}]}]}`,
    ['3 six 1.16.0'],
  ],
  ['spdx3.json', `{"@graph": [\n{"software_packageUrl": "pkg:pypi/six@1.16.0"}]}`, ['2 six 1.16.0']],
  ['other.json', '{"a": 1}', ['undefined ! other.json is neither CycloneDX nor SPDX']],
  ['broken.toml', 'a =', ['undefined ! broken.toml:1: Invalid TOML document: invalid value']],
];
for (const [name, text, expected] of TABLE) {
  test(`reads ${name}`, async () => {
    assert.deepEqual(await summary(name, { [name]: text, 'more.txt': 'six==1.0' }), expected);
  });
}

test('reads installed distributions and where they came from', async () => {
  const site = 'venv/site-packages';
  const found = await summary(site, {
    [`${site}/six-1.16.0.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n\nVersion: 9',
    [`${site}/demo-1.0.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
    [`${site}/demo-1.0.dist-info/direct_url.json`]: '{"url": "https://h/r", "vcs_info": {"vcs": "git"}}',
    [`${site}/empty-1.0.dist-info/RECORD`]: '',
    [`${site}/old.egg-info/PKG-INFO`]: 'Name: old\nVersion: 0.1\n',
    [`${site}/evil.pth`]: 'import os',
  });
  assert.deepEqual(found, [
    '2 old 0.1',
    '3 six 1.16.0',
    '3 vcs: demo==1.0',
    `undefined ! ${site}/empty-1.0.dist-info/METADATA cannot be read`,
  ]);
});

const SHARED = fileURLToPath(new URL('../../../../shared/data/requirements/', import.meta.url));
test('the locks of one set of requirements name its projects', {
  skip: !existsSync(SHARED) && 'no shared data',
}, async () => {
  const projects = async (name: string) => {
    const { pins, errors } = await readManifest(name, memoryFiles({ [name]: readFileSync(SHARED + name) }));
    assert.deepEqual(errors, []);
    return pins.map(({ project }) => project).toSorted();
  };
  const expected = await projects('a.txt');
  assert.equal(expected.length, 113);
  // They are universal: what other platforms need is in them too.
  for (const name of ['a.uv.lock', 'a.pylock.toml']) {
    const locked = new Set(await projects(name));
    assert.deepEqual(
      expected.filter((project) => !locked.has(project)),
      [],
    );
  }
});
