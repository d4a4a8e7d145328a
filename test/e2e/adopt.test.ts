import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { noPip } from './pip.ts';
import { runWheelgate } from './start-gate.ts';

// A project is moved over by the program as its users start it, with pip as the resolver.

const DAY = 86_400_000;

let upstream: FakeIndex;
let folder: string;

function addWheel(project: string, version: string, days: number, over: Parameters<typeof aWheel>[0] = {}): string {
  const options = { project, version, ...over };
  const uploadTime = new Date(Date.now() - days * DAY);
  return upstream.addFile(project, aWheelName(options), aWheel(options), { uploadTime }).sha256;
}

async function project(name: string, files: Readonly<Record<string, string>>) {
  const root = join(folder, name);
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  const env = { WHEELGATE_DATA: join(folder, 'data'), WHEELGATE_UPSTREAM: upstream.simpleUrl };
  return {
    run: (...args: readonly string[]) => runWheelgate(args, env, root),
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    has: (path: string) => existsSync(join(root, path)),
    list: () => readdirSync(root).sort(),
  };
}

let beta: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-adopt-'));
  upstream = await startFakeIndex();
  addWheel('alpha', '1.0', 300);
  addWheel('alpha', '2.0', 2);
  beta = addWheel('beta', '1.0', 100, { requires: ['gamma'] });
  addWheel('gamma', '1.0', 100);
  addWheel('gamma', '1.1', 90);
  addWheel('delta', '1.0', 90);
  addWheel('acme-secret', '1.0', 90);
});
after(async () => {
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

const RESERVED = '[rules.reserved-names]\nnames = ["acme-*"]\n';
const REQUIREMENTS = 'beta==1.0\nalpha==2.0  # the newest\n-e ./ours\n';

test('a project moves over: a dry run first, then for real, and what is held is a list to work off', {
  skip: noPip,
}, async () => {
  const { run, read, has, list } = await project('moves', { 'requirements.txt': REQUIREMENTS });
  const dry = await run('adopt', '--resolver', 'pip', '--dry-run');
  assert.equal(dry.code, 2, dry.out + dry.err);
  assert.deepEqual(list(), ['requirements.txt'], 'a dry run writes nothing');
  assert.equal(read('requirements.txt'), REQUIREMENTS);
  assert.match(dry.out, /requirements\.in:3: -e \.\/ours: no index serves this \(editable\)/);
  assert.match(dry.out, /3 releases are in use/);
  assert.match(dry.out, /alpha 2\.0: uploaded 2 days ago, cooldown ends .*\/r\/alpha\/2\.0/);
  assert.match(dry.out, /^-alpha==2\.0 {2}# the newest$/m, 'what is overwritten is shown');
  const { out: before } = await run('why', 'beta==1.0', '--format', 'json');
  assert.equal(JSON.parse(before).files[0].approval, null, 'and approves nothing');

  const done = await run('adopt', '--resolver', 'pip');
  assert.equal(done.code, 2, done.out + done.err);
  assert.match(done.out, /2 files were approved with the reason "baseline", 1 releases are in review/);
  assert.match(done.out, /mv requirements\.txt\.before-wheelgate requirements\.txt/);
  assert.equal(read('requirements.in'), REQUIREMENTS);
  assert.equal(read('requirements.txt.before-wheelgate'), REQUIREMENTS);
  const lock = read('requirements.txt');
  assert.match(lock, new RegExp(`^beta==1\\.0 \\\\\\n {4}--hash=sha256:${beta}\\n.*\\n {4}# approved: by cli:`, 'm'));
  assert.match(
    lock,
    /^alpha==2\.0 [^#]*# via -r \S*requirements\.in\n {4}# approved: not yet \(exempted-baseline\): uploaded 2/m,
  );
  assert.match(lock, /^# left out {5}-e \.\/ours \(editable\)$/m);
  const list_ = JSON.parse(read('.wheelgate/baseline.json')) as { releases: { project: string; state: string }[] };
  assert.deepEqual(
    list_.releases.map(({ project, state }) => [project, state]),
    [['alpha', 'exempted-baseline']],
  );
  assert.match(read('.wheelgate/pip.conf'), /^index-url = http/m);
  assert.match(read('.wheelgate/ci.yml'), /wheelgate lock --check requirements\.txt/);
  assert.ok(!has('.wheelgate/poetry.toml'), 'only for clients that the project uses');
  const { out: approved } = await run('why', 'beta==1.0', '--format', 'json');
  assert.match(JSON.parse(approved).files[0].approval.actor, /^cli:/);

  assert.equal((await run('lock', '--check', 'requirements.txt')).code, 2, 'alpha is held still');
  assert.equal((await run('approve', 'alpha==2.0', '--reason', 'read it')).code, 0);
  const checked = await run('lock', '--check', 'requirements.txt');
  assert.equal(checked.code, 0, checked.out);
});

test('versions of the locks that are there are kept; JSON says what text says', { skip: noPip }, async () => {
  const { run, read, list } = await project('locked', {
    'requirements.in': 'beta\n',
    'requirements.txt': 'beta==1.0\ngamma==1.0\n    # via beta\n',
  });
  const { code, out, err } = await run('adopt', '--resolver', 'pip', '--format', 'json');
  assert.equal(code, 0, out + err);
  const adoption = JSON.parse(out) as {
    schema: string;
    releases: { project: string; version: string; state: string }[];
  };
  assert.equal(adoption.schema, 'wheelgate.adoption/1');
  assert.deepEqual(
    adoption.releases.map((one) => `${one.project} ${one.version} ${one.state}`),
    ['beta 1.0 baseline', 'gamma 1.0 baseline'],
  );
  assert.match(read('requirements.txt'), /^gamma==1\.0 /m);
  assert.ok(list().includes('requirements.txt.before-wheelgate'));
  const again = await run('adopt', '--resolver', 'pip', '--format', 'json', 'requirements.in', 'requirements.txt');
  assert.equal((JSON.parse(again.out) as { approved: number }).approved, 0, 'what is approved is not approved again');
});

test('what the policy blocks is not locked, and nothing is written', { skip: noPip }, async () => {
  const { run, list, read } = await project('blocked', { 'requirements.txt': 'delta==1.0\n', 'policy.toml': RESERVED });
  assert.equal((await run('deny', 'delta==1.0', '--reason', 'a test')).code, 0);
  const { code, out } = await run('adopt', '--resolver', 'pip');
  assert.equal(code, 1, out);
  assert.match(out, /1 blocked: must go \(blocked\)\n +delta 1\.0: denied here; /);
  assert.match(out, /No lock is written:\ndelta 1\.0 is blocked: denied here/);
  assert.ok(!list().includes('requirements.in'));
  assert.equal(read('requirements.txt'), 'delta==1.0\n');
});

test("the team's own names are asked of no public upstream while it looks", { skip: noPip }, async () => {
  const { run } = await project('own-names', { 'requirements.txt': 'acme-secret\n', 'policy.toml': RESERVED });
  const { code, out } = await run('adopt', '--resolver', 'pip', '--policy', 'policy.toml', '--dry-run');
  assert.notEqual(code, 0, out);
  assert.deepEqual(
    upstream.requestLines().filter((line) => line.includes('acme-secret')),
    [],
  );
});

test('a project that has nothing but a lock is asked for by that', { skip: noPip }, async () => {
  const lock = { _meta: {}, default: { beta: { version: '==1.0' }, gamma: { version: '==1.0' } }, develop: {} };
  const { run, read } = await project('lock-only', { 'Pipfile.lock': JSON.stringify(lock) });
  const { code, out, err } = await run('adopt', '--resolver', 'pip');
  assert.equal(code, 0, out + err);
  assert.match(read('pylock.toml'), /^# {5}wheelgate adopt Pipfile\.lock -o pylock\.toml$/m);
  assert.match(read('.wheelgate/Pipfile.source'), /^\[\[source\]\]$/m);
  const checked = await run('lock', '--check', 'pylock.toml');
  assert.equal(checked.code, 0, checked.out);
});

test('what cannot be adopted says so and changes nothing', { skip: noPip }, async () => {
  const { run, list } = await project('cannot', { 'requirements.txt': 'beta==banana\nalpha==1.0\n' });
  const broken = await run('adopt', '--resolver', 'pip');
  assert.equal(broken.code, 3, broken.out);
  assert.match(broken.out, /requirements\.in:1: .*\n(?:.*\n)*No lock is written/);
  assert.ok(!list().includes('requirements.in'));
  const nothing = await project('nothing', {});
  assert.equal((await nothing.run('adopt')).code, 5);
});
