import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RunningServer, startServer } from '../../src/app/serve.ts';
import { parseConfig } from '../../src/config.ts';
import { localIdentity } from '../../src/core/identity/identity.ts';
import { createTokens } from '../../src/gate/identity/tokens.ts';

// What every operation that changes something has in common, shown with accounts.

let folder: string;
let server: RunningServer;
let authorization: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-changes-'));
  await mkdir(join(folder, 'wheels'));
  const config = parseConfig({ port: 0, data: join(folder, 'data'), log_level: 'silent' });
  const upstream = { location: join(folder, 'wheels'), why: 'test', isPrivate: false, fileHosts: [] };
  server = await startServer(config, [upstream], '0');
  const { store, clock } = server.gate;
  const tokens = createTokens({ identities: store.identities, knowsIndex: () => true, clock });
  const request = { name: 'admin', roles: ['admin'] as const, expiresInMs: 3_600_000 };
  authorization = `Bearer ${(await tokens.create(request, localIdentity('test'))).secret}`;
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly json: Readonly<Record<string, any>>;
};

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(!('cookie' in headers) && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Answer['json'] };
}

const add = (name: string, headers?: Record<string, string>) =>
  call('POST', '/users', { name, roles: ['reviewer'] }, headers);

test('a change that is sent twice under one Idempotency-Key is made once', async () => {
  const key = { 'idempotency-key': 'b7c1' };
  const [first, second] = await Promise.all([add('twice', key), add('twice', key)]);
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.deepEqual(second.json, first.json);
  assert.equal((await add('twice')).status, 409, 'without the key it is another change');
  const other = await add('other', key);
  assert.deepEqual([other.status, other.json.code], [409, 'CONFLICT']);
});

test('a token is not given a second time for a key: its secret is kept nowhere', async () => {
  const key = { 'idempotency-key': 'c2d3' };
  const body = { name: 'once', roles: ['machine'] };
  const made = await call('POST', '/tokens', body, key);
  assert.match(made.json.token, /^wg_/);
  assert.equal(made.headers.get('cache-control'), 'no-store');
  assert.equal((await call('POST', '/tokens', body, key)).status, 409);
});

test('an edit of something that was changed meanwhile is refused', async () => {
  await add('edited');
  const { headers } = await call('GET', '/users/edited');
  const ifMatch = { 'if-match': headers.get('etag')! };
  assert.equal((await call('PATCH', '/users/edited', { roles: ['auditor'] }, ifMatch)).status, 200);
  const late = await call('PATCH', '/users/edited', { roles: [] }, ifMatch);
  assert.deepEqual([late.status, late.json.code], [412, 'PRECONDITION_FAILED']);
  assert.deepEqual((await call('GET', '/users/edited')).json.roles, ['auditor']);
});

test('a list comes in pages, and an entry that appears meanwhile moves none', async () => {
  for (const name of ['p1', 'p2', 'p3', 'p4']) await add(name);
  const names: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 20; pages++) {
    const { json } = await call('GET', `/users?limit=2${cursor}`);
    names.push(...json.users.map((user: { name: string }) => user.name));
    if (pages === 0) await add('a-new-one');
    if (json.next === null) break;
    cursor = `&cursor=${json.next}`;
  }
  assert.deepEqual(names, [...new Set(names)].sort());
  assert.ok(['p1', 'p2', 'p3', 'p4'].every((name) => names.includes(name)));
});

for (const [why, method, path, body, status, paths] of [
  ['every field that is wrong', 'POST', '/users', { name: 'A', roles: ['god'] }, 400, ['body.name', 'body.roles.0']],
  ['a field that there is not', 'POST', '/users', { name: 'x', roles: [], admin: true }, 400, ['body']],
  ['no object', 'POST', '/users', [], 400, ['body']],
  ['no body', 'POST', '/users', undefined, 400, ['body']],
  ['a password that is too short', 'PUT', '/users/x/password', { password: 'short' }, 400, ['body.password']],
  ['a limit beyond the limit', 'GET', '/users?limit=501', undefined, 400, ['query.limit']],
  ['a cursor of nobody', 'GET', '/users?cursor=x', undefined, 400, ['query.cursor']],
  ['a name that can be none', 'GET', '/users/A%20B', undefined, 400, ['params.user']],
  ['broken JSON', 'POST', '/users', '{"name":', 400, undefined],
  ['a prototype', 'POST', '/users', '{"name":"x","roles":[],"__proto__":{"a":1}}', 400, undefined],
  ['too much', 'POST', '/users', `"${'x'.repeat(1_100_000)}"`, 413, undefined],
] as const) {
  test(`says what is wrong: ${why}`, async () => {
    const { status: got, headers, json } = await call(method, path, body);
    assert.equal(got, status);
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.equal(json.code, 'INPUT_INVALID');
    assert.deepEqual(
      json.errors?.map((one: { path: string }) => one.path),
      paths,
    );
  });
}

test('a body that says it is something else than JSON is not read', async () => {
  assert.equal((await call('POST', '/users', 'name=x', { 'content-type': 'text/plain' })).status, 415);
});

test('what no schema names does not leave the gate', async () => {
  await call('POST', '/users', { name: 'secretive', roles: [], password: 'a long password' });
  const { json } = await call('GET', '/users/secretive');
  assert.equal(json.hasPassword, true);
  assert.doesNotMatch(JSON.stringify(json), /argon2|passwordHash/);
});

test('a login works in the browser that made it, with its token against foreign pages, until it is ended', async () => {
  await call('POST', '/users', { name: 'ana', roles: ['admin'], password: 'correct horse battery' });
  const login = await call('POST', '/session', { user: 'ana', password: 'correct horse battery' });
  assert.equal(login.status, 201);
  const [cookie = ''] = login.headers.getSetCookie()[0]!.split(';');
  const { csrf } = (await call('GET', '/session', undefined, { cookie })).json;
  assert.equal(csrf, login.json.csrf);
  assert.equal((await call('POST', '/users', { name: 'eve', roles: [] }, { cookie })).status, 403);
  assert.equal(
    (await call('POST', '/users', { name: 'ben', roles: [] }, { cookie, 'x-csrf-token': csrf })).status,
    201,
  );
  assert.equal((await call('DELETE', '/session', undefined, { cookie, 'x-csrf-token': csrf })).status, 200);
  assert.equal((await call('GET', '/session', undefined, { cookie })).status, 401);
  const events = await server.gate.store.audit.read({ limit: 500 });
  const added = events.find(({ type, subject }) => type === 'user.created' && subject === 'user:ben');
  assert.equal(added?.actor, 'user:ana');
});

test('whoever tries passwords is stopped, and told for how long', async () => {
  const answers: Answer[] = [];
  for (let count = 0; count < 12; count++) answers.push(await call('POST', '/session', { user: 'ana', password: 'x' }));
  const last = answers.at(-1)!;
  assert.equal(last.status, 429);
  assert.equal(last.headers.get('retry-after'), '60');
  assert.ok(answers.every(({ status }) => status === 401 || status === 429));
});
