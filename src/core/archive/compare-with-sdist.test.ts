import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSha256 } from '../sha256.ts';
import { compareWithSdist } from './compare-with-sdist.ts';
import { packPythonMembers, unpackPythonMembers } from './python-members.ts';

/** Members by path as an inspection keeps them; what has the same content has the same letter. */
function members(contents: Readonly<Record<string, string>>) {
  const walked = Object.entries(contents).map(([path, letter]) => ({ path, sha256: parseSha256(letter.repeat(64)) }));
  return unpackPythonMembers(packPythonMembers(walked));
}

const SDIST = members({
  'demo-1.0/src/demo/__init__.py': 'a',
  'demo-1.0/src/demo/run.py': 'b',
  'demo-1.0/setup.py': 'c',
  'demo-1.0/tests/data.bin': 'f',
});

for (const [why, wheel, expected] of [
  ['files below src', { 'demo/__init__.py': 'a', 'demo/run.py': 'b' }, []],
  ['a file that was moved', { 'demo/core/run.py': 'b' }, []],
  ['other files than Python', { 'demo/_fast.so': 'e', 'demo-1.0.dist-info/METADATA': 'e' }, []],
  ['a file that the sdist lacks', { 'demo/new.py': 'd' }, ['missing demo/new.py']],
  ['code that the sdist has as data only', { 'demo/new.py': 'f' }, ['missing demo/new.py']],
  ['other content', { 'demo/run.py': 'd' }, ['differs demo/run.py']],
  ['a path of which the sdist has only the end', { 'demo/rerun.py': 'd' }, ['missing demo/rerun.py']],
  ['a start-up hook', { 'demo.pth': 'd' }, ['missing demo.pth']],
  [
    'a library that is put elsewhere',
    { 'demo-1.0.data/purelib/demo/run.py': 'd' },
    ['differs demo-1.0.data/purelib/demo/run.py'],
  ],
  ['a version that the build wrote', { 'demo/_version.py': 'd' }, ['missing demo/_version.py (generated)']],
  ['what protoc made', { 'demo/api_pb2_grpc.py': 'd' }, ['missing demo/api_pb2_grpc.py (generated)']],
  ['a name that only looks generated', { 'demo/my_version.py': 'd' }, ['missing demo/my_version.py']],
] as const) {
  test(`compares ${why}`, () => {
    const said = compareWithSdist(members(wheel), [SDIST]).map(
      ({ file, isMissing, isGenerated }) =>
        `${isMissing ? 'missing' : 'differs'} ${file}${isGenerated ? ' (generated)' : ''}`,
    );
    assert.deepEqual(said, expected);
  });
}

test('a release with two sdists has what either of them has', () => {
  const zip = members({ 'demo-1.0/demo/new.py': 'd' });
  assert.deepEqual(compareWithSdist(members({ 'demo/run.py': 'b', 'demo/new.py': 'd' }), [SDIST, zip]), []);
});

test('paths survive whatever they hold, and nothing is nothing', () => {
  const odd = { 'demo/a b\nc.py': 'a', 'ü/é.py': 'b' };
  assert.deepEqual([...members(odd).keys()], Object.keys(odd));
  assert.equal(members({}).size, 0);
});
