import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { sendMessage } from './send-message.ts';

const forever = new AbortController().signal;

async function withHttp(status: number, use: (url: string, bodies: string[]) => Promise<void>): Promise<void> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(`${request.headers['content-type']} ${request.headers['webhook-id']} ${await text(request)}`);
    response.writeHead(status).end('secret text');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/token-in-path`, bodies);
  } finally {
    server.close();
  }
}

const post = (url: string) => ({ kind: 'post', url, body: '{"a":1}', headers: { 'webhook-id': 'd1' } }) as const;

test('a post arrives with its headers', () =>
  withHttp(204, async (url, bodies) => {
    assert.equal(await sendMessage(post(url), forever), undefined);
    assert.deepEqual(bodies, ['application/json d1 {"a":1}']);
  }));

for (const [status, final] of [
  [404, true],
  [410, true],
  [302, true],
  [429, false],
  [408, false],
  [503, false],
] as const) {
  test(`an answer of ${status} is ${final ? 'final' : 'tried again'}, and tells no secret`, () =>
    withHttp(status, async (url) => {
      const problem = await sendMessage(post(url), forever);
      assert.equal(problem?.final, final);
      assert.match(problem!.what, new RegExp(`status ${status}$`));
      assert.doesNotMatch(problem!.what, /token-in-path|secret/);
    }));
}

test('nobody listening is tried again', async () => {
  const problem = await sendMessage(post('http://127.0.0.1:1/token-in-path'), forever);
  assert.equal(problem?.final, false);
  assert.doesNotMatch(problem!.what, /token-in-path/);
});

type Mail = { readonly to: readonly string[]; readonly text: string };

async function withSmtp(refuse: number | undefined, use: (url: string, mails: Mail[]) => Promise<void>): Promise<void> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      text(stream).then((body) => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: body });
        done();
      }, done);
    },
    onRcptTo(_address, _session, done) {
      if (refuse === undefined) return done();
      done(Object.assign(new Error('no'), { responseCode: refuse }));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  try {
    await use(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const mail = (smtp: string) =>
  ({
    kind: 'mail',
    smtp,
    from: 'gate@a.test',
    to: ['ada@a.test', 'bob@a.test'],
    subject: 'Héllo',
    text: 'line\nline',
  }) as const;

test('a mail arrives at everybody', () =>
  withSmtp(undefined, async (url, mails) => {
    assert.equal(await sendMessage(mail(url), forever), undefined);
    assert.equal(mails.length, 1);
    assert.deepEqual(mails[0]!.to, ['ada@a.test', 'bob@a.test']);
    assert.match(mails[0]!.text, /From: gate@a\.test/);
    assert.match(mails[0]!.text, /line\r?\nline/);
  }));

for (const [code, final] of [
  [550, true],
  [451, false],
] as const) {
  test(`a mail server that answers ${code} is ${final ? 'final' : 'tried again'}`, () =>
    withSmtp(code, async (url) => {
      assert.equal((await sendMessage(mail(url), forever))?.final, final);
    }));
}

test('a mail server that is not there is tried again, and no password is told', async () => {
  const problem = await sendMessage(mail('smtp://user:hunter2@127.0.0.1:1'), forever);
  assert.equal(problem?.final, false);
  assert.doesNotMatch(problem!.what, /hunter2/);
});
