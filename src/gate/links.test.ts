import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostInUrl, indexRoot, reviewUrl } from './links.ts';

for (const [why, host, written] of [
  ['an address as it is', '10.0.0.7', '10.0.0.7'],
  ['every IPv4 address: pip calls http to 0.0.0.0 insecure', '0.0.0.0', '127.0.0.1'],
  ['every IPv6 address', '::', '[::1]'],
  ['an IPv6 address in brackets (RFC 3986)', 'fd00::1', '[fd00::1]'],
] as const) {
  test(`writes ${why}`, () => assert.equal(hostInUrl(host), written));
}

test('links to a release of the default index and of another', () => {
  assert.equal(indexRoot('default'), '');
  assert.equal(reviewUrl('http://gate', 'default', 'flask', '3.1.3'), 'http://gate/r/flask/3.1.3');
  assert.equal(reviewUrl('http://gate', 'ml', 'flask', undefined), 'http://gate/ml/r/flask');
});

test('escapes a version that no file should have', () => {
  assert.equal(reviewUrl('', 'default', 'flask', '1.0+a/../b'), '/r/flask/1.0%2Ba%2F..%2Fb');
});
