import assert from 'node:assert/strict';
import { once, setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { aWheel, aWheelName } from '../../../test/builders/a-wheel.ts';
import { type FakeIndex, type Fault, startFakeIndex } from '../../../test/fakes/fake-index.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseProjectName } from '../../core/python/name.ts';
import type { Upstream } from '../../gate/ports.ts';
import type { HttpOptions } from './http-client.ts';
import { HttpIndex } from './http-index.ts';

const demo = parseProjectName('demo');
const filename = aWheelName();
const bytes = aWheel();
const never = new AbortController().signal;
const JSON_HEADERS = { 'content-type': 'application/vnd.pypi.simple.v1+json' };
const PAGE = JSON.stringify({ meta: { 'api-version': '1.4' }, name: 'demo', files: [] });

let fake: FakeIndex;
before(async () => {
  fake = await startFakeIndex();
  fake.slowMs = 200;
});
beforeEach(() => {
  fake.heal();
  fake.requests.length = 0;
  fake.addFile('demo', filename, bytes);
});
after(() => fake.stop());

const anIndex = (over: HttpOptions = {}) => new HttpIndex(fake.simpleUrl, over);
/** Gives up soon: for what never answers. */
const anImpatientIndex = () => anIndex({ pageTimeoutMs: 400, idleTimeoutMs: 400 });

async function readFile(upstream: Upstream): Promise<Buffer> {
  const answer = await upstream.readPage(demo);
  assert.ok(answer.kind === 'page');
  const { body } = await upstream.openFile(answer.page.files[0]!, never);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

for (const [why, fault, code] of [
  ['no answer', 'stall', 'UPSTREAM_TIMEOUT'],
  ['a closed connection', 'refuse', 'UPSTREAM_FAILED'],
  ['a body cut short', 'cut', 'UPSTREAM_FAILED'],
  ['other bytes', 'wrong-bytes', 'PAGE_INVALID'],
  ['a body that drips beyond the time for a page', 'slow', 'UPSTREAM_TIMEOUT'],
  ['a server error', { status: 500 }, 'UPSTREAM_FAILED'],
  ['no credentials', { status: 401 }, 'UPSTREAM_FAILED'],
  ['no permission', { status: 403 }, 'UPSTREAM_FAILED'],
  ['too many requests', { status: 429 }, 'UPSTREAM_FAILED'],
  ['an unasked 304', { status: 304 }, 'UPSTREAM_FAILED'],
  ['an empty success', { status: 204 }, 'UPSTREAM_FAILED'],
  ['a part', { status: 206 }, 'UPSTREAM_FAILED'],
] as const satisfies readonly (readonly [string, Fault, string])[]) {
  test(`a page that meets ${why} is a failure, not an absence`, async () => {
    fake.fail('/simple/', fault);
    await assert.rejects(anImpatientIndex().readPage(demo), (error) => {
      assert.ok(error instanceof WheelgateError);
      assert.equal(error.code, code);
      assert.ok(error.message.includes(fake.simpleUrl), error.message);
      return true;
    });
  });
}

for (const status of [404, 410]) {
  test(`${status} says that the project is not there`, async () => {
    fake.fail('/simple/demo/', { status });
    assert.deepEqual(await anIndex().readPage(demo), { kind: 'absent' });
  });
}

for (const [why, fault, code] of [
  ['silence', 'stall', 'UPSTREAM_TIMEOUT'],
  ['a closed connection', 'refuse', 'UPSTREAM_FAILED'],
  ['a body cut short', 'cut', 'UPSTREAM_FAILED'],
  ['a server error', { status: 500 }, 'UPSTREAM_FAILED'],
  ['a file that is gone', { status: 404 }, 'UPSTREAM_FAILED'],
] as const satisfies readonly (readonly [string, Fault, string])[]) {
  test(`a file that meets ${why} throws`, async () => {
    fake.fail('/packages/', fault);
    await assert.rejects(readFile(anImpatientIndex()), { code });
  });
}

test('a file may drip for longer than a page may', async () => {
  fake.fail('/packages/', 'slow');
  fake.slowMs = 50;
  assert.deepEqual(await readFile(anIndex({ pageTimeoutMs: 300 })), Buffer.from(bytes));
});

test('a page is tried once more after a reset, a file and a failing page are not', async () => {
  fake.fail('/simple/demo/', 'refuse', 1);
  assert.equal((await anIndex().readPage(demo)).kind, 'page');
  assert.equal(fake.requests.length, 2);
  fake.requests.length = 0;
  fake.fail('/packages/', 'refuse');
  await assert.rejects(readFile(anIndex()));
  assert.equal(fake.requests.length, 2);
  fake.requests.length = 0;
  fake.fail('/simple/', 'refuse');
  await assert.rejects(anIndex().readPage(demo));
  assert.equal(fake.requests.length, 2);
  fake.requests.length = 0;
  fake.heal();
  fake.fail('/simple/', { status: 503 });
  await assert.rejects(anIndex().readPage(demo));
  assert.equal(fake.requests.length, 1);
});

test('stalled downloads do not hold up pages', async () => {
  const upstream = anIndex();
  const answer = await upstream.readPage(demo);
  assert.ok(answer.kind === 'page');
  fake.fail('/packages/', 'stall');
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const stalled = Array.from({ length: 60 }, () => upstream.openFile(answer.page.files[0]!, stop.signal));
  assert.equal((await upstream.readPage(demo)).kind, 'page');
  stop.abort();
  for (const outcome of await Promise.allSettled(stalled)) assert.equal(outcome.status, 'rejected');
});

test('files beyond the limit are refused by their length and by what comes', async () => {
  await assert.rejects(readFile(anIndex({ maxFileBytes: bytes.length - 1 })), { code: 'FILE_TOO_LARGE' });
  assert.deepEqual(await readFile(anIndex({ maxFileBytes: bytes.length })), Buffer.from(bytes));
  const { path } = fake.addFile('demo', filename, bytes);
  const server = createServer((_, response) => response.end(Buffer.alloc(100_000)).flushHeaders()).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { body } = await new HttpIndex(`${origin}/simple/`, { maxFileBytes: 99_999 })
    .openFile({ filename, url: `${origin}${path}` }, never)
    .catch((error) => ({ body: [Promise.reject(error)] }));
  await assert.rejects(
    async () => {
      for await (const _ of body);
    },
    { code: 'FILE_TOO_LARGE' },
  );
  server.close();
});

test('credentials go to the own origin only, and show nowhere', async () => {
  const secret = await startFakeIndex({ credentials: { user: 'us er', password: 'p@ss' } });
  after(() => secret.stop());
  const elsewhere = await startFakeIndex();
  after(() => elsewhere.stop());
  const location = secret.simpleUrl.replace('//', '//us%20er:p%40ss@');
  const upstream = new HttpIndex(location, { fileHosts: [new URL(elsewhere.origin).host] });
  secret.addFile('demo', filename, bytes);
  elsewhere.addFile('demo', filename, bytes);
  assert.equal(upstream.name, secret.simpleUrl);
  assert.deepEqual(await readFile(upstream), Buffer.from(bytes));
  secret.removeFile('demo', filename);
  secret.addFile('demo', filename, bytes, { origin: elsewhere.origin });
  assert.deepEqual(await readFile(upstream), Buffer.from(bytes));
  assert.deepEqual(
    elsewhere.requests.map(({ headers }) => headers.authorization),
    [undefined],
  );
  secret.answerWith('/simple/demo/', { status: 302, headers: { location: `${elsewhere.simpleUrl}demo/` } });
  assert.equal((await upstream.readPage(demo)).kind, 'page');
  assert.equal(elsewhere.requests.at(-1)?.headers.authorization, undefined);
  secret.fail('/simple/', { status: 500 });
  await assert.rejects(upstream.readPage(demo), (error) => {
    assert.doesNotMatch(
      `${(error as Error).message} ${(error as WheelgateError).help} ${upstream.name}`,
      /p@ss|p%40ss|us%20er/,
    );
    return true;
  });
});

for (const [why, location, code] of [
  ['to a host that is not allowed', 'http://files.example.org/x', 'UPSTREAM_REFUSED'],
  ['to another port', 'http://127.0.0.1:1/x', 'UPSTREAM_REFUSED'],
  ['to the metadata service of a cloud', 'http://169.254.169.254/', 'UPSTREAM_REFUSED'],
  ['to the disk', 'file:///etc/passwd', 'UPSTREAM_REFUSED'],
  ['to no address', 'http://[', 'UPSTREAM_FAILED'],
  ['to itself for ever', '/simple/demo/', 'UPSTREAM_FAILED'],
] as const) {
  test(`a redirect ${why} ends the request`, async () => {
    const other = await startFakeIndex();
    after(() => other.stop());
    other.answerWith('/simple/demo/', { status: 302, headers: { location } });
    await assert.rejects(new HttpIndex(other.simpleUrl, {}).readPage(demo), { code });
  });
}

test('relative links start from where a redirect led', async () => {
  const other = await startFakeIndex();
  after(() => other.stop());
  other.answerWith('/simple/demo/', { status: 301, headers: { location: '/moved/here/' } });
  const headers = { 'content-type': 'text/html' };
  other.answerWith('/moved/here/', { headers, body: '<a href="../demo-1.0.tar.gz">demo-1.0.tar.gz</a>' });
  const answer = await new HttpIndex(other.simpleUrl, {}).readPage(demo);
  assert.ok(answer.kind === 'page');
  assert.equal(answer.page.files[0]?.url, `${other.origin}/moved/demo-1.0.tar.gz`);
});

for (const [why, answer, expected] of [
  ['gzip', { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' }, body: gzipSync(PAGE) }, 'page'],
  ['parameters of the type', { headers: { 'content-type': 'Text/HTML; charset="iso-8859-1"' }, body: '' }, 'page'],
  [
    'half of a gzip',
    { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' }, body: gzipSync(PAGE).subarray(0, 30) },
    'UPSTREAM_FAILED',
  ],
  [
    'an encoding that nobody asked for',
    { headers: { ...JSON_HEADERS, 'content-encoding': 'br' }, body: PAGE },
    'UPSTREAM_FAILED',
  ],
  [
    'a bomb',
    { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(65 * 2 ** 20)) },
    'UPSTREAM_FAILED',
  ],
  ['another content type', { headers: { 'content-type': 'application/json' }, body: PAGE }, 'PAGE_INVALID'],
  ['no content type', { headers: { 'content-type': '' }, body: PAGE }, 'PAGE_INVALID'],
  [
    'an API to come',
    { headers: { 'content-type': 'application/vnd.pypi.simple.v2+json' }, body: PAGE },
    'PAGE_INVALID',
  ],
  ['bytes that are no UTF-8', { headers: JSON_HEADERS, body: Buffer.from([0x22, 0xff, 0x22]) }, 'PAGE_INVALID'],
  ['an unknown charset', { headers: { 'content-type': 'text/html; charset=x' }, body: '' }, 'PAGE_INVALID'],
  ['another project', { headers: JSON_HEADERS, body: PAGE.replace('demo', 'demo2') }, 'PAGE_INVALID'],
] as const) {
  test(`a page with ${why}: ${expected}`, async () => {
    const other = await startFakeIndex();
    after(() => other.stop());
    other.answerWith('/simple/demo/', answer);
    const reading = new HttpIndex(other.simpleUrl, {}).readPage(demo);
    if (expected === 'page') assert.equal((await reading).kind, 'page');
    else {
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof WheelgateError);
        assert.equal(error.code, expected);
        assert.ok(error.message.includes(other.simpleUrl), error.message);
        return true;
      });
    }
  });
}

test('asks for JSON first, and says who asks', async () => {
  await anIndex().readPage(demo);
  const [request] = fake.requests;
  assert.match(String(request?.headers.accept), /^application\/vnd\.pypi\.simple\.v1\+json, /);
  assert.match(String(request?.headers['user-agent']), /^wheelgate/);
});

for (const [why, lastModified, expected] of [
  ['a date', 'Fri, 02 Jan 2026 03:04:05 GMT', '2026-01-02T03:04:05.000Z'],
  ['none', '', undefined],
  ['a date in words', 'yesterday', undefined],
  ['a date in a zone of its own', 'Fri, 02 Jan 2026 03:04:05 +0200', undefined],
  ['a day that does not exist', 'Fri, 99 Jan 2026 03:04:05 GMT', undefined],
] as const) {
  test(`Last-Modified with ${why}`, async () => {
    const { path, url } = fake.addFile('demo', filename, bytes);
    fake.answerWith(path, { headers: { 'last-modified': lastModified }, body: bytes });
    assert.equal((await anIndex().lastModified({ filename, url }, never))?.toISOString(), expected);
    assert.deepEqual(fake.requestLines(), [`HEAD ${path}`]);
  });
}

test('an upstream that will not say when is not one that fails', async () => {
  const { url } = fake.addFile('demo', filename, bytes);
  fake.fail('/packages/', { status: 405 });
  assert.equal(await anIndex().lastModified({ filename, url }, never), undefined);
  fake.fail('/packages/', { status: 502 });
  await assert.rejects(anIndex().lastModified({ filename, url }, never), { code: 'UPSTREAM_FAILED' });
});

test('reads provenance from where the page says, and only there', async () => {
  const other = await startFakeIndex();
  after(() => other.stop());
  other.addFile('demo', filename, bytes, { provenance: { version: 1 } });
  const upstream = new HttpIndex(other.simpleUrl, {});
  const answer = await upstream.readPage(demo);
  assert.ok(answer.kind === 'page');
  const [file] = answer.page.files;
  assert.equal(Buffer.from((await upstream.readProvenance(file!, never))!).toString(), '{"version":1}');
  const elsewhere = { ...file!, provenance: 'http://169.254.169.254/provenance' };
  await assert.rejects(upstream.readProvenance(elsewhere, never), { code: 'UPSTREAM_REFUSED' });
});

test('an index without a list of projects says so', async () => {
  fake.fail('/simple/', { status: 404 });
  await assert.rejects(anIndex().listProjects(), { code: 'UPSTREAM_FAILED' });
});

test('requests go through the proxy, but not to hosts that need none', async () => {
  const proxied: string[] = [];
  const proxy = createServer((request, response) => {
    proxied.push(String(request.url));
    response.writeHead(200, JSON_HEADERS).end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  proxy.on('connect', (request, socket) => {
    proxied.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  const http = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const through = new HttpIndex('http://index.example.org/simple/', { proxy: { http } });
  await through.readPage(demo).catch(() => undefined);
  assert.match(proxied.join(), /index\.example\.org/);
  assert.equal((await anIndex({ proxy: { http, none: '127.0.0.1' } }).readPage(demo)).kind, 'page');
  assert.equal(proxied.length, 1);
  proxy.close();
});
