import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { memoryFiles } from '../../../test/fakes/memory-files.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { type LockDocument, type LockedRelease, type LockHeader, lockFormatOf } from './lock-document.ts';
import { readLockHeader, renderLockHeader } from './lock-header.ts';
import { renderPylock } from './render-pylock.ts';
import { renderRequirements } from './render-requirements.ts';

const digestOf = (text: string) => parseSha256(createHash('sha256').update(text).digest('hex'));

const HEADER: LockHeader = {
  command: 'wheelgate lock requirements.in -o requirements.txt',
  inputs: ['requirements.in'],
  extras: [],
  groups: [],
  requirements: digestOf('requirements'),
  gate: 'https://gate.example/simple/',
  policyRevision: '1f0c',
  advisories: '2026-11-22',
  resolver: 'uv 0.13.9',
  python: '3.11',
  platform: 'linux-x86_64',
  leftOut: [],
};

function aRelease(name: string, version: string, over: Partial<LockedRelease> = {}): LockedRelease {
  const filename = `${name}-${version}-py3-none-any.whl`;
  return {
    project: parseProjectName(name),
    version,
    files: [
      {
        filename,
        sha256: digestOf(filename),
        url: `https://gate.example/packages/${filename}`,
        size: 7,
        uploadTime: new Date('2026-01-02T03:04:05Z'),
      },
      { filename: `${name}-${version}.tar.gz`, sha256: digestOf(`${filename} sdist`), url: 'https://gate.example/s' },
    ],
    via: ['-r requirements.in'],
    approved: 'by the policy',
    withProvenance: 0,
    ...over,
  };
}

function aLock(...releases: readonly LockedRelease[]): LockDocument {
  return { header: HEADER, releases, onlyWheels: true };
}

const RENDERERS = [
  ['requirements.txt', (lock: LockDocument) => renderRequirements(lock, { hashes: true, isConstraints: false })],
  ['constraints.txt', (lock: LockDocument) => renderRequirements(lock, { hashes: true, isConstraints: true })],
  ['pylock.toml', renderPylock],
] as const;

for (const [name, render] of RENDERERS) {
  test(`${name} reads back as what was locked`, async () => {
    const name_ = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(?:-[a-z0-9]{1,4})?$/);
    const version = fc.stringMatching(/^[1-9]\.(?:0|[1-9][0-9]?)(?:rc1|\.post2)?$/);
    const marker = fc.option(fc.constantFrom('sys_platform == "win32"', 'python_version < "3.9" and os_name == "nt"'), {
      nil: undefined,
    });
    const release = fc
      .tuple(name_, version, marker)
      .map(([project, text, when]) => aRelease(project, text, when === undefined ? {} : { marker: when }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(release, { selector: ({ project }) => project }), async (releases) => {
        const { pins, errors, unaudited } = await readManifest(
          name,
          memoryFiles({ [name]: render(aLock(...releases)) }),
        );
        assert.deepEqual([errors, unaudited], [[], []]);
        assert.deepEqual(
          pins.map((pin) => [pin.project, pin.version, pin.marker, [...pin.hashes].sort()]),
          releases.map((one) => [
            one.project,
            one.version,
            one.marker,
            one.files.map(({ sha256 }) => `sha256:${sha256}`).sort(),
          ]),
        );
      }),
      { numRuns: 50 },
    );
  });
}

test('a lock in the format of requirements, to the byte', () => {
  const [alpha, beta] = [
    aRelease('alpha', '1.0', { via: ['beta', '-r requirements.in'], withProvenance: 1 }),
    aRelease('beta', '2.0', { marker: 'sys_platform == "win32"', approved: 'by lea on 2026-08-02' }),
  ];
  const hashesOf = ({ files }: LockedRelease) =>
    files
      .map(({ sha256 }) => sha256)
      .sort()
      .map((digest) => `    --hash=sha256:${digest}`)
      .join(' \\\n');
  assert.equal(
    renderRequirements(aLock(alpha, beta), { hashes: true, isConstraints: false }),
    `# Locked by Wheelgate. To renew it:
#     wheelgate lock requirements.in -o requirements.txt
#
# input        requirements.in
# requirements sha256:${HEADER.requirements}
# gate         https://gate.example/simple/
# policy       1f0c
# advisories   2026-11-22
# resolver     uv 0.13.9
# python       3.11
# platform     linux-x86_64

--only-binary :all:

alpha==1.0 \\
${hashesOf(alpha)}
    # via beta, -r requirements.in
    # approved: by the policy; provenance 1 of 2 files
beta==2.0 ; sys_platform == "win32" \\
${hashesOf(beta)}
    # via -r requirements.in
    # approved: by lea on 2026-08-02
`,
  );
});

test('constraints have no options, and no hashes where none are wanted', () => {
  const text = renderRequirements(aLock(aRelease('alpha', '1.0')), { hashes: false, isConstraints: true });
  assert.doesNotMatch(text, /--/);
  assert.match(text, /^alpha==1\.0$/m);
});

test('pylock.toml has what PEP 751 asks for, and the text of others stays text', () => {
  const name = 'alpha-1.0"\\-py3-none-any.whl';
  const odd = { filename: name, sha256: digestOf(name), url: 'https://gate.example/a%22' };
  const { lock, files } = ((lock) => ({ lock, files: lock.packages[0]!.wheels }))(
    parse(renderPylock(aLock(aRelease('alpha', '1.0', { files: [odd] }), aRelease('beta', '1')))) as unknown as {
      'lock-version': string;
      'requires-python': string;
      environments: string[];
      packages: { name: string; index: string; sdist?: { name: string }; wheels: Record<string, unknown>[] }[];
    },
  );
  assert.equal(lock['lock-version'], '1.0');
  assert.equal(lock['requires-python'], '>=3.11');
  assert.deepEqual(lock.environments, ['sys_platform == "linux" and platform_machine == "x86_64"']);
  assert.deepEqual(JSON.parse(JSON.stringify(files)), [{ name, url: odd.url, hashes: { sha256: odd.sha256 } }]);
  const beta = lock.packages[1]!;
  assert.equal(beta.sdist?.name, 'beta-1.tar.gz');
  assert.equal(beta.index, 'https://gate.example/simple/');
  assert.equal(beta.wheels[0]!.size, 7);
  assert.ok(beta.wheels[0]!['upload-time'] instanceof Date);
});

test('a header reads back, whatever the names of files are', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text));
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (inputs, groups) => {
      const header = { ...HEADER, inputs, groups, extras: ['tls'] };
      const { requirements, python, platform } = HEADER;
      const read = readLockHeader(`${renderLockHeader(header)}\nalpha==1.0\n# input        no-input-of-the-header\n`);
      assert.deepEqual(read, { inputs, groups, extras: ['tls'], requirements, python, platform });
    }),
  );
});

for (const [why, text] of [
  ['another tool wrote the file', '# This file is autogenerated by pip-compile\nalpha==1.0\n'],
  ['a person cut the header', '# Locked by Wheelgate. To renew it:\nalpha==1.0\n'],
  ['the digest was changed', renderLockHeader(HEADER).replace(/sha256:./, 'sha256:x')],
] as const) {
  test(`there is no header when ${why}`, () => assert.equal(readLockHeader(text), undefined));
}

test('a line break in a name ends no comment', () => {
  const text = renderLockHeader({ ...HEADER, inputs: ['a\nevil==1.0'], leftOut: ['b\r\nevil==2.0'] });
  assert.ok(
    text.split('\n').every((line) => line === '' || line.startsWith('#')),
    text,
  );
});

for (const [path, format] of [
  ['requirements.txt', 'requirements'],
  ['pylock.toml', 'pylock'],
  ['locks/pylock.dev.toml', 'pylock'],
  ['pylock.a.b.toml', 'requirements'],
  ['constraints-dev.txt', 'constraints'],
  ['lock', 'requirements'],
] as const) {
  test(`${path} is written as ${format}`, () => assert.equal(lockFormatOf(path), format));
}
