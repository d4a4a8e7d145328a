import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiateEncoding, negotiatePage } from './negotiate.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HTML_TYPE = 'application/vnd.pypi.simple.v1+html';
const TEXT = 'text/html; charset=utf-8';

for (const [why, accept, expected] of [
  ['no header', undefined, TEXT],
  ['an empty header', ' ', TEXT],
  ['anything', '*/*', TEXT],
  ['pip since 22.2', `${JSON_TYPE}, ${HTML_TYPE}; q=0.1, text/html; q=0.01`, JSON_TYPE],
  ['old pip', 'text/html', TEXT],
  ['uv', `${JSON_TYPE}, ${HTML_TYPE};q=0.2, text/html;q=0.01`, JSON_TYPE],
  ['Poetry', `${JSON_TYPE}, */*;q=0.1`, JSON_TYPE],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT],
  ['the new HTML type', HTML_TYPE, HTML_TYPE],
  ['HTML above JSON by q', `${JSON_TYPE};q=0.2, ${HTML_TYPE};q=0.3`, HTML_TYPE],
  ['latest JSON, answered with the concrete type', 'application/vnd.pypi.simple.latest+json', JSON_TYPE],
  ['latest HTML', 'application/vnd.pypi.simple.latest+html', HTML_TYPE],
  ['upper case', JSON_TYPE.toUpperCase(), JSON_TYPE],
  ['an application type', 'application/*', JSON_TYPE],
  ['everything but text/html', 'text/html;q=0, */*', JSON_TYPE],
  [
    'a version that is not there with one that is',
    `application/vnd.pypi.simple.v2+json, ${HTML_TYPE};q=0.1`,
    HTML_TYPE,
  ],
  ['a version that is not there', 'application/vnd.pypi.simple.v2+json', undefined],
  ['plain JSON', 'application/json', undefined],
  ['an image', 'image/png', undefined],
  ['nothing at all', '*/*;q=0', undefined],
  ['nonsense', ';;;', undefined],
] as const) {
  test(`chooses for ${why}`, () => assert.equal(negotiatePage(accept)?.contentType, expected));
}

for (const [why, format, expected] of [
  ['wins over the header', JSON_TYPE, JSON_TYPE],
  ['with its plus sign read as a space', JSON_TYPE.replace('+', ' '), JSON_TYPE],
  ['plain HTML', 'text/html', TEXT],
  ['an unknown one', 'json', undefined],
  ['the name of an object property', 'constructor', undefined],
  ['an empty one', '', undefined],
] as const) {
  test(`the format parameter: ${why}`, () => assert.equal(negotiatePage('image/png', format)?.contentType, expected));
}

test('format says which renderer', () => {
  assert.deepEqual([negotiatePage(JSON_TYPE)?.format, negotiatePage(HTML_TYPE)?.format], ['json', 'html']);
});

for (const [why, acceptEncoding, expected] of [
  ['no header', undefined, 'identity'],
  ['an empty header', '', 'identity'],
  ['pip', 'gzip, deflate', 'gzip'],
  ['uv', 'gzip, deflate, zstd', 'gzip'],
  ['anything', '*', 'gzip'],
  ['plain bytes only', 'identity', 'identity'],
  ['gzip refused', 'gzip;q=0', 'identity'],
  ['plain bytes preferred', 'gzip;q=0.1, identity', 'identity'],
  ['something else', 'br', 'identity'],
] as const) {
  test(`encoding for ${why}`, () => assert.equal(negotiateEncoding(acceptEncoding), expected));
}
