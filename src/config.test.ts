import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseConfig, pipEnvironment, readConfig } from './config.ts';

let folder: string;
let config: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-config-'));
  config = join(folder, 'wheelgate.toml');
  await writeFile(
    config,
    'port = 9000\nhost = "10.0.0.1"\npage_ttl = "1m"\n[[upstreams]]\nurl = "https://pypi.example.com/simple/"\nprivate = true\n',
  );
});
after(() => rm(folder, { recursive: true, force: true }));

test('nothing configured gives defaults that work', () => {
  const { host, port, data, policy, upstreams, page_ttl, limits } = parseConfig({});
  assert.deepEqual(
    { host, port, data, policy, upstreams, page_ttl },
    { host: '127.0.0.1', port: 8080, data: './wheelgate-data', policy: undefined, upstreams: [], page_ttl: 300_000 },
  );
  assert.deepEqual(limits, {
    file: 2e9,
    download_time: 900_000,
    inspection_time: 60_000,
    inspection_memory: 1e9,
  });
});

test('flags win over the environment, the environment over the file', () => {
  const env = { WHEELGATE_CONFIG: config, WHEELGATE_PORT: '9001', WHEELGATE_HOST: '' };
  assert.equal(readConfig({}, env).port, 9001);
  assert.equal(readConfig({ port: '9002' }, env).port, 9002);
  assert.equal(readConfig({}, env).host, '10.0.0.1', 'an empty variable counts as not set');
  assert.equal(readConfig({}, env).page_ttl, 60_000);
  assert.equal(readConfig({}, env).source, config);
});

for (const [why, flags, env, urls, from] of [
  ['the file', {}, {}, ['https://pypi.example.com/simple/'], undefined],
  [
    'the variable',
    {},
    { WHEELGATE_UPSTREAM: ' https://a/simple/  /wheels ' },
    ['https://a/simple/', '/wheels'],
    'WHEELGATE_UPSTREAM',
  ],
  ['the flag', { upstream: '/wheels' }, { WHEELGATE_UPSTREAM: 'https://a/' }, ['/wheels'], '--upstream'],
] as const) {
  test(`takes the upstreams from ${why} alone, and remembers it`, () => {
    const { upstreams, upstreamsFrom } = readConfig({ config, ...flags }, env);
    assert.deepEqual(
      upstreams.map(({ url }) => url),
      urls,
    );
    assert.equal(upstreamsFrom, from);
  });
}

for (const [why, env, proxy] of [
  ['none', {}, undefined],
  ['no_proxy alone is none', { no_proxy: 'x' }, undefined],
  ['the lower-case one wins, as in curl', { https_proxy: 'http://a', HTTPS_PROXY: 'http://b' }, { https: 'http://a' }],
  ['upper case', { HTTP_PROXY: 'http://b', NO_PROXY: 'x' }, { http: 'http://b', none: 'x' }],
] as const) {
  test(`reads the proxy of the machine: ${why}`, () => {
    assert.deepEqual(readConfig({ config }, env).proxy, proxy);
  });
}

for (const [why, raw, problem] of [
  ['an unknown key', { prot: 1 }, /prot/],
  ['a port that is none', { port: 'http' }, /port/],
  ['a port that is too large', { port: 65_536 }, /port/],
  ['a duration without a unit', { page_ttl: '5' }, /"5" is not a duration/],
  ['a size without a unit', { limits: { file: '5' } }, /"5" is not a size/],
  ['a public address that is no web address', { public_url: 'ftp://x' }, /public_url/],
  ['an index with the name of a route', { indexes: { packages: {} } }, /indexes\.packages/],
  ['an index whose name could not be a path', { indexes: { 'A/b': {} } }, /index names/],
  ['an upstream without address', { upstreams: [{ private: true }] }, /upstreams\.0\.url/],
] as const) {
  test(`refuses ${why}, and says where it stands`, () => {
    assert.throws(
      () => parseConfig(raw, 'w.toml'),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.match(error.message, /^w\.toml: /);
        assert.match(error.message, problem);
        return true;
      },
    );
  });
}

test('refuses a configuration file that was named and is not there', () => {
  assert.throws(() => readConfig({ config: join(folder, 'none.toml') }, {}), { code: 'CONFIG_INVALID' });
});

test('names line and column of broken TOML', async () => {
  const broken = join(folder, 'broken.toml');
  await writeFile(broken, 'port = 1\nhost = \n');
  assert.throws(() => readConfig({ config: broken }, {}), /broken\.toml: line 2, column/);
});

test('hands on of the environment only what clients are configured with', () => {
  const env = { PIP_INDEX_URL: 'a', UV_INDEX: 'b', HOME: 'c', AWS_SECRET_ACCESS_KEY: 'd', MY_PIP_TOKEN: 'e' };
  assert.deepEqual(pipEnvironment(env), { PIP_INDEX_URL: 'a', UV_INDEX: 'b', HOME: 'c' });
});
