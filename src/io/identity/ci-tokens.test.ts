import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { CiTrust } from '../../core/identity/ci-token.ts';
import { createCiTokens } from './ci-tokens.ts';

// A key server as GitHub and GitLab have one, with tokens that try every way in.

const NOW = new Date('2026-11-23T12:00:00Z');
const seconds = (ms: number) => Math.floor((NOW.getTime() + ms) / 1000);
const CLAIMS = { repository: 'acme/web', repository_owner: 'acme', run_id: '77' };

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let ours: Keys;
let theirs: Keys;
let server: Server;
let issuer: string;
let published: object[] = [];
let isBroken = false;

before(async () => {
  ours = await generateKeyPair('RS256', { extractable: true });
  theirs = await generateKeyPair('RS256', { extractable: true });
  published = [{ ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'RS256' }];
  server = createServer((request, response) => {
    if (isBroken) return response.writeHead(500).end();
    const document = request.url === '/keys' ? { keys: published } : { issuer, jwks_uri: `${issuer}/keys` };
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const trust = (): CiTrust => ({
  provider: 'github',
  issuer,
  audience: 'wheelgate',
  claims: { repository_owner: 'acme' },
  roles: ['machine'],
});
const payload = (over: JWTPayload = {}): JWTPayload => ({
  ...CLAIMS,
  iss: issuer,
  aud: 'wheelgate',
  iat: seconds(-10_000),
  exp: seconds(300_000),
  ...over,
});
const sign = (claims: JWTPayload, keys = ours, kid = 'one') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(keys.privateKey);
const identify = (jwt: string, now = NOW) => createCiTokens([trust()], undefined).identify(jwt, now);

test('a token of the issuer for us is the job that it names', async () => {
  const identity = await identify(await sign(payload()));
  assert.equal(identity?.name, 'ci:github:acme/web');
  assert.equal(identity?.consumer, 'acme/web');
});

for (const [why, make] of [
  ['another audience', () => sign(payload({ aud: 'pypi' }))],
  ['expired', () => sign(payload({ exp: seconds(-60_000) }))],
  ['not yet valid', () => sign(payload({ nbf: seconds(120_000) }))],
  ['without an end', () => sign({ ...payload(), exp: undefined } as unknown as JWTPayload)],
  ['another owner', () => sign(payload({ repository_owner: 'evil' }))],
  ['a key of somebody else under the name of ours', () => sign(payload(), theirs)],
  ['a key that the issuer does not have', () => sign(payload(), theirs, 'two')],
  ['an issuer that nobody trusts', () => sign(payload({ iss: 'https://evil.example' }))],
  ['an issuer with a slash more', () => sign(payload({ iss: `${issuer}/` }))],
  ['no signature', async () => new UnsecuredJWT(payload()).encode()],
  [
    'the public key as a shared secret',
    async () =>
      new SignJWT(payload())
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .sign(new TextEncoder().encode(await exportSPKI(ours.publicKey))),
  ],
  ['no token at all', async () => 'eyJhIjox.eyJhIjoxfQ.AAAAAAA'],
] as const) {
  test(`is nobody: ${why}`, async () => assert.equal(await identify(await make()), undefined));
}

test('what was true once is not true after its end', async () => {
  const tokens = createCiTokens([trust()], undefined);
  const jwt = await sign(payload());
  assert.ok(await tokens.identify(jwt, NOW));
  assert.equal(await tokens.identify(jwt, new Date(NOW.getTime() + 400_000)), undefined);
});

test('a second trust in the same issuer is asked when the first does not cover the token', async () => {
  const tokens = createCiTokens([{ ...trust(), claims: { ref: 'main' } }, trust()], undefined);
  assert.equal((await tokens.identify(await sign(payload()), NOW))?.name, 'ci:github:acme/web');
});

test('keys that cannot be read are no answer about the token, and are asked for again', async () => {
  const tokens = createCiTokens([trust()], undefined);
  const jwt = await sign(payload());
  isBroken = true;
  await assert.rejects(tokens.identify(jwt, NOW), { code: 'UPSTREAM_FAILED' });
  isBroken = false;
  assert.ok(await tokens.identify(jwt, NOW));
});
