import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { osvRecordId, parseOsvRecord } from '../../src/core/advisories/osv.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { plainEnvironment, runWheelgate, type StartedGate, startGate } from './start-gate.ts';
import { findUv } from './uv.ts';

let upstream: FakeIndex;
let gate: StartedGate;
before(async () => {
  upstream = await startFakeIndex();
  const six = { project: 'six', version: '1.16.0' };
  upstream.addFile('six', aWheelName(six), aWheel(six), { uploadTime: new Date('2021-05-05T00:00:00Z') });
  gate = await startGate({ upstream: upstream.simpleUrl });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

type OsvAnswer = {
  readonly vulns: readonly (Readonly<Record<string, unknown>> & { readonly id: string; readonly summary: string })[];
  readonly results: readonly { readonly vulns?: readonly object[] }[];
  readonly code: number;
  readonly message: string;
};

async function post(path: string, body: unknown): Promise<{ status: number; json: OsvAnswer }> {
  const response = await fetch(`${gate.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as OsvAnswer };
}
const flask = (version?: string) => ({ package: { name: 'Flask', ecosystem: 'PyPI' }, ...(version && { version }) });

test('answers a query with whole records', async () => {
  const { status, json } = await post('/v1/query', flask('2.2.2'));
  assert.equal(status, 200);
  assert.deepEqual(json.vulns.map(osvRecordId), ['PYSEC-2023-62']);
  assert.equal(parseOsvRecord(json.vulns[0])!.affected[0]!.project, 'flask');
  const byPurl = await post('/v1/query', { package: { purl: 'pkg:pypi/flask@2.2.2' } });
  assert.deepEqual(byPurl.json, json);
  assert.ok((await post('/v1/query', flask())).json.vulns.length > 1, 'without a version all of the project');
});

for (const [why, body] of [
  ['a fixed version', flask('99.0')],
  ['an unknown project', { package: { name: 'never-heard-of-it', ecosystem: 'PyPI' }, version: '1' }],
  ['another ecosystem', { package: { name: 'flask', ecosystem: 'npm' }, version: '2.2.2' }],
  ['ecosystems differ by case', { package: { name: 'flask', ecosystem: 'pypi' }, version: '2.2.2' }],
  ['another purl type', { package: { purl: 'pkg:npm/flask@2.2.2' } }],
  ['a commit', { commit: 'a'.repeat(40) }],
] as const) {
  test(`knows nothing of ${why}`, async () => assert.deepEqual((await post('/v1/query', body)).json, {}));
}

for (const [why, body] of [
  ['no package', { version: '1' }],
  ['no ecosystem', { package: { name: 'flask' } }],
  ['two versions', { version: '1', package: { purl: 'pkg:pypi/flask@1' } }],
  ['a name beside a purl', { package: { purl: 'pkg:pypi/flask', name: 'flask' } }],
  ['a broken purl', { package: { purl: 'pkg:pypi/' } }],
  ['a page that we did not name', { ...flask(), page_token: 'x' }],
  ['no JSON', '{'],
  ['a list', '[]'],
] as const) {
  test(`refuses ${why} as OSV does`, async () => {
    const { status, json } = await post('/v1/query', body);
    assert.deepEqual([status, json.code, typeof json.message], [400, 3, 'string']);
  });
}

test('answers a batch with ids, in order', async () => {
  const { json } = await post('/v1/querybatch', { queries: [flask('2.2.2'), flask('99'), flask('2.2.2')] });
  assert.deepEqual(
    json.results.map(({ vulns = [] }) => vulns.map(Object.keys)),
    [[['id', 'modified']], [], [['id', 'modified']]],
  );
  const many = await post('/v1/querybatch', { queries: Array.from({ length: 1_001 }, () => flask('99')) });
  assert.equal(many.status, 400);
});

test('gives a record by its id, and says so when there is none', async () => {
  const found = await fetch(`${gate.url}/v1/vulns/PYSEC-2023-62`);
  assert.equal(osvRecordId(await found.json()), 'PYSEC-2023-62');
  const missing = await fetch(`${gate.url}/v1/vulns/NONE-1`);
  assert.deepEqual([missing.status, await missing.json()], [404, { code: 5, message: 'Bug not found.' }]);
});

test('the decisions of the team are records of their own', async () => {
  const denied = await runWheelgate(['deny', 'pkg:pypi/six@1.16.0', '--reason', 'not ours', '--data', gate.data], {
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
  });
  assert.equal(denied.code, 0, denied.err);
  const { json } = await post('/v1/query', { package: { name: 'six', ecosystem: 'PyPI' }, version: '1.16' });
  assert.equal(json.vulns.length, 1);
  assert.match(json.vulns[0]!.id, /^x_WHEELGATE-/);
  assert.match(json.vulns[0]!.summary, /Denied by the team: not ours/);
  const byId = await fetch(`${gate.url}/v1/vulns/${json.vulns[0]!.id}`);
  assert.deepEqual(await byId.json(), json.vulns[0]);
  assert.deepEqual(
    (await post('/v1/query', { package: { name: 'six', ecosystem: 'PyPI' }, version: '1.15' })).json,
    {},
  );
});

const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
test('pip-audit finds what is known through the gate', { skip: !existsSync(SHARED) && 'no shared data' }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-pip-audit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const made = spawnSync('python3', ['-m', 'venv', folder]);
  if (made.status !== 0) return t.skip('python3 makes no environment');
  const links = ['peers', 'clients', 'wheels'].flatMap((name) => ['--find-links', join(SHARED, name)]);
  const env = { ...process.env, PIP_CONFIG_FILE: '/dev/null' };
  const installed = spawnSync(join(folder, 'bin/pip'), ['install', '-q', '--no-index', ...links, 'pip-audit'], { env });
  if (installed.status !== 0) return t.skip(`pip-audit cannot be installed: ${installed.stderr}`);
  const args = ['-r', join(SHARED, 'requirements/a.txt'), '--disable-pip', '--require-hashes', '--format', 'json'];
  const run = spawnSync(join(folder, 'bin/pip-audit'), [...args, '-s', 'osv', '--osv-url', `${gate.url}/v1/query`], {
    encoding: 'utf8',
    env,
  });
  const { dependencies } = JSON.parse(run.stdout || '{"dependencies":[]}') as {
    dependencies: readonly { vulns?: readonly { id: string }[] }[];
  };
  const ids = dependencies.flatMap(({ vulns = [] }) => vulns.map(({ id }) => id));
  const isOurs = (id: string) => id.startsWith('x_WHEELGATE-');
  // The denial of six from above is among them: pip-audit obeys the team.
  assert.deepEqual([ids.filter((id) => !isOurs(id)).length, ids.filter(isOurs).length], [47, 1], run.stderr);
});

const uv = await findUv();
const uvSkip = uv.skip || (!existsSync(SHARED) && 'no shared data');
test('uv audit finds what is known through the gate', { skip: uvSkip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-uv-audit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const lock = readFileSync(join(SHARED, 'requirements/a.uv.lock'), 'utf8');
  writeFileSync(join(folder, 'uv.lock'), lock.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, gate.url));
  writeFileSync(
    join(folder, 'pyproject.toml'),
    '[project]\nname = "svc-a"\nversion = "0.1.0"\nrequires-python = "==3.11.*"\n',
  );
  const args = ['audit', '--frozen', '--preview', '--no-config', '--service-url', gate.url, '--output-format', 'json'];
  const run = spawnSync(uv.path === undefined ? 'uv' : join(uv.path, 'uv'), args, {
    cwd: folder,
    encoding: 'utf8',
    env: plainEnvironment(),
  });
  if (/unrecognized subcommand/.test(run.stderr)) return t.skip('this uv has no audit');
  assert.equal(run.status, 1, run.stderr);
  const { vulnerabilities } = JSON.parse(run.stdout) as { vulnerabilities: readonly { id: string }[] };
  const isOurs = ({ id }: { id: string }) => id.startsWith('x_WHEELGATE-');
  assert.deepEqual(
    [vulnerabilities.filter((one) => !isOurs(one)).length, vulnerabilities.filter(isOurs).length],
    [47, 1],
  );
});
