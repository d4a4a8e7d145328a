import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { WheelgateError } from '../core/errors.ts';

/** Where a request comes from, as far as it can be known. */
export type AddressOf = (request: IncomingMessage) => string;

/**
 * The address of the client. Behind proxies that are trusted it is the last one in `X-Forwarded-For` that is not one of
 * them; what stands before it anybody may have written.
 * @param trusted addresses and networks of proxies: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`
 * @throws {WheelgateError} CONFIG_INVALID for one that is neither
 */
export function createAddressOf(trusted: readonly string[]): AddressOf {
  if (trusted.length === 0) return socketAddress;
  const proxies = new BlockList();
  for (const one of trusted) add(proxies, one);
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    const direct = socketAddress(request);
    if (isIP(direct) === 0 || !isProxy(direct)) return direct;
    const passed = String(request.headers['x-forwarded-for'] ?? '').split(',');
    const hops = passed.map((hop) => plain(hop.trim()));
    const client = hops.findLast((hop) => isIP(hop) === 0 || !isProxy(hop));
    return client !== undefined && isIP(client) !== 0 ? client : direct;
  };
}

function socketAddress({ socket }: IncomingMessage): string {
  return plain(socket.remoteAddress ?? 'unknown');
}

/** IPv4 within IPv6, as a socket for both gives it, is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

function add(proxies: BlockList, written: string): void {
  const [address = '', prefix] = written.split('/');
  const version = isIP(address);
  const bits = prefix === undefined ? undefined : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  const isNetwork = bits === undefined || bits <= (version === 6 ? 128 : 32);
  if (version === 0 || !isNetwork)
    throw new WheelgateError(
      'CONFIG_INVALID',
      `access.trusted_proxies: ${JSON.stringify(written)} is no address and no network`,
      'Write 127.0.0.1, 10.0.0.0/8 or fd00::/8.',
    );
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) proxies.addAddress(address, family);
  else proxies.addSubnet(address, bits, family);
}
