import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { aSdist, aSdistName, type SdistOver } from '../../../test/builders/a-sdist.ts';
import { aWheel, aWheelName, type WheelOver } from '../../../test/builders/a-wheel.ts';
import { aZip } from '../../../test/builders/a-zip.ts';
import { encode } from '../../../test/builders/bytes.ts';
import { bytesSource } from './byte-source.ts';
import { inspectDistribution } from './distribution.ts';
import { defaultArchiveLimits } from './limits.ts';
import { unpackPythonMembers } from './python-members.ts';

const inspect = (bytes: Uint8Array, filename: string) => inspectDistribution(bytesSource(bytes), filename);
const inspectWheel = (over: WheelOver, filename = aWheelName(over)) => inspect(aWheel(over), filename);
const inspectSdist = (over: SdistOver, filename = aSdistName(over)) => inspect(aSdist(over), filename);
const codesOf = ({ findings }: { findings: readonly { code: string }[] }) =>
  [...new Set(findings.map(({ code }) => code))].sort();

test('a boring wheel gives its facts and no finding', async () => {
  const { portableContent, pythonMembers, ...found } = await inspectWheel({ requires: ['other>=1'] });
  assert.match(pythonMembers ?? '', /^[\w-]{22}demo\/__init__\.py$/);
  assert.match(portableContent ?? '', /^[0-9a-f]{64}$/);
  const metadata = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\nRequires-Dist: other>=1\n\ndemo does nothing.\n';
  assert.deepEqual(found, {
    kind: 'wheel',
    findings: [],
    complete: true,
    startupHooks: [],
    nativeFiles: [],
    scripts: [],
    declared: { name: 'demo', version: '1.0.0' },
    metadata: {
      bytes: Buffer.from(metadata),
      sha256: createHash('sha256').update(metadata).digest('hex'),
    },
  });
});

test('a boring sdist gives its facts and no finding', async () => {
  const { pythonMembers, ...found } = await inspectSdist({});
  assert.deepEqual(
    [...unpackPythonMembers(pythonMembers ?? '').keys()],
    ['demo-1.0.0/setup.py', 'demo-1.0.0/demo/__init__.py'],
  );
  assert.deepEqual(found, {
    kind: 'sdist',
    findings: [],
    complete: true,
    startupHooks: [],
    nativeFiles: [],
    scripts: [],
    declared: { name: 'demo', version: '1.0.0' },
    build: { backendPath: [], requires: [], hasSetup: true },
  });
});

test('wheels of two platforms have the same portable content; other Python code, or none that can be read, has not', async () => {
  const contentOf = async (over: WheelOver) => (await inspectWheel(over)).portableContent;
  const code = { 'demo/__init__.py': 'import demo.fast\n' };
  const linux = await contentOf({ tag: 'cp311-cp311-linux_x86_64', files: { ...code, 'demo/fast.so': ELF } });
  const mac = await contentOf({ tag: 'cp311-cp311-macosx_11_0_arm64', files: { ...code, 'demo/fast.dylib': ELF } });
  assert.equal(linux, mac);
  assert.notEqual(linux, await contentOf({ files: { ...code, 'demo/more.py': '' } }));
  assert.notEqual(linux, await contentOf({ files: { 'demo/other.py': code['demo/__init__.py'] } }));
  const unreadable = { 'demo/__init__.py': { packed: new Uint8Array([7, 7, 7]) } };
  assert.equal(await contentOf({ files: code, lies: unreadable }), undefined);
});

const filesOf = (hooks: readonly { file: string }[]) => hooks.map(({ file }) => file);

const ELF = new Uint8Array(64);
ELF.set([0x7f, 0x45, 0x4c, 0x46]);

test('the facts of a wheel name its hooks, compiled code and commands', async () => {
  const files = {
    'demo.pth': 'import demo',
    'demo/model.pth': 'weights',
    'sitecustomize.py': '',
    'usercustomize/__init__.py': '',
    'demo-1.0.0.data/purelib/late.start': '',
    'demo-1.0.0.data/data/lib/python3.11/site-packages/deep.pth': '',
    'demo/fast.so': ELF,
    'demo-1.0.0.data/scripts/demo': '#!python\n',
  };
  const { startupHooks, nativeFiles, scripts, findings } = await inspectWheel({ files });
  assert.deepEqual(findings, []);
  assert.deepEqual(nativeFiles, ['demo/fast.so']);
  assert.deepEqual(scripts, ['demo-1.0.0.data/scripts/demo']);
  assert.deepEqual(filesOf(startupHooks), [
    'demo.pth',
    'sitecustomize.py',
    'usercustomize/__init__.py',
    'demo-1.0.0.data/purelib/late.start',
    'demo-1.0.0.data/data/lib/python3.11/site-packages/deep.pth',
  ]);
});

for (const [why, files, expected] of [
  ['a .pth file that adds a path', { 'a.pth': '# import os\n./demo\n  import os\n' }, [false]],
  ['a .pth file that imports', { 'a.pth': './demo\nimport os; os.getcwd()\n' }, [true]],
  ['a tab behind the import', { 'a.pth': 'import\tos' }, [true]],
  ['a byte order mark', { 'a.pth': '\ufeffimport os' }, [true]],
  ['a line that only new Pythons end', { 'a.pth': './demo\x0cimport os' }, [true]],
  ['a line that Unicode ends', { 'a.pth': './demo\u2028import os' }, [true]],
  ['a path that begins with import', { 'a.pth': 'importlib_demo\n' }, [false]],
  ['a path to a sitecustomize', { 'a.pth': 'demo\n', 'demo/sitecustomize.py': '' }, [true]],
  ['a sitecustomize that no .pth file leads to', { 'demo/sitecustomize.py': '' }, []],
] as const) {
  test(`tells whether a hook runs code: ${why}`, async () => {
    const { startupHooks } = await inspectWheel({ files });
    assert.deepEqual(
      startupHooks.map(({ runsCode }) => runsCode),
      expected,
    );
  });
}

test('the facts of an sdist name what its build runs', async () => {
  const { build, startupHooks } = await inspectSdist({
    setup: null,
    pyproject:
      '[build-system]\nrequires = ["flit_core>=3", "x"]\nbuild-backend = "backend"\nbackend-path = ["_build"]\n',
    files: { '_build/backend.py': '', 'src/demo.pth': '', 'tests/data/model.pth': '' },
  });
  assert.deepEqual(build, {
    backend: 'backend',
    backendPath: ['_build'],
    requires: ['flit_core>=3', 'x'],
    hasSetup: false,
  });
  assert.deepEqual(filesOf(startupHooks), ['demo-1.0.0/src/demo.pth']);
});

const record = (edit: (line: string) => string) => (right: string) => right.split('\n').map(edit).join('\n');
const member = 'demo/__init__.py';

for (const [why, over, codes] of [
  ['a name in another spelling', { project: 'Demo.Pkg', metadata: 'Name: demo_pkg\nVersion: 1.0\n' }, []],
  ['a local version', { version: '1.0+cpu.1' }, []],
  ['an epoch', { version: '1!2.0' }, []],
  ['a name with a comma and a quote', { files: { 'demo/a,"b".py': '' } }, ['windows-name']],
  ['another name in METADATA', { metadata: 'Name: evil\nVersion: 1.0.0\n' }, ['metadata-mismatch']],
  ['another version in METADATA', { metadata: 'Name: demo\nVersion: 2\n' }, ['metadata-mismatch']],
  ['no version in METADATA', { metadata: 'Name: demo\n' }, ['metadata-mismatch']],
  ['two names in METADATA', { metadata: 'Name: demo\nName: evil\nVersion: 1.0.0\n' }, ['metadata-ambiguous']],
  ['no METADATA', { metadata: null }, ['metadata-missing']],
  ['no WHEEL', { wheel: null }, ['wheel-file-missing']],
  ['a WHEEL of the future', { wheel: 'Wheel-Version: 2.0\n' }, ['wheel-version']],
  ['a WHEEL without version', { wheel: 'Generator: x\n' }, ['wheel-version']],
  ['a second dist-info folder', { files: { 'evil-1.0.dist-info/METADATA': '' } }, ['dist-info-several']],
  [
    'a dist-info folder in the data',
    { files: { 'demo-1.0.0.data/purelib/evil-1.dist-info/RECORD': '' } },
    ['foreign-metadata'],
  ],
  ['a data folder with an unknown part', { files: { 'demo-1.0.0.data/boot/x': '' } }, ['data-scheme']],
  ['an egg-info folder', { files: { 'evil-1.egg-info/PKG-INFO': '' } }, ['foreign-metadata']],
  ['no RECORD', { record: null }, ['record-missing']],
  ['a RECORD that is no CSV', { record: '"demo' }, ['record-invalid']],
  ['a RECORD with two columns', { record: 'demo,\n' }, ['record-invalid']],
  ['a RECORD with CRLF', { record: (right: string) => right.replaceAll('\n', '\r\n') }, []],
  [
    'a wrong hash',
    { record: record((line) => line.replace(/^(demo\/.*)sha256=.../, '$1sha256=AAA')) },
    ['record-hash-mismatch'],
  ],
  ['a hash in hexadecimal', { record: record(inHex) }, ['record-hex-hash']],
  ['a hash that is not verified', { record: record((line) => line.replace('sha256=', 'md5=')) }, ['record-weak-hash']],
  ['a wrong size', { record: record((line) => line.replace(/^(demo\/.*,)\d+$/, '$17')) }, ['record-size-mismatch']],
  ['no hash', { record: record((line) => line.replace(/^(demo\/[^,]*).*/, '$1,,')) }, ['record-no-hash']],
  [
    'compiled Python without a hash',
    { files: { 'demo/a.pyc': 'x' }, record: record((line) => line.replace(/^(demo\/[^,]*).*/, '$1,,')) },
    ['record-no-hash-pyc'],
  ],
  ['a member that RECORD leaves out', { unrecorded: [{ name: 'demo/evil.py' }] }, ['record-unlisted']],
  ['a signature of RECORD', { unrecorded: [{ name: 'demo-1.0.0.dist-info/RECORD.jws' }] }, []],
  ['a folder that RECORD leaves out', { unrecorded: [{ name: 'demo/sub/' }] }, []],
  [
    'a member that only RECORD has',
    { record: (right: string) => `${right}demo/gone.py,,\n` },
    ['record-absent-member'],
  ],
  [
    'a path in RECORD that leaves the wheel',
    { record: (right: string) => `${right}../../etc/passwd,,\n` },
    ['record-absent-member', 'record-path'],
  ],
  ['two lines for one member', { record: (right: string) => `${member},,\n${right}` }, ['record-repeated']],
  [
    'a member twice with other content',
    { unrecorded: [{ name: member, data: 'evil' }] },
    ['duplicate-member', 'record-hash-mismatch', 'record-size-mismatch'],
  ],
  [
    'a member twice with the same content',
    { unrecorded: [{ name: member, data: '"""Does nothing."""\n' }] },
    ['repeated-member'],
  ],
  ['a member in another case', { files: { 'demo/a.py': 'a', 'demo/A.py': 'b' } }, ['case-twin']],
  ['a member in another case with the same content', { files: { 'demo/a.py': 'a', 'demo/A.py': 'a' } }, []],
  [
    'a member that Windows takes for another',
    { files: { 'demo/a.py': 'a', 'demo/a.py.': 'b' } },
    ['case-twin', 'windows-name'],
  ],
  [
    'a path with a detour to another member',
    { files: { 'demo/a.py': 'a', './demo/a.py': 'b' } },
    ['duplicate-member', 'path-not-normal'],
  ],
  ['a file that is a folder', { files: { 'demo/a': 'a', 'demo/a/b.py': 'b' } }, ['file-as-folder']],
  ['a wrong sum', { lies: { [member]: { local: { crc: 1 }, central: { crc: 1 } } } }, ['crc-mismatch']],
  [
    'a member that cannot be read',
    { lies: { [member]: { method: 14, packed: encode('x') } } },
    ['error', 'unsupported-compression'],
  ],
] as const satisfies readonly (readonly [string, WheelOver, readonly string[]])[]) {
  test(`reports of a wheel with ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(codesOf(await inspectWheel(over)), codes);
  });
}

function inHex(line: string): string {
  return line.replace(
    /sha256=([\w-]+)/,
    (_, digest: string) => `sha256=${Buffer.from(digest, 'base64url').toString('hex')}`,
  );
}

for (const [why, filename, codes] of [
  ['the version in another spelling', 'demo-1.0.0.0-py3-none-any.whl', []],
  ['another version', 'demo-1.0.1-py3-none-any.whl', ['dist-info-name', 'metadata-mismatch']],
  ['another project', 'evil-1.0.0-py3-none-any.whl', ['dist-info-name', 'metadata-mismatch']],
  ['an sdist', 'demo-1.0.0.tar.gz', ['format-mismatch', 'sdist-root']],
  ['an egg', 'demo-1.0.0-py3.11.egg', ['not-a-distribution']],
] as const) {
  test(`reports of a wheel called like ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(codesOf(await inspectWheel({}, filename)), codes);
  });
}

const link = (type: '1' | '2', linkName: string) => ({ name: 'demo-1.0.0/sub/link', type, linkName });

for (const [why, over, codes] of [
  ['a folder in another spelling', { project: 'demo', members: [] }, []],
  ['no PKG-INFO', { pkgInfo: null }, ['pkg-info-missing']],
  ['another name in PKG-INFO', { pkgInfo: 'Name: evil\nVersion: 1.0.0\n' }, ['metadata-mismatch']],
  ['another version in PKG-INFO', { pkgInfo: 'Name: demo\nVersion: 1.0.1\n' }, ['metadata-mismatch']],
  ['no name in PKG-INFO', { pkgInfo: 'Version: 1.0.0\n' }, ['metadata-mismatch']],
  ['a second folder', { members: [{ name: 'evil/setup.py' }] }, ['sdist-root']],
  ['a pyproject.toml that is none', { pyproject: '[build-system' }, ['pyproject-invalid']],
  [
    'a build backend outside of it',
    { pyproject: '[build-system]\nrequires = []\nbackend-path = [".."]\n' },
    ['backend-path'],
  ],
  ['a link inside of it', { members: [link('2', '../setup.py')] }, []],
  ['a link to the folder above', { members: [link('2', '../../other')] }, ['link-escape']],
  ['a link to an absolute path', { members: [link('2', '/etc/passwd')] }, ['link-escape']],
  [
    'a link behind a link',
    { members: [link('2', '..'), { name: 'demo-1.0.0/l', type: '2', linkName: 'sub/link/../..' }] },
    ['link-escape'],
  ],
  [
    'a member behind a link',
    { members: [link('2', '..'), { name: 'demo-1.0.0/sub/link/evil.py' }] },
    ['file-as-folder', 'path-through-link'],
  ],
  ['a hard link to a member', { members: [link('1', 'demo-1.0.0/setup.py')] }, []],
  [
    'a link that makes code of a text',
    { members: [{ name: 'demo-1.0.0/a.py', type: '2', linkName: 'PKG-INFO' }] },
    ['link-renames'],
  ],
  [
    'a pyproject.toml that is a link',
    {
      files: { 'other.toml': '' },
      members: [{ name: 'demo-1.0.0/pyproject.toml', type: '2', linkName: 'other.toml' }],
    },
    ['pyproject-invalid'],
  ],
  ['a hard link to nothing', { members: [link('1', 'demo-1.0.0/none')] }, ['hardlink-target']],
] as const satisfies readonly (readonly [string, SdistOver, readonly string[]])[]) {
  test(`reports of an sdist with ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(codesOf(await inspectSdist(over)), codes);
  });
}

for (const [why, filename, codes] of [
  ['an older spelling', 'Demo-1.0.tar.gz', []],
  ['a name that can be read in two ways', 'demo-1.0.0-1.tar.gz', ['metadata-mismatch', 'sdist-root-name']],
  ['a zip archive', 'demo-1.0.0.zip', ['format-mismatch']],
  ['another compression', 'demo-1.0.0.tar.bz2', ['format-mismatch']],
] as const) {
  test(`reports of an sdist called like ${why}: ${codes.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(codesOf(await inspectSdist({}, filename)), codes);
  });
}

test('an sdist may be a zip archive', async () => {
  const files = { 'PKG-INFO': 'Name: a-b\nVersion: 1.0\n', 'setup.py': '' };
  const bytes = aZip(Object.entries(files).map(([name, data]) => ({ name: `a-b-1.0/${name}`, data })));
  const { findings, declared } = await inspect(bytes, 'a-b-1.0.zip');
  assert.deepEqual([findings, declared], [[], { name: 'a-b', version: '1.0' }]);
});

for (const [why, bytes, codes] of [
  ['no archive', encode('<html>'), ['error', 'unreadable']],
  ['half an archive', aWheel().subarray(0, -30), ['error', 'unreadable']],
] as const) {
  test(`${why} is a finding and is not complete`, async () => {
    const found = await inspect(bytes, aWheelName());
    assert.deepEqual([codesOf(found), found.complete], [codes, false]);
  });
}

test('past a limit the file is held and not complete', async () => {
  const limits = { ...defaultArchiveLimits, maxMembers: 2 };
  const found = await inspectDistribution(bytesSource(aWheel()), aWheelName(), limits);
  assert.deepEqual(
    [found.findings.map(({ code, effect }) => [code, effect]), found.complete],
    [[['error', 'hold']], false],
  );
});

test('every file is visited once, with its bytes up to the limit', async () => {
  const seen: [string, number | undefined][] = [];
  const limits = { ...defaultArchiveLimits, maxVisitBytes: 5 };
  await inspectDistribution(
    bytesSource(aSdist({ files: { 'small.py': 'pass', 'large.py': 'print(1)' }, pkgInfo: null, setup: null })),
    aSdistName(),
    limits,
    (member, bytes) => void seen.push([member.path, bytes?.length]),
  );
  assert.deepEqual(seen, [
    ['demo-1.0.0/small.py', 4],
    ['demo-1.0.0/large.py', undefined],
  ]);
});

test('what the source throws is not taken for a bad archive', async () => {
  const source = { size: 100, read: () => Promise.reject(new Error('EIO')) };
  await assert.rejects(inspectDistribution(source, aWheelName()), /EIO/);
});

test('a finding that repeats is cut off and counted', async () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`demo/${index}:x`, '']));
  const { findings } = await inspectWheel({ files });
  assert.equal(findings.length, 21);
  assert.equal(findings.at(-1)?.message, 'The same was seen 30 more times.');
});
