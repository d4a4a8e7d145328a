import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { clientFacts, readClient } from './client.ts';

const aRequest = (userAgent: string | undefined) =>
  ({ headers: userAgent === undefined ? {} : { 'user-agent': userAgent } }) as unknown as IncomingMessage;
const factsOf = (userAgent: string | undefined) => {
  const { userAgent: _, ...facts } = clientFacts(readClient(aRequest(userAgent)));
  return facts;
};

for (const [why, userAgent, facts] of [
  [
    'pip in CI',
    'pip/26.0 {"ci":true,"cpu":"x86_64","distro":{"name":"Debian GNU/Linux"},"python":"3.12.3","system":{"name":"Linux","release":"6.1"}}',
    { installer: 'pip', python: '3.12', system: 'Linux', ci: true },
  ],
  [
    'pip on a desk: ci is null there',
    'pip/26.0 {"ci":null,"python":"3.11.7","system":{"name":"Darwin"}}',
    { installer: 'pip', python: '3.11', system: 'Darwin' },
  ],
  ['uv', 'uv/0.9.1 {"python":"3.13.0","system":null,"ci":true}', { installer: 'uv', python: '3.13', ci: true }],
  ['Poetry, which says it in words', 'poetry/2.1.0 (CPython 3.12)', { installer: 'poetry' }],
  ['nobody', undefined, { installer: 'other' }],
  ['broken JSON', 'pip/26.0 {"python":"3.12', { installer: 'pip' }],
  ['JSON that is no object', 'pip/26.0 {}', { installer: 'pip' }],
  ['values of another kind', 'pip/26.0 {"ci":"yes","python":[3],"system":{"name":{}}}', { installer: 'pip' }],
  ['a name that forges a line', 'pip/26.0 {"system":{"name":"Linux\\nfile.served"}}', { installer: 'pip' }],
] as const) {
  test(`what a User-Agent says: ${why}`, () => assert.deepEqual(factsOf(userAgent), facts));
}

test('an endless User-Agent does not fill the log', () => {
  assert.equal(readClient(aRequest('x'.repeat(20_000))).userAgent.length, 1_000);
});
