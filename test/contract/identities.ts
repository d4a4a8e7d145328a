import assert from 'node:assert/strict';
import type { AuditEventInput } from '../../src/core/audit/event.ts';
import type { Session } from '../../src/core/identity/session.ts';
import type { Token } from '../../src/core/identity/token.ts';
import type { User } from '../../src/core/identity/user.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import type { Store } from '../../src/gate/ports.ts';
import { storeSuite } from './store-suite.ts';

const digest = (digit: string) => parseSha256(digit.repeat(64));
const at = (day: number) => new Date(Date.UTC(2026, 0, day, 1, 2, 3, 456));
const anEvent = (over: Partial<AuditEventInput> = {}): AuditEventInput => ({
  at: at(1),
  type: 'token.created',
  actor: 'cli:root',
  subject: 'token:ci-web',
  detail: {},
  ...over,
});
/** Chaining refuses it, so whatever shares its transaction must vanish too. */
const BAD_EVENT = anEvent({ detail: { size: Number.NaN } });

const aToken = (id: string, over: Partial<Token> = {}): Token => ({
  id,
  name: 'ci-web',
  sha256: digest('a'),
  roles: ['machine'],
  createdBy: 'cli:root',
  createdAt: at(1),
  expiresAt: at(9),
  ...over,
});
const FULL_TOKEN = aToken('t1', { indexes: ['ml'], consumer: 'web', owner: 'ana' });

const aUser = (over: Partial<User> = {}): User => ({
  name: 'ana',
  roles: ['reviewer', 'requester'],
  createdBy: 'cli:root',
  createdAt: at(1),
  version: 1,
  ...over,
});
const SUBJECT = { issuer: 'https://id.example.com', sub: '42' };
const FULL_USER = aUser({
  indexes: ['default', 'ml'],
  passwordHash: '$argon2id$…',
  subject: SUBJECT,
  disabledAt: at(3),
});

/** What every `IdentityStore` does. `create` gives an empty store; the suite closes it. */
export function identitiesContract(name: string, create: () => Promise<Store>): void {
  const contract = storeSuite(name, create);

  contract('tokens: gives back every field, by id and by digest', async ({ identities: { tokens } }) => {
    await tokens.add(FULL_TOKEN, anEvent());
    assert.deepEqual(await tokens.find('t1'), FULL_TOKEN);
    assert.deepEqual(await tokens.findByDigest(digest('a')), FULL_TOKEN);
    assert.equal(await tokens.find('t2'), undefined);
    assert.equal(await tokens.findByDigest(digest('b')), undefined);
    await tokens.noteUse('t1', at(4));
    assert.deepEqual(await tokens.find('t1'), { ...FULL_TOKEN, lastUsedAt: at(4) });
  });

  contract('tokens: a name belongs to one that holds', async ({ identities: { tokens } }) => {
    await tokens.add(aToken('t1'), anEvent());
    const second = aToken('t2', { sha256: digest('b'), createdAt: at(2) });
    await assert.rejects(tokens.add(second, anEvent()), { code: 'CONFLICT' });
    await tokens.revoke('t1', at(2), anEvent({ type: 'token.revoked' }));
    await tokens.add(second, anEvent());
    await tokens.add(aToken('t3', { sha256: digest('c'), createdAt: at(9), expiresAt: at(12) }), anEvent());
  });

  contract('tokens: the first revocation stays, and is told once', async ({ identities: { tokens }, audit }) => {
    await tokens.add(aToken('t1'), anEvent());
    for (const day of [3, 4]) await tokens.revoke('t1', at(day), anEvent({ type: 'token.revoked' }));
    await tokens.revoke('nobody', at(3), anEvent({ type: 'token.revoked' }));
    assert.deepEqual((await tokens.find('t1'))?.revokedAt, at(3));
    const events = await audit.read({ limit: 10 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['token.created', 'token.revoked'],
    );
  });

  contract('tokens: are listed by name and id, page by page', async ({ identities: { tokens } }) => {
    for (const [id, name] of ['c', 'b', 'a', 'a'].entries())
      await tokens.add(
        aToken(`t${id}`, { name, sha256: digest(String(id)), expiresAt: at(id === 2 ? 1 : 9), createdAt: at(1) }),
        anEvent(),
      );
    const first = await tokens.list({ limit: 2 });
    const { name: lastName, id: lastId } = first.at(-1)!;
    const rest = await tokens.list({ after: { name: lastName, id: lastId }, limit: 5 });
    assert.deepEqual(
      [...first, ...rest].map(({ id }) => id),
      ['t2', 't3', 't1', 't0'],
    );
  });

  contract(
    'users: gives back every field, by name and by login; a login is no edit',
    async ({ identities: { users } }) => {
      await users.put(FULL_USER, []);
      await users.put(aUser({ name: 'ben' }), []);
      assert.deepEqual(await users.find('ana'), FULL_USER);
      await users.noteLogin('ana', at(2), anEvent({ type: 'login.accepted' }));
      await users.put({ ...FULL_USER, version: 2 }, []);
      assert.deepEqual(await users.find('ana'), { ...FULL_USER, version: 2, lastLoginAt: at(2) });
      assert.deepEqual(await users.findBySubject(SUBJECT.issuer, SUBJECT.sub), await users.find('ana'));
      assert.equal(await users.findBySubject(SUBJECT.issuer, '43'), undefined);
      assert.equal(await users.find('cleo'), undefined);
      assert.deepEqual(
        (await users.list({ limit: 5 })).map(({ name }) => name),
        ['ana', 'ben'],
      );
      assert.deepEqual(
        (await users.list({ after: 'ana', limit: 5 })).map(({ name }) => name),
        ['ben'],
      );
    },
  );

  contract('users: an edit of an older version is refused', async ({ identities: { users } }) => {
    await users.put(aUser(), []);
    await users.put(aUser({ version: 2, roles: [] }), []);
    for (const version of [1, 2, 4]) await assert.rejects(users.put(aUser({ version }), []), { code: 'CONFLICT' });
    assert.deepEqual((await users.find('ana'))?.roles, []);
  });

  contract('users: a login belongs to one user', async ({ identities: { users } }) => {
    await users.put(FULL_USER, []);
    await assert.rejects(users.put(aUser({ name: 'eve', subject: SUBJECT }), []), { code: 'CONFLICT' });
    await users.put({ ...FULL_USER, version: 2 }, []);
  });

  contract('sessions: end one by one, by user and by time', async ({ identities: { sessions } }) => {
    const aSession = (digit: string, user: string, day: number): Session => ({
      sha256: digest(digit),
      user,
      createdAt: at(1),
      expiresAt: at(day),
    });
    const all = [aSession('1', 'ana', 5), aSession('2', 'ana', 6), aSession('3', 'ben', 5), aSession('4', 'cleo', 7)];
    for (const session of all) await sessions.add(session);
    assert.deepEqual(await sessions.find(digest('1')), all[0]);
    const left = async () => {
      const found = await Promise.all(all.map(({ sha256 }) => sessions.find(sha256)));
      return found.flatMap((one) => one?.sha256[0] ?? []).join('');
    };
    await sessions.remove(digest('1'));
    assert.equal(await left(), '234');
    await sessions.removeExpired(at(5));
    assert.equal(await left(), '24');
    await sessions.removeOf('ana');
    assert.equal(await left(), '4');
  });

  contract('what cannot be told is not done', async ({ identities: { tokens, users }, audit }) => {
    await assert.rejects(tokens.add(aToken('t1'), BAD_EVENT));
    await assert.rejects(users.put(aUser(), [BAD_EVENT]));
    await tokens.add(aToken('t2'), anEvent());
    await assert.rejects(tokens.revoke('t2', at(3), BAD_EVENT));
    assert.equal(await tokens.find('t1'), undefined);
    assert.equal(await users.find('ana'), undefined);
    assert.equal((await tokens.find('t2'))?.revokedAt, undefined);
    assert.equal((await audit.read({ limit: 10 })).length, 1);
  });
}
