import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { noPip, pip } from './pip.ts';
import { plainEnvironment, runWheelgate, type StartedGate, startGate } from './start-gate.ts';
import { findUv } from './uv.ts';

// A gate whose index takes a token, with real pip and the real commands.

const uv = await findUv();
const execute = promisify(execFile);

let folder: string;
let upstream: FakeIndex;
let gate: StartedGate;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-closed-'));
  await writeFile(join(folder, 'wheelgate.toml'), '[access]\nanonymous = "none"\n');
  upstream = await startFakeIndex();
  const six = { project: 'six', version: '1.16.0' };
  upstream.addFile('six', aWheelName(six), aWheel(six), { uploadTime: new Date('2021-05-05T00:00:00Z') });
  gate = await startGate({
    upstream: upstream.simpleUrl,
    data: join(folder, 'data'),
    env: { WHEELGATE_CONFIG: join(folder, 'wheelgate.toml') },
  });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

const onMachine = (...args: readonly string[]) => runWheelgate(args, { WHEELGATE_DATA: gate.data });
const withToken = (token: string, ...args: readonly string[]) =>
  runWheelgate(args, { WHEELGATE_URL: gate.url, WHEELGATE_TOKEN: token });

async function makeToken(...flags: readonly string[]): Promise<string> {
  const made = await onMachine('token', 'create', ...flags, '--format', 'json');
  assert.equal(made.code, 0, made.err);
  return (JSON.parse(made.out) as { token: string }).token;
}

const indexUrlWith = (token: string) => gate.indexUrl.replace('://', `://__token__:${token}@`);
const download = (indexUrl: string) => pip(indexUrl, 'download', '--no-deps', '--dest', join(folder, 'out'), 'six');

type Event = { readonly type: string; readonly actor: string; readonly detail: Readonly<Record<string, unknown>> };

test('pip installs with a token, and the audit log says whose; without one, and with a revoked one, it does not', {
  skip: noPip,
}, async () => {
  const token = await makeToken('--name', 'ci-web', '--role', 'machine', '--consumer', 'web');
  const refused = await download(gate.indexUrl);
  assert.notEqual(refused.code, 0);
  // pip says no more than this where nobody can be asked for a password.
  assert.match(refused.output, /from versions: none/);
  assert.match((await download(indexUrlWith('wg_wrong'))).output, /from versions: none/);
  const installed = await download(indexUrlWith(token));
  assert.equal(installed.code, 0, installed.output);

  const auditor = await makeToken('--name', 'auditor', '--role', 'auditor');
  const answer = await fetch(`${gate.url}/api/v1/audit-events?limit=500`, {
    headers: { authorization: `Bearer ${auditor}` },
  });
  const { events } = (await answer.json()) as { events: Event[] };
  const served = events.find(({ type }) => type === 'file.served');
  assert.equal(served?.actor, 'token:ci-web');
  const { consumer, installer, address, python, userAgent } = served.detail;
  assert.deepEqual([consumer, installer, address], ['web', 'pip', '127.0.0.1']);
  assert.match(String(python), /^3\.\d+$/);
  assert.match(String(userAgent), /^pip\//);

  assert.equal((await onMachine('token', 'revoke', 'ci-web')).code, 0);
  // What the server remembers of a token it forgets by itself.
  const deadline = Date.now() + 30_000;
  while ((await download(indexUrlWith(token))).code === 0) assert.ok(Date.now() < deadline, 'it still holds');
});

test('commands over HTTP do what the role of the token allows, and say what it takes', async () => {
  const admin = await makeToken('--name', 'admin', '--role', 'admin');
  const machine = await makeToken('--name', 'robot', '--role', 'machine', '--index', 'default');
  assert.equal((await withToken(admin, 'user', 'add', 'ana', '--role', 'reviewer', 'requester')).code, 0);
  assert.equal((await withToken(admin, 'user', 'disable', 'ana')).code, 0);
  const listed = await withToken(admin, 'user', 'list', '--format', 'json');
  const { users } = JSON.parse(listed.out) as { users: { name: string; disabled: boolean; roles: string[] }[] };
  assert.deepEqual(
    users.map(({ name, disabled, roles }) => [name, disabled, roles.length]),
    [['ana', true, 2]],
  );
  const refused = await withToken(machine, 'user', 'add', 'eve', '--role', 'admin');
  assert.equal(refused.code, 3);
  assert.match(refused.err, /token:robot has no permission "manage-identities".*roles admin/);
  assert.equal((await withToken(machine, 'why', 'nothing-like-it')).code, 5);
  const again = await withToken(admin, 'user', 'add', 'ana', '--role', 'reviewer');
  assert.equal(again.code, 3);
  assert.match(again.err, /there is a user ana already/);
  const strange = await withToken(admin, 'token', 'create', '--name', 'a b', '--role', 'machine', '--expires', 'soon');
  assert.match(strange.err, /body\.name: .*; body\.expires: /, 'every mistake at once');
});

test('a token is kept in a netrc file that its owner alone reads, pip and uv find it there, and nothing prints it', async (t) => {
  const token = await makeToken('--name', 'laptop', '--role', 'machine', '--expires', '3d');
  const netrc = join(folder, 'netrc');
  await writeFile(netrc, 'machine a.test login b password c\n');
  await chmod(netrc, 0o644);
  const env = { NETRC: netrc, WHEELGATE_URL: gate.url, WHEELGATE_TOKEN: token };
  const saved = await runWheelgate(['setup', 'pip', '--credentials', 'netrc', '--save-token'], env);
  assert.equal(saved.code, 0, saved.err);
  assert.match(saved.out, new RegExp(`index-url = ${gate.indexUrl}\n`));
  assert.ok(!`${saved.out}${saved.err}`.includes(token));
  assert.equal(
    await readFile(netrc, 'utf8'),
    `machine 127.0.0.1 login __token__ password ${token}\nmachine a.test login b password c\n`,
  );
  if (process.platform !== 'win32') assert.equal((await stat(netrc)).mode & 0o777, 0o600);

  for (const client of ['pip', 'uv', 'poetry', 'pdm', 'pipenv']) {
    for (const place of ['netrc', 'keyring', 'environment']) {
      const { out, err } = await runWheelgate(['setup', client, '--credentials', place], env);
      assert.ok(!`${out}${err}`.includes(token), `${client} ${place}`);
    }
  }
  const poetry = await runWheelgate(['setup', 'poetry', '--credentials', 'netrc'], env);
  assert.equal(poetry.code, 3);
  assert.match(poetry.err, /Choose keyring or environment/);
  const inUrl = await runWheelgate(['setup', 'pip', '--url', 'https://__token__:wg_x@gate.test/simple/'], env);
  assert.equal(inUrl.code, 3);
  assert.doesNotMatch(inUrl.err, /wg_x/);

  const clientEnvironment = { ...plainEnvironment(), NETRC: netrc };
  if (!noPip) {
    const args = [
      'download',
      '--no-input',
      '--no-cache-dir',
      '--no-deps',
      '--dest',
      join(folder, 'netrc-out'),
      '--index-url',
      gate.indexUrl,
    ];
    await execute('python3', ['-m', 'pip', ...args, 'six'], { env: clientEnvironment });
  }
  if (uv.skip) return t.diagnostic(uv.skip);
  await writeFile(join(folder, 'in.txt'), 'six\n');
  const { stdout } = await execute(
    uv.path === undefined ? 'uv' : join(uv.path, 'uv'),
    ['pip', 'compile', join(folder, 'in.txt'), '--no-cache', '--no-config', '--default-index', gate.indexUrl],
    { env: clientEnvironment },
  );
  assert.match(stdout, /six==1\.16\.0/);
});

test('uv installs with a token in the index URL, and says what is wrong without one', {
  skip: uv.skip || noPip,
}, async () => {
  const token = await makeToken('--name', 'uv-ci', '--role', 'machine', '--consumer', 'web');
  const install = (indexUrl: string, target: string) =>
    execute(
      uv.path === undefined ? 'uv' : join(uv.path, 'uv'),
      ['pip', 'install', '--no-cache', '--no-config', '--python', 'python3', '--target', join(folder, target)].concat([
        '--index-url',
        indexUrl,
        'six',
      ]),
      { env: plainEnvironment() },
    );
  for (const indexUrl of [gate.indexUrl, indexUrlWith('wg_wrong')])
    await assert.rejects(install(indexUrl, 'refused'), (error: Error & { stderr: string }) => {
      assert.match(error.stderr, /401|Unauthorized/);
      return true;
    });
  await install(indexUrlWith(token), 'uv-out');
  const auditor = await makeToken('--name', 'uv-auditor', '--role', 'auditor');
  const answer = await fetch(`${gate.url}/api/v1/who-has?subject=six`, {
    headers: { authorization: `Bearer ${auditor}` },
  });
  const { holders } = (await answer.json()) as { holders: { identity: string; consumer: string }[] };
  assert.ok(holders.some(({ identity, consumer }) => identity === 'token:uv-ci' && consumer === 'web'));
});

test('an exemption for one consumer lets its pip have the file, and nobody else’s', { skip: noPip }, async () => {
  const young = { project: 'young', version: '1.0' };
  upstream.addFile('young', aWheelName(young), aWheel(young), { uploadTime: new Date(Date.now() - 86_400_000) });
  const [web, ml] = await Promise.all([
    makeToken('--name', 'young-web', '--role', 'machine', '--consumer', 'web-shop'),
    makeToken('--name', 'young-ml', '--role', 'machine', '--consumer', 'ml'),
  ]);
  const get = (token: string, folderName: string) =>
    pip(indexUrlWith(token), 'download', '--no-deps', '--dest', join(folder, folderName), 'young==1.0');
  assert.match((await get(web, 'young-before')).output, /cooldown ends/);
  const why = ['--owner', 'user:ana', '--reason', 'needed today', '--remediation', 'ends with the cooldown'];
  const made = await onMachine('exempt', 'add', 'young', '--rule', 'cooldown', '--for', 'web-shop', ...why);
  assert.match(made.out, /for web-shop/, made.err);
  // The server looks for what others changed once a second.
  const deadline = Date.now() + 30_000;
  while ((await get(web, 'young-web')).code !== 0) assert.ok(Date.now() < deadline, 'it is not in force');
  assert.match((await get(ml, 'young-ml')).output, /cooldown ends/);
});

test('whoami says who a token is, what it may do and until when', async () => {
  const token = await makeToken(
    '--name',
    'web-ci',
    '--role',
    'machine',
    '--consumer',
    'web',
    '--index',
    'default',
    '--expires',
    '3d',
  );
  const { code, out, err } = await withToken(token, 'whoami');
  assert.equal(code, 0, err);
  assert.match(out, /^token:web-ci \(a token\)$/m);
  assert.match(
    out,
    /consumer {2}web\n {2}indexes {3}default\n {2}until {5}\S+Z, 2 days from now\n {2}may {7}read-index, read-releases, request, submit-locks\n/,
  );
  assert.match(err, /ends soon/);
  const asJson = await withToken(token, 'whoami', '--format', 'json');
  const { schema, roles, permissions } = JSON.parse(asJson.out) as Record<string, unknown>;
  assert.deepEqual([schema, roles], ['wheelgate.whoami/1', ['machine']]);
  assert.ok((permissions as string[]).includes('request'));
  assert.ok(!asJson.out.includes(token));
  const wrong = await withToken('wg_wrong', 'whoami');
  assert.equal(wrong.code, 3);
  assert.match(wrong.err, /unknown or expired token/);
  const here = await onMachine('whoami');
  assert.match(here.out, /^cli:\S+ \(the person at the data folder of the gate\)$/m);
});

test('tokens are listed without their secrets', async () => {
  const secret = await makeToken('--name', 'quiet', '--role', 'auditor', '--expires', '1h');
  const { out } = await onMachine('token', 'list', '--format', 'json');
  const { tokens } = JSON.parse(out) as { tokens: { name: string; state: string; lastUsedAt: string | null }[] };
  const quiet = tokens.find(({ name }) => name === 'quiet');
  assert.deepEqual([quiet?.state, quiet?.lastUsedAt], ['active', null]);
  assert.ok(!out.includes(secret) && !/sha256/.test(out));
});
