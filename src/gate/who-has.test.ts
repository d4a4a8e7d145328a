import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIGEST, NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';
import { createWhoHas } from './who-has.ts';

const demo = parseProjectName('demo');
const OTHER = parseSha256('b'.repeat(64));

/** `minute` after `NOW`. */
function aServe(minute: number, over: Partial<AuditEventInput> & { readonly about?: Record<string, unknown> } = {}) {
  const { about, ...rest } = over;
  return {
    at: new Date(NOW.getTime() + minute * 60_000),
    type: 'file.served',
    actor: 'token:ci-web',
    subject: 'packages/aa/demo-1.0-py3-none-any.whl',
    detail: { index: 'default', project: 'demo', version: '1.0', sha256: DIGEST, address: '192.0.2.1', ...about },
    ...rest,
  } satisfies AuditEventInput;
}

async function whoHas(events: readonly AuditEventInput[]) {
  const { audit } = createMemoryStore();
  await audit.append(events);
  return createWhoHas({ audit });
}

test('one machine that was served a file several times is one holder, the latest first', async () => {
  const ask = await whoHas([
    aServe(0),
    aServe(5),
    aServe(3, { actor: 'anonymous:192.0.2.9', about: { address: '192.0.2.9', ci: true } }),
    aServe(1, { type: 'file.refused' }),
  ]);
  const { holders, serves } = await ask({ kind: 'digest', sha256: DIGEST });
  assert.equal(serves, 3);
  assert.deepEqual(
    holders.map(({ identity, times, firstAt, lastAt, filename, machine }) => [
      identity,
      times,
      firstAt.getTime() - NOW.getTime(),
      lastAt.getTime() - NOW.getTime(),
      filename,
      machine,
    ]),
    [
      ['token:ci-web', 2, 0, 300_000, 'demo-1.0-py3-none-any.whl', 'machine'],
      ['anonymous:192.0.2.9', 1, 180_000, 180_000, 'demo-1.0-py3-none-any.whl', 'some-ci'],
    ],
  );
});

for (const [why, other] of [
  ['another consumer', aServe(1, { about: { consumer: 'ml' } })],
  ['another address', aServe(1, { about: { address: '192.0.2.2' } })],
  ['another run of the same job', aServe(1, { about: { run: 'https://ci.test/2' } })],
  ['another client on the same machine', aServe(1, { about: { userAgent: 'uv/0.13' } })],
  ['another index', aServe(1, { about: { index: 'ml' } })],
  ['another file of the release', aServe(1, { about: { sha256: OTHER } })],
] as const) {
  test(`is a holder of its own: ${why}`, async () => {
    const ask = await whoHas([aServe(0), other]);
    assert.equal((await ask({ kind: 'project', project: demo })).holders.length, 2);
  });
}

test('a release is told from others of its project, however its version is written', async () => {
  const ask = await whoHas([
    aServe(0, { about: { version: '1.0.0' } }),
    aServe(1, { about: { version: '1.0.1' } }),
    aServe(2, { about: { version: undefined } }),
    aServe(3, { about: { project: 'other' } }),
  ]);
  const found = async (version: string) => (await ask({ kind: 'release', project: demo, version })).serves;
  assert.deepEqual([await found('1.0'), await found('1.0.1'), await found('2')], [1, 1, 0]);
  assert.equal((await ask({ kind: 'project', project: demo })).serves, 3);
});

test('says which variables each kind of machine could have held, once', async () => {
  const ask = await whoHas([
    aServe(0, { actor: 'ci:github:acme/web' }),
    aServe(1, { actor: 'ci:github:acme/ml' }),
    aServe(2, { actor: 'ci:gitlab:acme/web' }),
  ]);
  const { atRisk } = await ask({ kind: 'project', project: demo });
  assert.deepEqual(
    atRisk.map(({ machine }) => machine),
    ['gitlab', 'github'],
  );
  assert.ok(atRisk[1]!.variables.includes('GITHUB_TOKEN') && atRisk[1]!.variables.includes('TWINE_PASSWORD'));
  assert.ok(!atRisk[1]!.variables.includes('CI_JOB_TOKEN'));
});

test('nobody was served it: no holder, and nothing to rotate', async () => {
  const ask = await whoHas([]);
  assert.deepEqual(await ask({ kind: 'digest', sha256: DIGEST }), { holders: [], serves: 0, atRisk: [] });
});

test('more serves than one look takes are counted all', async () => {
  const ask = await whoHas(Array.from({ length: 2_001 }, (_, minute) => aServe(minute)));
  const { holders, serves } = await ask({ kind: 'release', project: demo, version: '1.0' });
  assert.deepEqual([serves, holders.map(({ times }) => times)], [2_001, [2_001]]);
});
