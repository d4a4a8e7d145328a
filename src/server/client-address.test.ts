import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createAddressOf } from './client-address.ts';

const aRequest = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

for (const [why, trusted, remote, forwarded, expected] of [
  ['nobody is trusted', [], '10.0.0.1', '192.0.2.7', '10.0.0.1'],
  ['the proxy is another', ['10.0.0.2'], '10.0.0.1', '192.0.2.7', '10.0.0.1'],
  ['behind the proxy', ['10.0.0.1'], '10.0.0.1', '192.0.2.7', '192.0.2.7'],
  ['behind two proxies', ['10.0.0.0/8'], '10.0.0.1', '192.0.2.7, 10.9.9.9', '192.0.2.7'],
  ['what the client wrote itself does not count', ['10.0.0.1'], '10.0.0.1', '8.8.8.8, 192.0.2.7', '192.0.2.7'],
  ['a word in place of an address', ['10.0.0.1'], '10.0.0.1', '192.0.2.7, unknown', '10.0.0.1'],
  ['the proxy says nothing', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ['only proxies', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.2', '10.0.0.1'],
  ['IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ['IPv4 on a socket for both', ['10.0.0.1'], '::ffff:10.0.0.1', '::ffff:192.0.2.7', '192.0.2.7'],
  ['a connection that is gone', ['10.0.0.1'], undefined, '192.0.2.7', 'unknown'],
] as const) {
  test(`the address of a client: ${why}`, () => {
    assert.equal(createAddressOf(trusted)(aRequest(remote, forwarded)), expected);
  });
}

for (const written of ['proxy.example.com', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', 'fd00::/129', '']) {
  test(`is no proxy: ${JSON.stringify(written)}`, () =>
    assert.throws(() => createAddressOf([written]), { code: 'CONFIG_INVALID', message: /access\.trusted_proxies/ }));
}
