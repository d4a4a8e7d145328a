import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
// @ts-expect-error: it comes without types
import Provider from 'oidc-provider';
import { type RunningServer, startServer } from '../../src/app/serve.ts';
import { parseConfig } from '../../src/config.ts';

// Logins with a real OpenID provider, as a browser makes them: every redirect, every cookie.

/** Who is logged in at the provider; what it says of them. */
let account = { sub: '1', preferred_username: 'Ana', groups: ['developers'] };
let folder: string;
let providerServer: Server;
let gate: RunningServer;

before(async () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  providerServer = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => providerServer.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(providerServer.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-oidc-'));
  await mkdir(join(folder, 'wheels'));
  const config = parseConfig({
    port: 0,
    data: join(folder, 'data'),
    log_level: 'silent',
    access: {
      logins_per_minute: 1000,
      oidc: {
        issuer,
        client_id: 'wheelgate',
        client_secret: 'a secret of the client',
        scopes: 'openid profile groups',
        roles: { 'sec-team': ['security', 'reviewer'], developers: ['requester'] },
        default_roles: [],
      },
    },
  });
  gate = await startServer(
    config,
    [{ location: join(folder, 'wheels'), why: 'test', isPrivate: false, fileHosts: [] }],
    '0',
  );
  answer = await createProvider(issuer, `${gate.url}/login/oidc/callback`);
});
after(async () => {
  await gate?.stop();
  providerServer?.closeAllConnections();
  providerServer?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What of a request to the provider is used here. */
type Context = { readonly oidc: { readonly client: { clientId: string }; readonly session: { accountId: string } } };

/** A provider where whoever comes is logged in as `account`, and agrees to everything. */
async function createProvider(issuer: string, redirectUri: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'wheelgate', client_secret: 'a secret of the client', redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['only for this test'] },
    scopes: ['openid', 'profile', 'groups'],
    claims: { profile: ['preferred_username'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => account }),
    async loadExistingGrant({ oidc: { client, session } }: Context) {
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  return (request: IncomingMessage, response: ServerResponse) =>
    request.url?.startsWith('/interaction/')
      ? void provider.interactionFinished(request, response, { login: { accountId: account.sub } })
      : void callback(request, response);
}

/** A browser with a jar for each host; it keeps nothing of a cookie but its value. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>();
  async function get(url: string): Promise<Response> {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]!.split('=');
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
  return {
    get,
    jar: (url: string) => jars.get(new URL(url).host) ?? new Map<string, string>(),
    /** Follows redirects until `isEnd`. */
    async follow(start: string, isEnd: (url: string) => boolean): Promise<string> {
      let url = start;
      for (let hops = 0; hops < 12; hops++) {
        if (isEnd(url)) return url;
        const answer = await get(url);
        const next = answer.headers.get('location');
        assert.ok(next, `${url}: ${answer.status} ${await answer.text()}`);
        url = new URL(next, url).href;
      }
      throw new Error('the redirects do not end');
    },
  };
}

const isCallback = (url: string) => url.includes('/login/oidc/callback');
const begin = (next = '/r/six') => `${gate.url}/login/oidc?next=${encodeURIComponent(next)}`;

async function logIn(next?: string) {
  const browser = createBrowser();
  const end = await browser.follow(begin(next), (url) => url.startsWith(gate.url) && !url.includes('/login/'));
  return { browser, end };
}

const rolesOf = async (name: string) => (await gate.gate.store.identities.users.find(name))?.roles;

test('whoever the provider knows gets an account and a session, and comes back to where they were', async () => {
  account = { sub: '1', preferred_username: 'Ana', groups: ['developers', 'unknown'] };
  const { browser, end } = await logIn();
  assert.equal(end, `${gate.url}/r/six`);
  const session = (await (await browser.get(`${gate.url}/api/v1/session`)).json()) as {
    identity: { expiresAt: string; permissions: string[] };
  };
  const { expiresAt, permissions, ...identity } = session.identity;
  assert.ok(Date.parse(expiresAt) > Date.now() && permissions.includes('request') && !permissions.includes('reject'));
  assert.deepEqual(identity, {
    kind: 'user',
    name: 'user:ana',
    roles: ['requester'],
    indexes: null,
    consumer: null,
    owner: null,
  });
  assert.deepEqual([...browser.jar(gate.url).keys()], ['wheelgate'], 'what the login needed is gone');
});

test('roles follow the groups at each login', async () => {
  account = { sub: '1', preferred_username: 'Ana', groups: ['sec-team'] };
  await logIn();
  assert.deepEqual(await rolesOf('ana'), ['reviewer', 'security']);
  account = { sub: '1', preferred_username: 'renamed', groups: [] };
  await logIn();
  assert.deepEqual(await rolesOf('ana'), [], 'the account is that of the subject, whatever its name becomes');
  assert.equal(await rolesOf('renamed'), undefined);
});

test('an account that was there before is not taken over by its name', async () => {
  const { users } = gate.gate.store.identities;
  await users.put({ name: 'root', roles: ['admin'], createdBy: 'test', createdAt: new Date(), version: 1 }, []);
  account = { sub: '2', preferred_username: 'root', groups: ['developers'] };
  const browser = createBrowser();
  const callback = await browser.follow(begin(), isCallback);
  assert.equal((await browser.get(callback)).status, 409);
  assert.ok(!browser.jar(gate.url).has('wheelgate'));
});

test('who is disabled stays out', async () => {
  account = { sub: '3', preferred_username: 'ben', groups: ['developers'] };
  await logIn();
  const { users } = gate.gate.store.identities;
  const ben = (await users.find('ben'))!;
  await users.put({ ...ben, disabledAt: new Date(), version: ben.version + 1 }, []);
  const browser = createBrowser();
  assert.equal((await browser.get(await browser.follow(begin(), isCallback))).status, 401);
});

test('a callback counts once, in the browser that began it, as the provider sent it', async () => {
  account = { sub: '1', preferred_username: 'Ana', groups: [] };
  const browser = createBrowser();
  const callback = await browser.follow(begin(), isCallback);
  const other = createBrowser();
  assert.equal((await other.get(callback)).status, 401, 'another browser');
  await other.get(begin());
  assert.equal((await other.get(callback)).status, 401, 'another browser in the middle of a login of its own');
  const forged = new URL(callback);
  forged.searchParams.set('state', 'x');
  assert.equal((await browser.get(forged.href)).status, 401, 'another state');
  assert.equal((await browser.get(callback)).status, 302);
  assert.equal((await browser.get(callback)).status, 401, 'a second time');
});

for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'r/six', '/a\nb']) {
  test(`does not send anybody elsewhere: ${JSON.stringify(next)}`, async () => {
    account = { sub: '1', preferred_username: 'Ana', groups: [] };
    assert.equal((await logIn(next)).end, `${gate.url}/`);
  });
}
