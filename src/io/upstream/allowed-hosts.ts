import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { WheelgateError } from '../../core/errors.ts';

/** Networks that a public name has no business to lead to (IANA special-purpose registries). */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64: an IPv4 address in disguise
  ['64:ff9b:1::', 48],
  ['2002::', 16], // 6to4
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6');
}

/** True for loopback, private, link-local, multicast and other addresses that are not on the public internet. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Which hosts an upstream may be asked at. Its pages are foreign text: a link or a redirect must not make this process
 * call hosts of the inner network (server-side request forgery).
 */
export class AllowedHosts {
  readonly #indexUrl: URL;
  /** `host` or `host:port`, exact; these were written down by the operator and may be inside. */
  readonly #configured: ReadonlySet<string>;
  /** `.example.org` of `*.example.org`, and hosts that are allowed by default: outside only. */
  readonly #suffixes: readonly string[];
  readonly #byDefault: ReadonlySet<string>;

  /**
   * @param indexUrl the upstream itself, always allowed at its own port
   * @param fileHosts `files.example.org`, `files.example.org:8443` or `*.example.org`; without a port, the scheme's own
   * @param byDefault allowed without having been configured
   */
  constructor(indexUrl: URL, fileHosts: readonly string[], byDefault: readonly string[]) {
    const hosts = fileHosts.map((host) => host.toLowerCase());
    this.#indexUrl = indexUrl;
    this.#configured = new Set([indexUrl.host, ...hosts.filter((host) => !host.startsWith('*.'))]);
    this.#suffixes = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
    this.#byDefault = new Set(byDefault);
  }

  /** @throws {WheelgateError} UPSTREAM_REFUSED when `url` must not be fetched */
  check(url: URL, upstream: string): void {
    const { protocol, host, hostname } = url;
    if (protocol !== 'https:' && !(protocol === 'http:' && this.#indexUrl.protocol === 'http:')) {
      throw refused(
        upstream,
        `leads to ${protocol.slice(0, -1)} at ${host}`,
        'An https upstream may only lead to https.',
      );
    }
    if (this.#configured.has(host)) return;
    const isAllowed =
      this.#byDefault.has(host) || (url.port === '' && this.#suffixes.some((end) => host.endsWith(end)));
    if (!isAllowed) {
      throw refused(upstream, `leads to ${host}`, 'If that is right, add the host to `file_hosts` of this upstream.');
    }
    // A name is looked up, and its addresses are checked, when the connection is made.
    const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    if (isIP(literal) !== 0 && isPrivateAddress(literal)) throw refusedAddress(host);
  }

  /** Name resolution that refuses private addresses of hosts that nobody configured: checked here, it cannot be rebound. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const mayBePrivate = [...this.#configured].some((host) => host.replace(/:\d+$/, '') === hostname);
    const wanted: LookupOptions = { ...options, all: true };
    dnsLookup(hostname, wanted, (error, found) => {
      const addresses = found as LookupAddress[];
      if (error !== null) callback(error, '', 0);
      else if (!mayBePrivate && addresses.some(({ address }) => isPrivateAddress(address))) {
        callback(refusedAddress(hostname), '', 0);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function refused(upstream: string, what: string, help: string): WheelgateError {
  return new WheelgateError('UPSTREAM_REFUSED', `Upstream ${upstream} ${what}, which is not allowed`, help);
}

function refusedAddress(host: string): WheelgateError {
  return new WheelgateError(
    'UPSTREAM_REFUSED',
    `${host} has an address on a private network`,
    'If that is right, name the host itself in `file_hosts` of this upstream, not a pattern.',
  );
}
