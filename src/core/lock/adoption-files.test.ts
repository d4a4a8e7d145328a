import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptionTarget, sortAdoptionFiles } from './adoption-files.ts';

for (const [why, files, output, direct, lock, moved] of [
  [
    'a lone requirements.txt becomes the lock',
    ['requirements.txt'],
    undefined,
    ['requirements.txt'],
    'requirements.txt',
    'requirements.in',
  ],
  ['unless the lock goes elsewhere', ['requirements.txt'], 'lock.txt', ['requirements.txt'], 'lock.txt', undefined],
  [
    'or right there',
    ['requirements.txt'],
    'requirements.txt',
    ['requirements.txt'],
    'requirements.txt',
    'requirements.in',
  ],
  [
    'what was compiled from an .in is a lock',
    ['a/requirements.in', 'a/requirements.txt'],
    undefined,
    ['a/requirements.in'],
    'a/requirements.txt',
    undefined,
  ],
  [
    'a pyproject.toml and its lock',
    ['web/pyproject.toml', 'web/uv.lock'],
    undefined,
    ['web/pyproject.toml'],
    'web/pylock.toml',
    undefined,
  ],
  [
    'several inputs share a lock',
    ['pyproject.toml', 'requirements-dev.txt'],
    undefined,
    ['pyproject.toml', 'requirements-dev.txt'],
    'pylock.toml',
    undefined,
  ],
  ['a Pipfile is read by its lock', ['Pipfile', 'Pipfile.lock'], undefined, [], 'pylock.toml', undefined],
] as const) {
  test(why, () => {
    const sorted = sortAdoptionFiles(files);
    assert.deepEqual(sorted.direct, direct);
    const target = adoptionTarget(sorted, output);
    assert.deepEqual([target.lock, target.moved?.to], [lock, moved]);
  });
}
