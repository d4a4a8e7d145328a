import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../config.ts';
import type { PipIndex, PipSettings } from '../io/upstream/pip-config.ts';
import { chooseUpstreams, isOwnAddress } from './choose-upstreams.ts';

const PYPI = 'https://pypi.org/simple/';
const pipIndex = (location: string, kind: PipIndex['kind'] = 'index'): PipIndex => ({
  location,
  kind,
  why: 'pip.conf',
});

for (const [why, pip, locations] of [
  ['nothing is configured: PyPI', { indexes: [], usesDefaultIndex: true }, [PYPI]],
  [
    'no-index and nothing else: PyPI all the same, for a gate without upstream serves nothing',
    { indexes: [], usesDefaultIndex: false },
    [PYPI],
  ],
  [
    'an index-url: that alone',
    { indexes: [pipIndex('https://a/simple/')], usesDefaultIndex: false },
    ['https://a/simple/'],
  ],
  [
    'an extra index: PyPI behind it, for pip asks it too',
    { indexes: [pipIndex('https://b/')], usesDefaultIndex: true },
    ['https://b/', PYPI],
  ],
  [
    'the gate itself: left out, or it would ask itself',
    {
      indexes: [pipIndex('http://127.0.0.1:8080/simple/'), pipIndex('/wheels', 'find-links')],
      usesDefaultIndex: false,
    },
    ['/wheels'],
  ],
  [
    'only the gate itself: PyPI',
    { indexes: [pipIndex('http://localhost:8080/simple/')], usesDefaultIndex: false },
    [PYPI],
  ],
] as const satisfies readonly (readonly [string, PipSettings, readonly string[]])[]) {
  test(`with what pip is configured with, ${why}`, () => {
    assert.deepEqual(
      chooseUpstreams(parseConfig({}), pip).map(({ location }) => location),
      locations,
    );
  });
}

test('what the configuration names replaces all that pip is configured with', () => {
  const config = parseConfig(
    { upstreams: [{ url: 'https://own/', private: true, file_hosts: ['files.own'] }] },
    'w.toml',
  );
  assert.deepEqual(chooseUpstreams(config, { indexes: [pipIndex('https://a/')], usesDefaultIndex: true }), [
    { location: 'https://own/', isPrivate: true, fileHosts: ['files.own'], why: 'w.toml' },
  ]);
});

for (const [why, location, own] of [
  ['its address', 'http://127.0.0.1:8080/simple/', true],
  ['another name of this machine', 'http://localhost:8080/ml/simple/', true],
  ['IPv6', 'http://[::1]:8080/simple/', true],
  ['the address that users see', 'https://pypi.example.com/simple/', true],
  ['another port', 'http://127.0.0.1:8081/simple/', false],
  ['another machine', 'http://10.0.0.1:8080/simple/', false],
  ['a folder', '/wheels', false],
] as const) {
  test(`${own ? 'recognises' : 'does not take for itself'} ${why}`, () => {
    assert.equal(
      isOwnAddress(location, { host: '127.0.0.1', port: 8080, public_url: 'https://pypi.example.com' }),
      own,
    );
  });
}
