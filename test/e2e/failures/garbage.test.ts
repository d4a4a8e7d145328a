import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../../fakes/fake-index.ts';
import { type StartedGate, startGate } from '../start-gate.ts';
import { errorsOf } from './lab.ts';

// Whatever a client sends: no crash, no 5xx but 503 for an upstream, and every refusal is a problem that clients can read.

let upstream: FakeIndex;
let gate: StartedGate;
/** Of a file that is served. */
let path: string;

before(async () => {
  upstream = await startFakeIndex();
  const options = { project: 'demo', version: '1.0' };
  path = upstream.addFile('demo', aWheelName(options), aWheel(options)).path;
  gate = await startGate({ upstream: upstream.simpleUrl });
  assert.equal((await fetch(`${gate.url}${path}`)).status, 200);
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** Sends bytes as they stand and reads until the other side ends. */
function send(raw: string): Promise<Answer> {
  const { hostname, port } = new URL(gate.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(raw, 'latin1')));
    // A request that is never whole waits for its rest; nobody else does.
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${JSON.stringify(raw.slice(0, 80))}`)));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // What is still being sent when the gate has had enough breaks off: what it said before counts.
    socket.on('error', (error) => (text === '' ? reject(error) : undefined));
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
      resolve({ status, type: /^content-type: (.*)$/im.exec(head)?.[1] ?? '', body });
    });
  });
}

const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'Host: gate.test', 'Connection: close', ...headers, '', ''].join('\r\n');

/** Statuses of answers that are no refusals. */
const FINE = new Set([200, 206, 301, 304]);

async function assertHandled(raw: string, expected?: number): Promise<void> {
  const said = JSON.stringify(raw.slice(0, 120));
  const { status, type, body } = await send(raw);
  assert.ok(status > 0, `no HTTP answer to ${said}`);
  if (expected !== undefined) assert.equal(status, expected, said);
  assert.ok(status < 500 || status === 503, `${status} to ${said}`);
  // The release page is for people: it says its refusals as a page.
  if (FINE.has(status) || (raw.includes('/r/') && type === 'text/html; charset=utf-8')) return;
  assert.equal(type, 'application/problem+json', `${status} to ${said}`);
  if (raw.startsWith('HEAD ')) return;
  const problem = JSON.parse(body);
  assert.deepEqual([problem.status, typeof problem.title, typeof problem.detail], [status, 'string', 'string'], said);
}

const long = (length: number) => 'a'.repeat(length);

for (const [why, raw, expected] of [
  ['a bad percent escape', request('GET /simple/%zz/'), 400],
  ['half an escape', request('GET /simple/demo%2'), 400],
  ['an escape that is no UTF-8', request('GET /simple/%ff%fe/'), 400],
  ['the same, asked by HEAD', request('HEAD /simple/%zz/'), 400],
  ['dots', request('GET /simple/../../etc/passwd'), 404],
  ['encoded dots', request('GET /packages/%2e%2e/%2e%2e/etc/passwd'), 404],
  ['encoded slashes', request('GET /packages/..%2f..%2fetc%2fpasswd'), 404],
  ['backslashes', request('GET /packages/..\\..\\wheelgate.db'), 404],
  ['an encoded NUL', request('GET /simple/demo%00/'), 404],
  ['a NUL', request('GET /simple/de\0mo/'), 400],
  ['a control character', request('GET /simple/de\x01mo/'), 400],
  ['bytes above ASCII', request('GET /simple/d\xe9mo/')],
  ['a name that is none', request('GET /simple/-demo-/'), 404],
  ['a Kelvin sign', request('GET /simple/%E2%84%AAit/'), 404],
  ['a long name', request(`GET /simple/${long(499)}/`)],
  ['a longer name', request(`GET /simple/${long(2_000)}/`), 400],
  ['a URL beyond all limits', request(`GET /${long(70_000)}`), 431],
  ['a huge header', request('GET /simple/demo/', `X-Huge: ${long(70_000)}`), 431],
  ['very many headers', request('GET /simple/demo/', ...Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1`))],
  ['an absolute URL of another host', request('GET http://evil.test/simple/demo/')],
  ['an absolute URL without a path', request('GET http://evil.test')],
  ['two slashes', request('GET //evil.test/simple/demo/'), 404],
  ['an asterisk', request('OPTIONS *'), 405],
  ['no path', request('GET ?format=x'), 400],
  ['a fragment', request('GET /simple/demo/#x')],
  ['POST', request('POST /simple/demo/', 'Content-Length: 3', '', 'abc'), 405],
  [
    'POST of broken JSON',
    request('POST /simple/demo/', 'Content-Type: application/json', 'Content-Length: 2', '', '{x'),
    405,
  ],
  ['POST of a type that is none', request('POST /simple/demo/', 'Content-Type: ;;;', 'Content-Length: 1', '', 'x')],
  ['POST of much', request('POST /simple/demo/', 'Content-Length: 3000000', '', long(3_000_000)), 405],
  ['GET with a body', request('GET /simple/demo/', 'Content-Length: 3', '', 'abc'), 200],
  ['DELETE', request(`DELETE /packages/x`), 405],
  ['PUT in pieces', request('PUT /simple/demo/', 'Transfer-Encoding: chunked', '', '3', 'abc', '0'), 405],
  ['TRACE', request('TRACE /simple/demo/'), 405],
  ['a method of WebDAV', request('PROPFIND /'), 405],
  ['a method that is none', request('BREW /simple/demo/'), 400],
  ['CONNECT', request('CONNECT evil.test:443'), 405],
  ['an upgrade', 'GET /simple/demo/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n'],
  ['an expectation', request('GET /simple/demo/', 'Expect: coffee'), 417],
  ['HTTP/1.0', 'GET /simple/demo/ HTTP/1.0\r\n\r\n', 200],
  ['HTTP/0.9', 'GET /simple/demo/\r\n\r\n', 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an HTTP that is to come', 'GET / HTTP/9.9\r\n\r\n', 400],
  ['no Host', 'GET /simple/demo/ HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['no Host, asked for a ready page by HEAD', 'HEAD /simple/demo/ HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['two lengths', request('POST /simple/', 'Content-Length: 1', 'Content-Length: 2', '', 'ab'), 400],
  ['a length and pieces', request('POST /simple/', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', 'x'), 400],
  ['a negative length', request('POST /simple/', 'Content-Length: -1'), 400],
  ['a header without a name', request('GET /simple/demo/', ': x'), 400],
  ['a header over two lines', request('GET /simple/demo/', 'Accept: text/html,', ' */*')],
  ['bare line feeds', 'GET /simple/demo/ HTTP/1.1\nHost: x\nConnection: close\n\n'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['nonsense', 'hello\r\n\r\n', 400],
  ['no page of that kind', request('GET /simple/demo/', 'Accept: image/png'), 406],
  ['an Accept that is none', request('GET /simple/demo/', 'Accept: ;;q=,,//')],
  ['an Accept of thousands', request('GET /simple/demo/', `Accept: ${'text/x;q=0.1,'.repeat(1_000)}`), 406],
  ['two formats in the query', request('GET /simple/demo/?format=a&format=b')],
  ['a format that is none', request('GET /simple/demo/?format=%ff'), 406],
  ['a query that shadows an object', request('GET /simple/demo/?__proto__=x&constructor=y'), 200],
  ['a JSON document of nothing', request('GET /pypi/%20/json'), 404],
  ['a JSON document of a version that is none', request('GET /pypi/demo/%00/json'), 404],
  ['a release page of a version that is none', request('GET /r/demo/%2e%2e')],
  ['provenance of nothing', request('GET /integrity/demo/1.0/..%2f..%2fx/provenance'), 404],
] as const satisfies readonly (readonly [string, string, number?])[]) {
  test(`garbage: ${why}`, () => assertHandled(raw, expected));
}

/** A body of its own length. */
const post = (path: string, body: string, ...headers: string[]) =>
  `${request(`POST ${path}`, `Content-Length: ${body.length}`, ...headers)}${body}`;

for (const [why, raw, expected] of [
  ['no body', request('POST /v1/query'), 400],
  ['broken JSON', post('/v1/query', '{"package":'), 400],
  ['JSON of nothing', post('/v1/query', 'null'), 400],
  ['JSON within JSON', post('/v1/query', '['.repeat(100_000)), 400],
  ['names of wrong types', post('/v1/query', '{"package":{"name":{},"ecosystem":[]},"version":7}'), 400],
  ['a prototype', post('/v1/query', '{"__proto__":{"package":{"name":"x"}}}'), 400],
  ['a name that is none', post('/v1/query', '{"package":{"name":"../x","ecosystem":"PyPI"}}')],
  ['a version that is none', post('/v1/query', '{"package":{"name":"x","ecosystem":"PyPI"},"version":"\\u0000"}')],
  ['a purl that is none', post('/v1/query', '{"package":{"purl":"pkg:pypi/%zz@@"}}'), 400],
  ['bytes that are no UTF-8', post('/v1/query', '{"package":{"name":"\xff\xfe","ecosystem":"PyPI"}}')],
  ['too much', post('/v1/querybatch', ' '.repeat(3_000_000)), 413],
  ['too many queries', post('/v1/querybatch', JSON.stringify({ queries: Array(5_000).fill({}) })), 400],
  ['a type that is none', post('/v1/query', '{}', 'Content-Type: ;;;')],
  ['an encoding that nobody asked for', post('/v1/query', 'x', 'Content-Encoding: gzip'), 400],
  ['an id of dots', request('GET /v1/vulns/..%2f..%2fx'), 404],
  ['an id of nothing', request('GET /v1/vulns/%00'), 404],
] as const satisfies readonly (readonly [string, string, number?])[]) {
  test(`garbage for the OSV endpoint, which answers as OSV does: ${why}`, async () => {
    const { status, type, body } = await send(raw);
    if (expected !== undefined) assert.equal(status, expected, body);
    assert.ok(status > 0 && status < 500, `${status}: ${body}`);
    assert.match(type, /^application\/json\b/);
    if (status !== 200) assert.equal(typeof JSON.parse(body).message, 'string');
  });
}

for (const [why, headers, expected] of [
  ['a range past the end', ['Range: bytes=999999-'], 416],
  ['an empty suffix', ['Range: bytes=-0'], 416],
  ['a range backwards', ['Range: bytes=9-3'], 200],
  ['a range of many', ['Range: bytes=0-1,3-4,6-7'], 200],
  ['a range of another unit', ['Range: lines=0-1'], 200],
  ['a range of huge numbers', [`Range: bytes=${'9'.repeat(400)}-`], 200],
  ['a range that is none', ['Range: bytes=--,a-b'], 200],
  ['two ranges', ['Range: bytes=0-1', 'Range: bytes=2-3'], undefined],
  ['a range of what was before', ['Range: bytes=0-1', 'If-Range: "something else"'], 200],
  ['a range of no date', ['Range: bytes=0-1', 'If-Range: yesterday'], 200],
  ['an ETag that is none', ['If-None-Match: ,,,"'], 200],
  ['any ETag', ['If-None-Match: *'], 304],
  ['a Host with a path', ['Host: evil.test/x?y'], undefined],
  ['a Host that is markup', ['Host: <script>alert(1)</script>'], undefined],
  ['an encoding that is none', ['Accept-Encoding: ,;q=x, gzip;q=9'], 200],
  ['a User-Agent of nested JSON', [`User-Agent: pip/26 ${'{"a":'.repeat(400)}`], 200],
  ['a User-Agent of wrong types', ['User-Agent: pip/26 {"python":{},"cpu":7,"system":null,"ci":"x"}'], 200],
] as const satisfies readonly (readonly [string, readonly string[], number | undefined])[]) {
  test(`odd headers on a file, its metadata and its page: ${why}`, async () => {
    await assertHandled(request(`GET ${path}`, ...headers), expected);
    for (const target of [`${path}.metadata`, '/simple/demo/', '/simple/', '/pypi/demo/json', '/r/demo/1.0']) {
      await assertHandled(request(`GET ${target}`, ...headers));
      await assertHandled(request(`HEAD ${target}`, ...headers));
    }
  });
}

test('random requests: nothing but answers', async () => {
  const random = numbers(20261123);
  const pick = <T>(all: readonly T[]): T => all[random() % all.length]!;
  const words = [
    'simple',
    'packages',
    'pypi',
    'integrity',
    'r',
    'demo',
    '1.0',
    'json',
    '..',
    '%2e',
    '%',
    '%00',
    '',
    'ü',
    path,
  ];
  const noise = () => String.fromCharCode(random() % 256);
  const requests = Array.from({ length: 400 }, () => {
    const target = `/${Array.from({ length: random() % 6 }, () => pick(words)).join('/')}${pick(['', '/', '?', noise()])}`;
    const headers = Array.from(
      { length: random() % 4 },
      () => `${pick(['Accept', 'Range', 'If-Range', 'X', noise()])}: ${noise()}${pick(['*/*', 'bytes=0-', noise()])}`,
    );
    return request(`${pick(['GET', 'GET', 'HEAD', 'POST', noise()])} ${target}`, ...headers);
  });
  for (let at = 0; at < requests.length; at += 20) {
    await Promise.all(requests.slice(at, at + 20).map((raw) => assertHandled(raw)));
  }
});

test('what never becomes a whole request keeps nobody waiting', async () => {
  const { hostname, port } = new URL(gate.url);
  const idle = Array.from({ length: 50 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('GET /simple/demo/ HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    return socket;
  });
  try {
    assert.equal((await fetch(`${gate.url}/simple/demo/`)).status, 200);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});

test('after all this the same process serves, and nothing unexpected was logged', async () => {
  assert.equal(gate.process.exitCode, null);
  assert.equal((await fetch(`${gate.url}${path}`)).status, 200);
  assert.equal((await fetch(`${gate.url}/readyz`)).status, 200);
  assert.deepEqual(errorsOf(gate), []);
});

/** The same numbers each time, so that a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
