import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createMemoryStore } from '../../../test/fakes/memory-store.ts';
import { anonymousIdentity, type Identity, localIdentity, type Role } from '../../core/identity/identity.ts';
import { identityOfUser } from '../../core/identity/user.ts';
import { createAuditTrail } from '../audit-trail.ts';
import type { CiTokens, Passwords } from '../ports.ts';
import { createAuthenticate } from './authenticate.ts';
import { createSignIn } from './sign-in.ts';
import { createTokens } from './tokens.ts';
import { createUsers } from './users.ts';

const START = new Date('2026-11-23T12:00:00Z');
const HOUR_MS = 3_600_000;
const local = localIdentity('root');
/** Hashing without its cost: what is tested here is who calls it. */
const passwords: Passwords = {
  hash: async (password) => `hash of ${password}`,
  verify: async (kept, password) => kept === `hash of ${password}`,
};

const unexpected = (error: unknown) => assert.ifError(error);

let now: Date;
let gate: ReturnType<typeof open>;
beforeEach(() => {
  now = START;
  gate = open();
});

function open() {
  const store = createMemoryStore();
  const { identities } = store;
  const clock = () => now;
  const audit = createAuditTrail(store.audit, unexpected);
  const knowsIndex = (name: string) => ['default', 'ml'].includes(name);
  const ciTokens: CiTokens = { identify: async (jwt) => (jwt.endsWith('.rightright') ? aJob : undefined) };
  return {
    store,
    tokens: createTokens({ identities, knowsIndex, clock }),
    users: createUsers({ identities, passwords, knowsIndex, clock }),
    signIn: createSignIn({ identities, passwords, audit, clock, sessionMs: HOUR_MS }),
    authenticate: createAuthenticate({ identities, ciTokens, clock, onError: unexpected }),
    async events(): Promise<readonly string[]> {
      await audit.flush();
      return (await store.audit.read({ limit: 100 })).map(({ type, actor, subject }) => `${type} ${actor} ${subject}`);
    },
  };
}

const aJob: Identity = { kind: 'ci', name: 'ci:github:acme/web', roles: ['machine'] };
const aTokenRequest = { name: 'ci-web', roles: ['machine'] as Role[], expiresInMs: HOUR_MS };
const addAna = (roles: readonly Role[] = ['requester', 'reviewer']) =>
  gate.users.create({ name: 'ana', roles, password: 'right' }, local);
const ana = async () => identityOfUser(await gate.users.find('ana'));

test('a token stands for its identity until it expires', async () => {
  const { secret } = await gate.tokens.create({ ...aTokenRequest, consumer: 'web' }, local);
  assert.equal((await gate.authenticate.token(secret))?.name, 'token:ci-web');
  now = new Date(START.getTime() + HOUR_MS);
  assert.equal(await gate.authenticate.token(secret), undefined);
  assert.deepEqual(await gate.events(), ['token.created cli:root token:ci-web']);
});

test('a revoked token stands for nobody, at once where it is forgotten', async () => {
  const { secret } = await gate.tokens.create(aTokenRequest, local);
  await gate.authenticate.token(secret);
  await gate.tokens.revoke('ci-web', local);
  gate.authenticate.forget();
  assert.equal(await gate.authenticate.token(secret), undefined);
});

test('the last use is noted, to the minute', async () => {
  const { secret, token } = await gate.tokens.create(aTokenRequest, local);
  const lastUse = async () => (await gate.store.identities.tokens.find(token.id))?.lastUsedAt?.getTime();
  for (const ms of [0, 30_000, 61_000]) {
    now = new Date(START.getTime() + ms);
    await gate.authenticate.token(secret);
    assert.equal(await lastUse(), START.getTime() + (ms === 61_000 ? ms : 0));
  }
});

test('what looks like the token of a CI job is asked about there, everything else here', async () => {
  assert.equal(await gate.authenticate.token('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.rightright'), aJob);
  assert.equal(await gate.authenticate.token('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.wrongwrong'), undefined);
  for (const secret of ['', 'x', `wg_${'x'.repeat(43)}`])
    assert.equal(await gate.authenticate.token(secret), undefined);
});

test('users make tokens of their own, with roles that they have, and see and revoke no others', async () => {
  await addAna();
  await gate.tokens.create(aTokenRequest, local);
  const own = { name: 'laptop', roles: ['requester'] as Role[], owner: 'ana', expiresInMs: HOUR_MS };
  const { token } = await gate.tokens.create(own, await ana());
  await gate.tokens.create({ ...own, name: 'bot', roles: ['machine'] }, await ana());
  const listed = await gate.tokens.list(await ana(), { limit: 10 });
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['bot', 'laptop'],
  );
  await assert.rejects(gate.tokens.revoke('ci-web', await ana()), { code: 'NOT_FOUND' });
  assert.ok((await gate.tokens.revoke(token.id, await ana())).revokedAt);
});

for (const [why, request, by, code] of [
  ['without an owner', {}, 'ana', 'FORBIDDEN'],
  ['of somebody else', { owner: 'ben' }, 'ana', 'FORBIDDEN'],
  ['with a role that they do not have', { owner: 'ana', roles: ['security'] }, 'ana', 'FORBIDDEN'],
  ['with a token', { owner: 'ana', roles: ['requester'] }, 'token of ana', 'FORBIDDEN'],
  ['of a user that is not there', { owner: 'nobody' }, 'local', 'NOT_FOUND'],
  ['for an index that is not there', { indexes: ['prod'] }, 'local', 'NOT_FOUND'],
] as const) {
  test(`nobody makes a token ${why}`, async () => {
    await addAna();
    const askers = {
      ana: await ana(),
      local,
      'token of ana': { ...(await ana()), kind: 'token', name: 'token:x' } as const,
    };
    await assert.rejects(gate.tokens.create({ ...aTokenRequest, ...request }, askers[by]), { code });
  });
}

test('a login lasts as long as it shall, and ends with a logout', async () => {
  await addAna();
  const { secret } = await gate.signIn.withPassword('ana', 'right', '192.0.2.7');
  assert.equal((await gate.authenticate.session(secret))?.name, 'user:ana');
  await gate.signIn.signOut(secret);
  assert.equal(await gate.authenticate.session(secret), undefined);
  const { secret: second } = await gate.signIn.withPassword('ana', 'right', '192.0.2.7');
  now = new Date(START.getTime() + HOUR_MS);
  assert.equal(await gate.authenticate.session(second), undefined);
  assert.equal(await gate.authenticate.session(second.slice(1)), undefined);
});

for (const [why, name, password] of [
  ['a wrong password', 'ana', 'wrong'],
  ['a user that is not there', 'nobody', 'right'],
  ['a user without a password', 'ben', 'undefined'],
  ['a user that is disabled', 'cleo', 'right'],
] as const) {
  test(`refuses a login with the same words: ${why}`, async () => {
    await addAna();
    await gate.users.create({ name: 'ben', roles: [] }, local);
    await gate.users.create({ name: 'cleo', roles: [], password: 'right' }, local);
    await gate.users.change('cleo', { disabled: true }, local);
    await assert.rejects(gate.signIn.withPassword(name, password, '192.0.2.7'), {
      code: 'UNAUTHENTICATED',
      message: 'user or password is wrong',
    });
    assert.equal((await gate.events()).at(-1), `login.refused anonymous:192.0.2.7 user:${name}`);
  });
}

test('who is disabled, or gets a new password, is logged out everywhere', async () => {
  await addAna();
  const { secret } = await gate.signIn.withPassword('ana', 'right', 'x');
  await gate.users.change('ana', { disabled: true }, local);
  await gate.users.change('ana', { disabled: false }, local);
  assert.equal(await gate.authenticate.session(secret), undefined);
  const { secret: second } = await gate.signIn.withPassword('ana', 'right', 'x');
  await gate.users.setPassword('ana', 'another', undefined, local);
  assert.equal(await gate.authenticate.session(second), undefined);
  await assert.rejects(gate.signIn.withPassword('ana', 'right', 'x'), { code: 'UNAUTHENTICATED' });
});

test('a change of roles counts for a login that is under way', async () => {
  await addAna();
  const { secret } = await gate.signIn.withPassword('ana', 'right', 'x');
  await gate.users.change('ana', { roles: ['auditor'], indexes: ['ml'] }, local);
  const { roles, indexes } = (await gate.authenticate.session(secret))!;
  assert.deepEqual([roles, indexes], [['auditor'], ['ml']]);
  await gate.users.change('ana', { indexes: null }, local);
  assert.equal((await gate.authenticate.session(secret))!.indexes, undefined);
});

test('users set their own password with the one that they have, and nobody else does', async () => {
  await addAna();
  const self = await ana();
  await assert.rejects(gate.users.setPassword('ana', 'new', 'wrong', self), { code: 'FORBIDDEN' });
  await assert.rejects(gate.users.setPassword('ana', 'new', undefined, self), { code: 'FORBIDDEN' });
  await gate.users.setPassword('ana', 'new', 'right', self);
  await gate.users.create({ name: 'ben', roles: [] }, local);
  for (const by of [self, anonymousIdentity('x', 'read'), { ...self, kind: 'token' } as const])
    await assert.rejects(gate.users.setPassword('ben', 'new', 'right', by), { code: 'FORBIDDEN' });
});
