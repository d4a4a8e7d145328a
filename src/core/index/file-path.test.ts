import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSha256 } from '../sha256.ts';
import { encodeFilePath, filePath, parseFilePath } from './file-path.ts';

const sha256 = parseSha256(`0123${'f'.repeat(60)}`);
const filename = 'demo-1.0+cpu-py3-none-any.whl';
const folder = `packages/aa/bb/${'c'.repeat(60)}`;
const fromUrl = (url: string) => {
  const digest = createHash('sha256').update(url).digest('hex');
  return `packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`;
};
const fromDigest = `packages/01/23/${'f'.repeat(60)}`;

for (const [why, url, expected] of [
  ['keeps the path that PyPI has', `https://files.example.org/${folder}/${filename}`, folder],
  ['keeps it below a prefix', `https://host/api/pypi/packages/${folder}/${filename}`, folder],
  ['keeps it with a query', `https://host/${folder}/${filename}?sig=1`, folder],
  ['keeps it for an encoded name', `https://host/${folder}/${encodeURIComponent(filename)}`, folder],
  ['makes one when the last part is not the file', `https://host/${folder}/download`, fromDigest],
  ['makes one when it only looks alike', `https://host/packages/aa/bb/${'C'.repeat(60)}/${filename}`, fromDigest],
  ['makes one when the query looks like it', `https://host/get?p=/${folder}/${filename}/`, fromDigest],
  ['makes one for other paths', `https://host/files/${filename}`, fromDigest],
  ['makes one for a broken escape', `https://host/${folder}/%zz`, fromDigest],
] as const) {
  test(`${why}`, () => assert.equal(filePath({ filename, url, sha256 }), `${expected}/${filename}`));
}

test('without a digest the URL makes the path', () => {
  const url = `https://host/files/${filename}`;
  assert.equal(filePath({ filename, url }), `${fromUrl(url)}/${filename}`);
});

test('what is written into a URL decodes to the path', () => {
  const path = `${folder}/${filename}`;
  assert.equal(encodeFilePath(path), `${folder}/demo-1.0%2Bcpu-py3-none-any.whl`);
  assert.equal(decodeURIComponent(encodeFilePath(path)), path);
});

test('reads its own paths back', () => {
  const path = `${folder}/${filename}`;
  assert.deepEqual(parseFilePath(path), { path, filename, part: 'file' });
  assert.deepEqual(parseFilePath(`${path}.metadata`), { path, filename, part: 'metadata' });
});

for (const [why, path] of [
  ['a leading slash', `/${folder}/${filename}`],
  ['no file', `${folder}/`],
  ['metadata of nothing', `${folder}/.metadata`],
  ['a short folder', `packages/aa/bb/cc/${filename}`],
  ['upper case', `packages/AA/bb/${'c'.repeat(60)}/${filename}`],
  ['a folder more', `${folder}/x/${filename}`],
  ['a step up', `${folder}/..`],
  ['a backslash', `${folder}/..\\x`],
  ['a control character', `${folder}/demo\n.whl`],
  ['another root', `simple/demo/${filename}`],
  ['nothing', ''],
] as const) {
  test(`does not serve ${why}`, () => assert.equal(parseFilePath(path), undefined));
}

test('any readable path is the path of its file', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
  const name = fc.stringMatching(/^[A-Za-z0-9_.+-]{1,40}$/).filter((text) => !/^\.{1,2}$/.test(text));
  fc.assert(
    fc.property(hex, name, (digest, last) => {
      const path = filePath({ filename: last, url: 'https://host/x', sha256: parseSha256(digest) });
      const parsed = parseFilePath(path);
      // A file that is called *.metadata reads as the metadata of another one; no distribution file is.
      assert.equal(last.endsWith('.metadata') ? 'file' : parsed?.part, 'file');
      if (!last.endsWith('.metadata')) assert.equal(parsed?.filename, last);
    }),
  );
});
