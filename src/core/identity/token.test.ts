import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOfToken, renderToken, type Token, tokenDigest, tokenState } from './token.ts';
import { identityOfUser, type User } from './user.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const secret = renderToken(new Uint8Array(32).fill(255));

const aToken = (over: Partial<Token> = {}): Token => ({
  id: 't1',
  name: 'ci-web',
  sha256: tokenDigest(secret)!,
  roles: ['requester'],
  createdBy: 'cli:root',
  createdAt: at(1),
  expiresAt: at(9),
  ...over,
});
const anOwner = (over: Partial<User> = {}): User => ({
  name: 'ana',
  roles: ['requester', 'reviewer'],
  createdBy: 'cli:root',
  createdAt: at(1),
  version: 1,
  ...over,
});

test('a secret is told from other text, and never kept', () => {
  assert.match(secret, /^wg_[\w-]{43}$/);
  assert.match(tokenDigest(secret)!, /^[0-9a-f]{64}$/);
  assert.throws(() => renderToken(new Uint8Array(31)), RangeError);
  for (const text of ['', 'wg_', secret.slice(0, -1), `${secret}x`, `${secret}\n`, secret.replace('wg_', 'gw_')])
    assert.equal(tokenDigest(text), undefined, JSON.stringify(text));
});

for (const [why, token, now, expected] of [
  ['before its end', aToken(), at(8), 'active'],
  ['at its end', aToken(), at(9), 'expired'],
  ['revoked', aToken({ revokedAt: at(2) }), at(3), 'revoked'],
  ['revoked, then expired', aToken({ revokedAt: at(2) }), at(20), 'revoked'],
] as const) {
  test(`a token ${why} is ${expected}`, () => assert.equal(tokenState(token, now), expected));
}

test('a token without an owner is itself', () => {
  assert.deepEqual(identityOfToken(aToken({ indexes: ['ml'], consumer: 'web' })), {
    kind: 'token',
    name: 'token:ci-web',
    roles: ['requester'],
    indexes: ['ml'],
    consumer: 'web',
    expiresAt: aToken().expiresAt,
  });
});

for (const [why, token, owner, roles, indexes] of [
  ['has the roles that both have', { roles: ['reviewer', 'security'] }, {}, ['reviewer'], undefined],
  [
    'may be a machine though its owner is none',
    { roles: ['machine', 'requester'] },
    {},
    ['machine', 'requester'],
    undefined,
  ],
  ['reaches what both reach', { indexes: ['a', 'b'] }, { indexes: ['b', 'c'] }, ['requester'], ['b']],
  ['reaches no more than its owner', {}, { indexes: ['b'] }, ['requester'], ['b']],
  ['loses what its owner lost', { roles: ['reviewer'] }, { roles: ['requester'] }, [], undefined],
  ['is worth nothing when its owner is disabled', {}, { disabledAt: at(2) }, [], []],
  ['is worth nothing when its owner is somebody else', {}, { name: 'ben' }, [], []],
] as const) {
  test(`a token of a user ${why}`, () => {
    const identity = identityOfToken(aToken({ owner: 'ana', ...token }), anOwner(owner));
    assert.deepEqual([identity.roles, identity.indexes, identity.owner], [roles, indexes, 'user:ana']);
  });
}

test('a token whose owner is gone is worth nothing', () => {
  const { roles, indexes } = identityOfToken(aToken({ owner: 'ana' }));
  assert.deepEqual([roles, indexes], [[], []]);
});

test('who is disabled has no role left', () => {
  const { roles, indexes } = identityOfUser(anOwner({ disabledAt: at(2) }));
  assert.deepEqual([roles, indexes], [[], []]);
});
