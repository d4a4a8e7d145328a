import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../errors.ts';
import { type DistFilename, parseFilename, parseFilenameFor, sdistCandidates, sdistProjects } from './filename.ts';
import { parseProjectName } from './name.ts';
import { expandTags } from './tags.ts';

/** `kind project version rawVersion`, with a dash for what is absent. */
function summary({ kind, project, version, rawVersion }: DistFilename): string {
  return [kind, project ?? '-', version?.text ?? '-', rawVersion ?? '-'].join(' ');
}

for (const [why, filename, expected] of [
  ['a wheel', 'Zope.Interface-5.0-py2.py3-none-any.whl', 'wheel zope-interface 5.0 5.0'],
  ['a wheel with a build', 'demo-1.0-1a-cp311-abi3-win_amd64.whl', 'wheel demo 1.0 1.0'],
  ['a local version', 'demo-1.0+cu118-py3-none-any.whl', 'wheel demo 1.0+cu118 1.0+cu118'],
  ['a local version in the form of PEP 427', 'demo-1.0+a_b-py3-none-any.whl', 'wheel demo 1.0+a.b 1.0+a_b'],
  ['an epoch', 'demo-1!2.0-py3-none-any.whl', 'wheel demo 1!2.0 1!2.0'],
  ['a dash written as underscore', 'demo-1.0_1-py3-none-any.whl', 'wheel demo 1.0.post1 1.0_1'],
  ['a wheel of a version outside PEP 440', 'demo-2004d_x-py3-none-any.whl', 'wheel demo - 2004d_x'],
  ['a wheel name with two underscores', 'a__b-1.0-py3-none-any.whl', 'wheel a-b 1.0 1.0'],
  ['an sdist', 'demo_project-1.0.tar.gz', 'sdist demo-project 1.0 1.0'],
  ['an older sdist', 'demo-project-1.0.zip', 'sdist demo-project 1.0 1.0'],
  ['a name that ends in a number', 'demo-2-1.0.tar.gz', 'sdist demo-2 1.0 1.0'],
  ['other compressions', 'demo-1.0.tar.bz2', 'sdist demo 1.0 1.0'],
  ['short extensions', 'demo-1.0.tgz', 'sdist demo 1.0 1.0'],
  ['xz', 'demo-1.0rc1.tar.xz', 'sdist demo 1.0rc1 1.0rc1'],
  ['an sdist with two readings', 'demo-1.0-1.tar.gz', 'sdist - - -'],
  ['an sdist of a version outside PEP 440', 'demo-2004d.tar.gz', 'sdist - - -'],
  ['a binary that dumps as an sdist', 'demo-1.0.linux-x86_64.tar.gz', 'sdist - - -'],
  ['an sdist without version', 'demo.tar.gz', 'sdist - - -'],
  ['an egg', 'demo_project-1.0-py3.8-linux-x86_64.egg', 'other demo-project 1.0 1.0'],
  ['an egg without Python', 'demo-1.0.egg', 'other - - -'],
  ['an installer', 'demo-1.0.win32-py2.7.exe', 'other - - -'],
  ['a signature', 'demo-1.0.tar.gz.asc', 'other - - -'],
  ['the metadata of a wheel', 'demo-1.0-py3-none-any.whl.metadata', 'other - - -'],
  ['a wheel without tags', 'demo-1.0.whl', 'other - - -'],
  ['a wheel with too many parts', 'demo-1.0-1-2-py3-none-any.whl', 'other - - -'],
  ['a build that does not start with a digit', 'demo-1.0-b1-py3-none-any.whl', 'other - - -'],
  ['an empty tag', 'demo-1.0-py3.-none-any.whl', 'other - - -'],
  ['an empty version', 'demo--py3-none-any.whl', 'other - - -'],
  ['a wheel whose project is no name', '_-1.0-py3-none-any.whl', 'other - - -'],
  ['an extension in capitals, which pip passes over', 'demo-1.0-py3-none-any.WHL', 'other - - -'],
  ['a hidden file', '.demo-1.0.tar.gz', 'sdist - - -'],
  ['a name with a space', 'demo project-1.0.tar.gz', 'sdist - - -'],
] as const) {
  test(`reads ${why}`, () => {
    const parsed = parseFilename(filename);
    assert.equal(summary(parsed), expected);
    assert.equal(parsed.filename, filename);
  });
}

test('gives tags and build of a wheel', () => {
  const wheel = parseFilename('demo-1.0-2b-py2.py3-none-any.whl');
  assert.ok(wheel.kind === 'wheel');
  assert.equal(wheel.build, '2b');
  assert.deepEqual(expandTags(wheel.tags), ['py2-none-any', 'py3-none-any']);
});

test('gives the extension of an sdist', () => {
  const sdist = parseFilename('demo-1.0.tar.gz');
  assert.ok(sdist.kind === 'sdist');
  assert.equal(sdist.extension, '.tar.gz');
});

for (const [why, filename] of [
  ['nothing', ''],
  ['this folder', '.'],
  ['the folder above', '..'],
  ['a path', 'a/demo-1.0.tar.gz'],
  ['a climbing path', '../demo-1.0.tar.gz'],
  ['a Windows path', '..\\demo-1.0.tar.gz'],
  ['a drive or a stream', 'C:demo-1.0.tar.gz'],
  ['an encoded path', '..%2Fdemo-1.0.tar.gz'],
  ['an encoded path in small letters', '..%5cdemo-1.0.tar.gz'],
  ['NUL', 'demo-1.0.tar.gz\0.txt'],
  ['encoded folders', '%2e%2E'],
  ['doubly encoded paths', '..%252fdemo-1.0.tar.gz'],
  ['an encoded NUL', 'demo-1.0.tar.gz%00'],
  ['a line end', 'demo-1.0.tar.gz\n'],
  ['a header', 'demo-1.0.tar.gz\r\nx: y'],
  ['an escape sequence', 'demo\u001b[2J-1.0.tar.gz'],
  ['a C1 control', 'demo\u009b-1.0.tar.gz'],
  ['text that runs backwards', 'demo-1.0-\u202ezg.rat'],
  ['an invisible character', 'de\u200bmo-1.0.tar.gz'],
  ['a line separator', 'demo\u2028-1.0.tar.gz'],
  ['half a character', 'demo\ud800-1.0.tar.gz'],
  ['what no disk can store', `demo-1.0${'0'.repeat(250)}.tar.gz`],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(() => parseFilename(filename), { code: 'FILENAME_INVALID' });
    assert.throws(() => parseFilenameFor(parseProjectName('demo'), filename), { code: 'FILENAME_INVALID' });
  });
}

for (const [why, project, filename, expected] of [
  ['a wheel', 'demo', 'demo-1.0-py3-none-any.whl', 'wheel demo 1.0 1.0'],
  ['what follows the project', 'demo', 'demo-1.0-1.tar.gz', 'sdist demo 1.0.post1 1.0-1'],
  ['the other reading for the other project', 'demo-1-0', 'demo-1.0-1.tar.gz', 'sdist demo-1-0 1 1'],
  ['another spelling of the project', 'zope-interface', 'Zope.Interface-5.0.zip', 'sdist zope-interface 5.0 5.0'],
  ['a version outside PEP 440', 'demo', 'demo-2004d.tar.gz', 'sdist demo - 2004d'],
  ['the first spelling that fits', 'demo', 'demo--1.0.tar.gz', 'sdist demo - -1.0'],
  ['an underscore in an sdist, which stands for nothing', 'demo', 'demo-1.0_1.tar.gz', 'sdist demo - 1.0_1'],
  ['what is neither', 'demo', 'other-1.0.exe', 'other - - -'],
] as const) {
  test(`on the page of a project, reads ${why}`, () => {
    assert.equal(summary(parseFilenameFor(parseProjectName(project), filename)), expected);
  });
}

for (const [why, filename] of [
  ['a wheel of another project', 'evil-1.0-py3-none-any.whl'],
  ['an sdist of another project', 'evil-1.0.tar.gz'],
  ['a project that only starts alike', 'demonic-1.0.tar.gz'],
  ['no version at all', 'demo.tar.gz'],
] as const) {
  test(`on the page of a project, refuses ${why}`, () => {
    assert.throws(() => parseFilenameFor(parseProjectName('demo'), filename), { code: 'FILENAME_INVALID' });
  });
}

test('lists every reading of an sdist', () => {
  const readings = sdistCandidates('a-b-1.0-1-dev1.tar.gz').map((r) => `${r.project} ${r.version.text}`);
  assert.deepEqual(readings, ['a-b 1.0.post1.dev1', 'a-b-1-0 1.dev1']);
  assert.deepEqual(sdistCandidates('a-1.0.whl'), []);
});

test('gives safe names or FILENAME_INVALID for any text', () => {
  const piece = fc.constantFrom(
    'demo',
    '-',
    '1.0',
    'py3',
    'none',
    'any',
    '.whl',
    '.tar.gz',
    '/',
    '..',
    '\0',
    '%2f',
    'é',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (filename) => {
        try {
          assert.doesNotMatch(parseFilename(filename).filename, /[/\\\0\r\n]/);
        } catch (error) {
          if (!hasCode(error, 'FILENAME_INVALID')) throw error;
        }
      },
    ),
  );
});

for (const [why, filename, expected] of [
  ['one reading', 'demo-1.0.tar.gz', ['demo']],
  ['two readings', 'demo-1.0-1.tar.gz', ['demo', 'demo-1-0']],
  ['no version in it', 'demo-project-snapshot.tar.gz', ['demo', 'demo-project']],
  ['no dash', 'demo.tar.gz', []],
  [
    'more dashes than anybody writes',
    `${'a-'.repeat(50)}x.tar.gz`,
    Array.from({ length: 8 }, (_, n) => `a${'-a'.repeat(n)}`),
  ],
  ['another kind of file', 'demo-1.0-py3-none-any.whl', []],
] as const) {
  test(`names the projects of an sdist: ${why}`, () => assert.deepEqual(sdistProjects(filename), expected));
}
