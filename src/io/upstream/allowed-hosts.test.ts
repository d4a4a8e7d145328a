import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { AllowedHosts, isPrivateAddress } from './allowed-hosts.ts';

const hosts = new AllowedHosts(
  new URL('https://index.example.org/simple/'),
  ['files.example.org', 'Inner.example.org:8443', '*.storage.example.net', '10.1.2.3'],
  ['default.example.org', '10.9.9.9'],
);

for (const [why, url] of [
  ['the index itself', 'https://index.example.org/x'],
  ['a configured host', 'https://files.example.org/x'],
  ['a configured host with a port, in any case', 'https://inner.example.org:8443/x'],
  ['a host below a pattern', 'https://a.b.storage.example.net/x'],
  ['a configured private address', 'https://10.1.2.3/x'],
  ['a default host', 'https://default.example.org/x'],
] as const) {
  test(`allows ${why}`, () => assert.doesNotThrow(() => hosts.check(new URL(url), 'u')));
}

for (const [why, url] of [
  ['another host', 'https://example.org/x'],
  ['a host that ends alike', 'https://evilfiles.example.org/x'],
  ['a host that starts alike', 'https://files.example.org.evil.test/x'],
  ['the name of a pattern itself', 'https://storage.example.net/x'],
  ['another port of the index', 'https://index.example.org:8080/x'],
  ['another port below a pattern', 'https://a.storage.example.net:22/x'],
  ['no encryption', 'http://index.example.org/x'],
  ['another scheme', 'ftp://index.example.org/x'],
  ['the disk', 'file:///etc/passwd'],
  ['a private address that is only a default', 'https://10.9.9.9/x'],
  ['an address in another spelling', 'https://0x7f.1/x'],
  ['an IPv6 loopback', 'https://[::1]/x'],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(() => hosts.check(new URL(url), 'u'), { code: 'UPSTREAM_REFUSED' });
  });
}

test('an index without encryption may lead to files with it', () => {
  const plain = new AllowedHosts(new URL('http://index.example.org/'), ['files.example.org'], []);
  assert.doesNotThrow(() => plain.check(new URL('https://files.example.org/x'), 'u'));
  assert.doesNotThrow(() => plain.check(new URL('http://files.example.org/x'), 'u'));
});

for (const [why, address, expected] of [
  ['loopback', '127.0.0.1', true],
  ['the cloud metadata service', '169.254.169.254', true],
  ['ten', '10.0.0.1', true],
  ['the last of 172.16/12', '172.31.255.255', true],
  ['the first behind it', '172.32.0.0', false],
  ['carrier NAT', '100.64.0.1', true],
  ['multicast', '224.0.0.1', true],
  ['broadcast', '255.255.255.255', true],
  ['this network', '0.0.0.0', true],
  ['a public address', '151.101.0.223', false],
  ['IPv6 loopback', '::1', true],
  ['IPv6 unspecified', '::', true],
  ['IPv4 in IPv6', '::ffff:127.0.0.1', true],
  ['a public IPv4 in IPv6', '::ffff:151.101.0.223', false],
  ['NAT64', '64:ff9b::7f00:1', true],
  ['unique local', 'fd00::1', true],
  ['link-local', 'fe80::1', true],
  ['a public IPv6 address', '2a04:4e42::223', false],
  ['no address', 'example.org', true],
] as const) {
  test(`${address} (${why}) is ${expected ? 'private' : 'public'}`, () =>
    assert.equal(isPrivateAddress(address), expected));
}

/** `localhost` stands for a public name that somebody let point inside. */
function lookUp(rules: AllowedHosts, all: boolean): Promise<string | readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    rules.lookup('localhost', { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}

for (const all of [true, false]) {
  test(`a name of a pattern or default that leads inside is refused (${all ? 'all addresses' : 'one address'})`, async () => {
    const rules = new AllowedHosts(new URL('https://index.example.org/'), ['*.example.org'], ['localhost']);
    await assert.rejects(lookUp(rules, all), { code: 'UPSTREAM_REFUSED' });
  });

  test(`a configured name may lead inside (${all ? 'all addresses' : 'one address'})`, async () => {
    const rules = new AllowedHosts(new URL('https://localhost:8443/'), [], []);
    const found = await lookUp(rules, all);
    assert.ok(
      typeof found === 'string' ? isPrivateAddress(found) : found.every(({ address }) => isPrivateAddress(address)),
    );
  });
}
