import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { z } from 'zod';
import type { Endpoint } from '../api/endpoint.ts';
import type { Identity } from '../core/identity/identity.ts';
import { csrfToken } from '../core/identity/session.ts';
import { createIdentify, type IdentifyNeeds } from './identify.ts';
import { createSessionCookie } from './session-cookie.ts';

const robot: Identity = { kind: 'token', name: 'token:robot', roles: ['machine'], indexes: ['ml'] };
const ana: Identity = { kind: 'user', name: 'user:ana', roles: ['reviewer'] };
const cookie = createSessionCookie(false);

const anIdentify = (over: Partial<IdentifyNeeds> = {}) =>
  createIdentify({
    authenticate: {
      token: async (secret) => (secret === 'right' ? robot : undefined),
      session: async (secret) => (secret === 'logged-in' ? ana : undefined),
    },
    cookie,
    addressOf: () => '192.0.2.7',
    anonymous: 'read',
    loginsPerMinute: 3,
    writesPerMinute: 3,
    ...over,
  });

const aRequest = (headers: Readonly<Record<string, string>> = {}) => ({ headers }) as unknown as IncomingMessage;
const anEndpoint = (over: Partial<Endpoint> = {}): Endpoint => ({
  method: 'GET',
  path: '/things',
  summary: '',
  permission: 'read-releases',
  about: 'gate',
  response: z.object({}),
  ...over,
});
const change = anEndpoint({ method: 'POST' });
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const LOGGED_IN = { cookie: 'wheelgate=logged-in' };

for (const [why, headers, name] of [
  ['says nothing', {}, 'anonymous:192.0.2.7'],
  ['sends a token', { authorization: 'Bearer right' }, 'token:robot'],
  ['spells the scheme its own way', { authorization: 'bEARER  right' }, 'token:robot'],
  ['sends it as a password, as pip does', basic('__token__:right'), 'token:robot'],
  ['sends it as a user, as old set-ups do', basic('right:'), 'token:robot'],
  ['sends a user alone', basic('right'), 'token:robot'],
  ['is logged in', LOGGED_IN, 'user:ana'],
  ['has a cookie of an old login', { cookie: 'wheelgate=old' }, 'anonymous:192.0.2.7'],
  ['sends a token beside a cookie', { ...LOGGED_IN, authorization: 'Bearer right' }, 'token:robot'],
] as const) {
  test(`who ${why} is ${name}`, async () => {
    assert.equal((await anIdentify().forApi(aRequest(headers), anEndpoint())).identity.name, name);
    assert.equal((await anIdentify().forIndex(aRequest(headers))).name, name);
  });
}

for (const [why, headers] of [
  ['a wrong token', { authorization: 'Bearer wrong' }],
  ['a wrong password', basic('__token__:wrong')],
  ['another scheme', { authorization: 'Digest right' }],
  ['half a header', { authorization: 'Bearer' }],
  ['more than one word', { authorization: 'Bearer right right' }],
  ['a wrong token beside a cookie that holds', { ...LOGGED_IN, authorization: 'Bearer wrong' }],
] as const) {
  test(`${why} is refused, also as a reason to look at the cookie`, async () => {
    await assert.rejects(anIdentify().forApi(aRequest(headers), anEndpoint()), { code: 'UNAUTHENTICATED' });
    await assert.rejects(anIdentify({ anonymous: 'none' }).forIndex(aRequest(headers)), { code: 'UNAUTHENTICATED' });
    assert.equal(
      (await anIdentify().forIndex(aRequest(headers))).kind,
      'anonymous',
      'installs go on where all may read',
    );
  });
}

test('a failure to tell is no anonymous reader', async () => {
  const authenticate = { token: () => Promise.reject(new Error('disk')), session: async () => undefined };
  const identify = anIdentify({ authenticate });
  await assert.rejects(identify.forIndex(aRequest({ authorization: 'Bearer right' })), { message: 'disk' });
});

test('a change with a cookie takes what only a page of the gate knows; one with a token does not', async () => {
  const identify = anIdentify({ writesPerMinute: 100 });
  const right = { ...LOGGED_IN, 'x-csrf-token': csrfToken('logged-in') };
  assert.equal((await identify.forApi(aRequest(right), change)).identity, ana);
  assert.equal((await identify.forApi(aRequest({ authorization: 'Bearer right' }), change)).identity, robot);
  for (const token of ['', 'x', csrfToken('other')])
    await assert.rejects(identify.forApi(aRequest({ ...LOGGED_IN, 'x-csrf-token': token }), change), {
      code: 'FORBIDDEN',
    });
  await assert.rejects(identify.forApi(aRequest(LOGGED_IN), change), { code: 'FORBIDDEN' });
});

for (const [what, endpoint, headers] of [
  ['logins of an address', anEndpoint({ method: 'POST', permission: 'none' }), {}],
  ['changes of an identity', change, { authorization: 'Bearer right' }],
] as const) {
  test(`limits ${what}`, async () => {
    const identify = anIdentify();
    for (let count = 0; count < 3; count++) await identify.forApi(aRequest(headers), endpoint);
    await assert.rejects(identify.forApi(aRequest(headers), endpoint), { code: 'RATE_LIMITED' });
    await identify.forApi(aRequest(headers), anEndpoint());
  });
}

test('limits guesses of an address', async () => {
  const identify = anIdentify({ anonymous: 'none' });
  const codes = new Set<string>();
  for (let count = 0; count < 61; count++)
    await identify.forIndex(aRequest(basic(`__token__:guess-${count}`))).catch(({ code }) => codes.add(code));
  assert.deepEqual([...codes], ['UNAUTHENTICATED', 'RATE_LIMITED']);
});

test('where the index is closed it lets in whose scope has it', async () => {
  const identify = anIdentify({ anonymous: 'none' });
  await identify.admit(aRequest({ authorization: 'Bearer right' }), 'ml');
  await identify.admit(aRequest(LOGGED_IN), 'default');
  await assert.rejects(identify.admit(aRequest({ authorization: 'Bearer right' }), 'default'), { code: 'FORBIDDEN' });
  await assert.rejects(identify.admit(aRequest(), 'ml'), { code: 'UNAUTHENTICATED' });
});

test('where the index is open nobody is even asked', async () => {
  const authenticate = { token: () => assert.fail(), session: () => assert.fail() };
  await anIdentify({ authenticate }).admit(aRequest({ authorization: 'Bearer wrong' }), 'default');
});

test('changes are counted, questions that need a body are not', async () => {
  const identify = anIdentify({ writesPerMinute: 1 });
  const question = anEndpoint({ method: 'POST', isQuestion: true });
  for (let asked = 0; asked < 3; asked++) await identify.forApi(aRequest(), question);
  await identify.forApi(aRequest(), change);
  await assert.rejects(identify.forApi(aRequest(), change), { code: 'RATE_LIMITED' });
});
