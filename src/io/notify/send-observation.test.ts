import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { parseProjectName } from '../../core/python/name.ts';
import { sendObservation } from './send-observation.ts';

let status = 202;
const received: { request: IncomingMessage; body: string }[] = [];
const server = createServer(async (request, response) => {
  received.push({ request, body: await text(request) });
  if (status === 0) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":\n"no"}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/danger-api/projects`;

const demo = parseProjectName('demo');
const observation = { kind: 'is_malware', summary: 'it steals', inspector_url: 'https://inspect.test/' } as const;

test('an observation is posted with the token, once', async () => {
  status = 202;
  received.length = 0;
  await sendObservation(`${root}/`, 'secret', demo, observation);
  assert.equal(received.length, 1);
  const { request, body } = received[0]!;
  assert.deepEqual([request.method, request.url], ['POST', '/danger-api/projects/demo/observations']);
  assert.equal(request.headers.authorization, 'Bearer secret');
  assert.equal(request.headers['content-type'], 'application/vnd.pypi.api-v0-danger+json');
  assert.deepEqual(JSON.parse(body), observation);
});

for (const [answer, code, message, help] of [
  [401, 'REPORT_REFUSED', /status 401: \{"error": "no"\}/, /token/],
  [403, 'REPORT_REFUSED', /status 403/, /may not report/],
  [404, 'REPORT_REFUSED', /status 404/, /gone/],
  [500, 'REPORT_REFUSED', /status 500/, /bundle/],
  [0, 'REPORT_UNSENT', /did not answer/, /before you send it again/],
] as const) {
  test(`an answer of ${answer || 'nothing'} is an error that says what to do`, async () => {
    status = answer;
    received.length = 0;
    await assert.rejects(
      sendObservation(root, 'secret', demo, observation),
      (error: Error & { code: string; help: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.match(error.help, help);
        assert.ok(!`${error.message}${error.help}`.includes('secret'));
        return true;
      },
    );
    assert.equal(received.length, 1, 'never twice');
  });
}
