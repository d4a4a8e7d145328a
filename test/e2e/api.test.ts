import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { runWheelgate, type StartedGate, startGate } from './start-gate.ts';

let upstream: FakeIndex;
let gate: StartedGate;
before(async () => {
  upstream = await startFakeIndex();
  const six = { project: 'six', version: '1.16.0' };
  upstream.addFile('six', aWheelName(six), aWheel(six), { uploadTime: new Date('2021-05-05T00:00:00Z') });
  gate = await startGate({ upstream: upstream.simpleUrl });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

const api = (path: string, init?: RequestInit) => fetch(`${gate.url}/api/v1${path}`, init);

test('`why` prints the same over HTTP and over the data folder', async () => {
  const args = ['why', 'six==1.16.0', '--format', 'json'];
  const remote = await runWheelgate(args, { WHEELGATE_URL: `${gate.url}/` });
  const local = await runWheelgate(args, { WHEELGATE_DATA: gate.data, WHEELGATE_UPSTREAM: upstream.simpleUrl });
  assert.deepEqual(remote, local);
  assert.equal(remote.code, 2, remote.err);
  assert.equal(JSON.parse(remote.out).files[0].filename, aWheelName({ project: 'six', version: '1.16.0' }));
});

test('--data means the folder, whatever the environment says', async () => {
  const args = ['why', 'six', '--data', gate.data, '--upstream', upstream.simpleUrl];
  assert.equal((await runWheelgate(args, { WHEELGATE_URL: 'http://127.0.0.1:1' })).code, 2);
});

test('a command ends over HTTP as it does without a server, and says what a server cannot', async () => {
  const { port, close } = await startStranger();
  for (const [why, url, subject, code, said] of [
    ['no such index', gate.url, ['six', '--index', 'nope'], 5, /there is no index "nope"/],
    ['no project name', gate.url, ['-x'], 3, /./],
    ['nobody listens', 'http://127.0.0.1:1', ['six'], 4, /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/],
    [
      'no gate',
      `http://127.0.0.1:${port}`,
      ['six'],
      4,
      /something that this program does not understand.*WHEELGATE_URL/,
    ],
    ['the index', gate.indexUrl, ['six'], 4, /No such page/],
    ['no address', 'gate.example.com', ['six'], 3, /WHEELGATE_URL: this is no address/],
    ['a token in the address', 'http://a:b@127.0.0.1', ['six'], 3, /belong here but into WHEELGATE_TOKEN/],
  ] as const) {
    const result = await runWheelgate(['why', ...subject], { WHEELGATE_URL: url });
    assert.equal(result.code, code, `${why}: ${result.err}`);
    assert.match(result.err, said, why);
    assert.equal(result.out, '', why);
  }
  await close();
});

test('a token that is not known is refused, and says so', async () => {
  const result = await runWheelgate(['why', 'six'], { WHEELGATE_URL: gate.url, WHEELGATE_TOKEN: 'wg_wrong' });
  assert.equal(result.code, 3);
  assert.match(result.err, /token/);
  const answer = await api('/releases/six', { headers: { authorization: 'Bearer wg_wrong' } });
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get('www-authenticate')!, /^Bearer realm=/);
});

for (const [why, path, init, status, code] of [
  ['no such operation', '/nope', {}, 404, 'NOT_FOUND'],
  ['a method that it does not take', '/releases/six', { method: 'DELETE' }, 405, undefined],
  ['a name that is none', '/releases/-x-', {}, 404, 'NAME_INVALID'],
] as const) {
  test(`answers with a problem: ${why}`, async () => {
    const answer = await api(path, init);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    const problem = (await answer.json()) as Record<string, unknown>;
    assert.equal(problem.code, code);
    assert.equal(problem.status, status);
    if (status === 405) assert.equal(answer.headers.get('allow'), 'GET, HEAD');
  });
}

test('what was read is not sent again while it is the same; HEAD sends no body', async () => {
  const first = await api('/releases/six');
  const etag = first.headers.get('etag')!;
  assert.equal((await api('/releases/six', { headers: { 'if-none-match': etag } })).status, 304);
  const head = await api('/releases/six', { method: 'HEAD' });
  assert.equal(head.headers.get('etag'), etag);
  assert.equal(await head.text(), '');
});

/** A web server that is no gate. */
async function startStranger() {
  const server = createServer((_, response) => response.end('<html>Please log in</html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}
