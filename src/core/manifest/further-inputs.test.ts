import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { aSdist, aSdistName } from '../../../test/builders/a-sdist.ts';
import { aWheel, aWheelName } from '../../../test/builders/a-wheel.ts';
import { memoryFiles } from '../../../test/fakes/memory-files.ts';
import { mayApply, parseTarget } from './marker-target.ts';
import { isRequirementsName, readManifest } from './read-manifest.ts';

const DIGEST = 'b'.repeat(64);

test('a wheel is its own release with its digest, and what it asks for', async () => {
  const path = `dist/${aWheelName()}`;
  const bytes = aWheel({
    requires: ['six==1.0', 'jinja2>=2', 'tls==2.0; extra == "tls"', 'x @ git+https://u:p@h/r', 'banana==banana'],
    files: { 'vendored-9.dist-info/METADATA': 'Name: vendored\nVersion: 9\n' },
  });
  const { pins, unaudited, notes, errors } = await readManifest(path, memoryFiles({ [path]: bytes }));
  assert.deepEqual(
    pins.map(({ project, version, group, hashes }) => [project, version, group, ...hashes]),
    [
      ['demo', '1.0.0', undefined, `sha256:${createHash('sha256').update(bytes).digest('hex')}`],
      ['six', '1.0', undefined],
      ['tls', '2.0', 'tls'],
    ],
  );
  assert.deepEqual(
    unaudited.map(({ requirement, reason }) => `${reason} ${requirement}`),
    ['unpinned jinja2>=2', 'vcs x @ git+https://h/r'],
  );
  assert.deepEqual([notes.map(({ code }) => code), errors.length], [['vcs-without-commit'], 1]);
});

test('an sdist too, and what is none is an error of the file', async () => {
  const name = aSdistName();
  const read = await readManifest(name, memoryFiles({ [name]: aSdist() }));
  assert.deepEqual([read.pins[0]?.project, read.errors], ['demo', []]);
  for (const [why, bytes] of [
    ['cut short', aWheel().subarray(0, 100)],
    ['no metadata', aWheel({ metadata: null })],
    ['nameless', aWheel({ metadata: 'Metadata-Version: 2.1\n' })],
  ] as const) {
    const { pins, errors } = await readManifest(aWheelName(), memoryFiles({ [aWheelName()]: bytes }));
    assert.deepEqual([pins.length, errors.length], [0, 1], why);
  }
});

const TAG_VALUE = `SPDXVersion: SPDX-2.3
DocumentName: demo
PackageName: the-document
##### a package
PackageName: six
PackageChecksum: SHA1: ${'a'.repeat(40)}
PackageChecksum: SHA256: ${DIGEST}
PackageComment: <text>over lines
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/not-this@1
</text>
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/six@1.16.0
PackageName: left
ExternalRef: PACKAGE_MANAGER purl pkg:npm/left-pad@1
FileName: ./x
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/of-a-file@1
`;
const XML = `<?xml version="1.0"?>
<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6">
  <metadata><component type="application"><purl>pkg:pypi/root@1</purl></component></metadata>
  <components>
    <component type="library">
      <name>six &x;</name>
      <hashes><hash alg="SHA-256">${DIGEST}</hash><hash alg="MD5">cc</hash></hashes>
      <purl>pkg:pypi/six@1.16.0?file_name=a&amp;b=c</purl>
      <externalReferences><reference><hashes><hash alg="SHA-256">${'c'.repeat(64)}</hash></hashes></reference></externalReferences>
      <components><component type="library"><purl>pkg:pypi/inner@2</purl></component></components>
    </component>
    <component type="file"><name>f</name></component>
    <component type="library"><purl>pkg:npm/left-pad@1</purl></component>
  </components>
</bom>`;

for (const [name, text, expected, foreign] of [
  ['bom.spdx', TAG_VALUE, [`5 six 1.16.0 sha256:${DIGEST}`], '1 npm'],
  ['sbom', TAG_VALUE, [`5 six 1.16.0 sha256:${DIGEST}`], '1 npm'],
  ['bom.xml', XML, ['11 inner 2 ', `6 six 1.16.0 sha256:${DIGEST}`], '1 npm'],
] as const) {
  test(`reads ${name}`, async () => {
    const { pins, unaudited, errors } = await readManifest(name, memoryFiles({ [name]: text }));
    assert.deepEqual(
      pins.map(({ line, project, version, hashes }) => `${line} ${project} ${version} ${hashes.join()}`),
      expected,
    );
    assert.deepEqual(errors, []);
    assert.ok(unaudited[0]!.requirement.endsWith(foreign));
  });
}

test('other XML is an error of the file', async () => {
  const { errors } = await readManifest('a.xml', memoryFiles({ 'a.xml': '<project/>' }));
  assert.match(errors[0]!.message, /no CycloneDX/);
});

test('locks of Poetry 1.5 to 2.0 get their groups from the pyproject.toml beside them', async () => {
  const lock = `[[package]]
name = "Flask"
version = "2.2"
[package.dependencies]
click = ">=8"
[[package]]
name = "click"
version = "8.0"
[[package]]
name = "pytest"
version = "7.0"
[package.dependencies]
click = "*"
pluggy = "*"
[[package]]
name = "pluggy"
version = "1.0"
[metadata]
lock-version = "2.0"
`;
  const groups = async (files: Record<string, string>) => {
    const { pins } = await readManifest('a/poetry.lock', memoryFiles({ 'a/poetry.lock': lock, ...files }));
    return pins.map(({ project, group }) => `${project} ${group ?? '-'}`);
  };
  const pyproject =
    '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "^2"\n[tool.poetry.group.test.dependencies]\npytest = "^7"\n';
  assert.deepEqual(await groups({ 'a/pyproject.toml': pyproject }), [
    'flask -',
    'click -',
    'pytest test',
    'pluggy test',
  ]);
  assert.deepEqual(await groups({}), ['flask -', 'click -', 'pytest -', 'pluggy -']);
  assert.deepEqual(await groups({ 'a/pyproject.toml': 'broken =' }), ['flask -', 'click -', 'pytest -', 'pluggy -']);
});

test('uv.lock: what only marked edges lead to is needed where they hold, through chains and cycles', async () => {
  const lock = `version = 1
[[package]]
name = "demo"
source = { editable = "." }
dependencies = [{ name = "click" }, { name = "win", marker = "sys_platform == 'win32'" }]
[[package]]
name = "click"
version = "8"
source = { registry = "x" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }, { name = "always" }]
[[package]]
name = "win"
version = "1"
source = { registry = "x" }
dependencies = [{ name = "inner", marker = "python_version < '3.10'" }, { name = "always" }]
[[package]]
name = "inner"
version = "1"
source = { registry = "x" }
dependencies = [{ name = "win" }, { name = "inner", marker = "os_name == 'nt'" }]
[[package]]
name = "colorama"
version = "1"
source = { registry = "x" }
[[package]]
name = "always"
version = "1"
source = { registry = "x" }
[[package]]
name = "orphan"
version = "1"
source = { registry = "x" }
`;
  const { pins } = await readManifest('uv.lock', memoryFiles({ 'uv.lock': lock }));
  const on = (python: string, platform: string) =>
    pins.filter(({ marker }) => mayApply(marker, parseTarget(python, platform))).map(({ project }) => project);
  assert.deepEqual(on('3.9', 'windows'), ['click', 'win', 'inner', 'colorama', 'always', 'orphan']);
  assert.deepEqual(on('3.12', 'windows'), ['click', 'win', 'colorama', 'always', 'orphan']);
  assert.deepEqual(on('3.12', 'linux'), ['click', 'always', 'orphan']);
});

test('only what is read as requirements may be rewritten', () => {
  for (const name of ['requirements.txt', 'a/dev.in', 'constraints'])
    assert.equal(isRequirementsName(name), true, name);
  for (const name of [
    '-',
    'uv.lock',
    'a/pylock.x.toml',
    'x.whl',
    'a.json',
    'v/x.dist-info/METADATA',
    'e.yml',
    'Pipfile',
  ]) {
    assert.equal(isRequirementsName(name), false, name);
  }
});
