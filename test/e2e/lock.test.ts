import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aSdist, aSdistName } from '../builders/a-sdist.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { noPip } from './pip.ts';
import { runWheelgate, type StartedGate, startGate } from './start-gate.ts';
import { findUv } from './uv.ts';

// Locks made and checked by the program as its users start it, with the resolvers that are here.

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);
const { path: uvPath, skip: noUv } = await findUv();
if (noUv) console.log(`# locks are not made with uv: ${noUv}`);

let upstream: FakeIndex;
let folder: string;
let folders = 0;

function addWheel(project: string, version: string, days: number, over: Parameters<typeof aWheel>[0] = {}): string {
  const options = { project, version, ...over };
  return upstream.addFile(project, aWheelName(options), aWheel(options), { uploadTime: daysAgo(days) }).sha256;
}

/** A folder with files, and the program over the data folder of its resolver: what is revoked there stays so. */
async function workspace(
  files: Readonly<Record<string, string>>,
  resolver: 'uv' | 'pip' = 'pip',
  data = join(folder, `data-${resolver}`),
) {
  const root = join(folder, `project-${++folders}`);
  await mkdir(root);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const path = `${uvPath === undefined ? '' : `${uvPath}:`}${process.env.PATH}`;
  const at = (args: readonly string[]) =>
    args.map((arg) => (/^(?:requirements|pylock|constraints|pyproject)[\w.-]*$/.test(arg) ? join(root, arg) : arg));
  const env = { PATH: path, WHEELGATE_DATA: data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
  return {
    run: (args: readonly string[], over: Readonly<Record<string, string>> = {}) =>
      runWheelgate(at(args), { ...env, ...over }),
    lock: (...args: readonly string[]) => runWheelgate(at(['lock', '--resolver', resolver, ...args]), env),
    check: (...args: readonly string[]) => runWheelgate(at(['lock', '--check', ...args]), env),
    read: (name: string) => readFileSync(join(root, name), 'utf8'),
    write: (name: string, text: string) => writeFileSync(join(root, name), text),
    path: (name: string) => join(root, name),
    env,
  };
}

let alpha: string;
let alphaNext: string;
let beta: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-lock-'));
  upstream = await startFakeIndex();
  alpha = addWheel('alpha', '1.1', 30);
  addWheel('alpha', '1.0', 300);
  alphaNext = addWheel('alpha', '2.0', 2);
  beta = addWheel('beta', '1.0', 100, { requires: ['alpha>=1', 'gamma; extra == "more"'] });
  addWheel('gamma', '1.0', 100);
  addWheel('young-only', '1.0', 1);
  const sdist = { project: 'source-only', version: '1.0' };
  upstream.addFile('source-only', aSdistName(sdist), aSdist(sdist), { uploadTime: daysAgo(100) });
});
after(async () => {
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const [resolver, skip] of [
  ['pip', noPip],
  ['uv', noUv],
] as const) {
  describe(`lock with ${resolver}`, { skip }, () => {
    test('what the gate lets in is locked with its hashes, who asks for it, and who let it in', async () => {
      const { lock, check, read } = await workspace({ 'requirements.in': 'beta  # ours\n' }, resolver);
      const { code, err } = await lock('requirements.in', '-o', 'requirements.txt');
      assert.equal(code, 0, err);
      assert.match(err, /alpha 2\.0|locked 2 releases, 2 files/);
      const text = read('requirements.txt');
      assert.match(
        text,
        new RegExp(
          `\\nalpha==1\\.1 \\\\\\n    --hash=sha256:${alpha}\\n    # via beta\\n    # approved: by the policy\\n` +
            `beta==1\\.0 \\\\\\n    --hash=sha256:${beta}\\n    # via -r \\S*requirements\\.in\\n`,
        ),
      );
      assert.match(text, /^# input {8}requirements\.in$/m);
      assert.match(text, new RegExp(`^# resolver {5}${resolver} \\d`, 'm'));
      const checked = await check('requirements.txt');
      assert.equal(checked.code, 0, checked.out + checked.err);
      assert.match(checked.out, /2 pins with 2 hashes, all of files that the gate lets in/);
      const before = text;
      assert.match((await lock('requirements.in', '-o', 'requirements.txt')).err, /nothing changed/);
      assert.equal(read('requirements.txt'), before);
    });

    test('a held release says which requirement, why and where, and the exit code is 2', async () => {
      const { lock } = await workspace({ 'requirements.in': 'beta\n\nalpha==2.0\n' }, resolver);
      const { code, err } = await lock('requirements.in', '-o', 'requirements.txt');
      assert.equal(code, 2, err);
      assert.match(
        err,
        /requirements\.in:3: alpha==2\.0: alpha 2\.0 is held: uploaded 2 days ago, cooldown ends .*\/r\/alpha\/2\.0/,
      );
    });

    test('a range that only a held release meets says so too', async () => {
      const { lock } = await workspace({ 'requirements.in': 'alpha>=2\nyoung-only\n' }, resolver);
      const { code, err } = await lock('requirements.in');
      assert.equal(code, 2, err);
      assert.match(err, /requirements\.in:1: alpha>=2: alpha 2\.0 is held/);
      assert.match(err, /requirements\.in:2: young-only: young-only 1\.0 is held/);
    });

    test('pins stay until they are asked to move; a pin of a revoked release moves by itself', async () => {
      const files = { 'requirements.in': 'alpha==1.0\n' };
      const { lock, check, read, write, run } = await workspace(files, resolver, join(folder, `revoked-${resolver}`));
      assert.equal((await lock('requirements.in', '-o', 'requirements.txt')).code, 0);
      write('requirements.in', 'alpha\n');
      const stale = await check('requirements.txt');
      assert.equal(stale.code, 1, stale.out);
      assert.match(stale.out, /requirements\.txt:1: problem: .*requirements\.in asks for something else than when/);
      assert.equal((await lock('requirements.in', '-o', 'requirements.txt')).code, 0);
      assert.match(read('requirements.txt'), /^alpha==1\.0 /m);
      assert.equal((await run(['revoke', 'alpha==1.0', '--reason', 'a test'])).code, 0);
      const revoked = await check('requirements.txt');
      assert.equal(revoked.code, 1, revoked.out);
      assert.match(revoked.out, /not proven/);
      const asJson = JSON.parse((await check('requirements.txt', '--format', 'json')).out);
      assert.deepEqual(
        asJson.locks[0].problems
          .map(({ code }: { code: string }) => code)
          .filter((code: string) => code !== 'input-changed'),
        ['revoked'],
      );
      const line =
        read('requirements.txt')
          .split('\n')
          .findIndex((text) => text.startsWith('alpha==')) + 1;
      assert.ok(
        revoked.out.includes(`requirements.txt:${line}: problem: alpha 1.0 is revoked: revoked here`),
        revoked.out,
      );
      const renewed = await lock('requirements.in', '-o', 'requirements.txt');
      assert.equal(renewed.code, 0, renewed.err);
      assert.match(renewed.err, /alpha 1\.0 was locked and is blocked now: revoked here/);
      assert.match(read('requirements.txt'), /^alpha==1\.1 /m);
    });

    test('-P moves one project alone', async () => {
      const { lock, read, write } = await workspace({ 'requirements.in': 'alpha==1.0\nbeta\n' }, resolver);
      assert.equal((await lock('requirements.in', '-o', 'requirements.txt')).code, 0);
      write('requirements.in', 'beta\n');
      assert.equal((await lock('requirements.in', '-o', 'requirements.txt')).code, 0);
      assert.match(read('requirements.txt'), /^alpha==1\.0 /m);
      assert.equal((await lock('requirements.in', '-o', 'requirements.txt', '-P', 'Alpha')).code, 0);
      assert.match(read('requirements.txt'), /^alpha==1\.1 /m);
    });

    test('a project without a wheel is not built here, and the message says so', async () => {
      const { lock } = await workspace({ 'requirements.in': 'source-only\n' }, resolver);
      const { code, err } = await lock('requirements.in');
      assert.equal(code, 3, err);
      assert.match(err, /source-only: there is no wheel, .*--allow-builds/);
    });

    test('pyproject.toml with an extra and a group', async () => {
      const project = [
        '[project]',
        'name = "app"',
        'version = "0"',
        'dependencies = ["alpha"]',
        '[project.optional-dependencies]',
        'all = ["app[more]"]',
        'more = ["beta[more]"]',
        '[dependency-groups]',
        'dev = [{include-group = "low"}]',
        'low = ["gamma"]',
        '',
      ].join('\n');
      const { lock, check, read } = await workspace({ 'pyproject.toml': project }, resolver);
      const { code, err } = await lock('pyproject.toml', '--extra', 'all', '--group', 'dev', '-o', 'pylock.toml');
      assert.equal(code, 0, err);
      const text = read('pylock.toml');
      assert.match(text, /^# via beta, app \(\S*pyproject\.toml\)\n# approved: by the policy\nname = "alpha"$/m);
      assert.match(text, /^# via beta, app:dev \(\S*pyproject\.toml\)\n.*\nname = "gamma"$/m);
      const checked = await check('pylock.toml');
      assert.equal(checked.code, 0, checked.out);
    });
  });
}

test('--check finds what is not exact, not hashed, not there, not complete', { skip: noPip }, async () => {
  const wrong = 'f'.repeat(64);
  const lines = [
    `beta==1.0 --hash=sha256:${beta}`,
    'gamma==1.0',
    `young-only==1.0 --hash=sha256:${wrong}`,
    'source-only>=1',
    `alpha==2.0 --hash=sha256:${alphaNext}`,
    `nowhere==1 --hash=sha256:${wrong}`,
  ];
  const files = { 'requirements.txt': lines.join('\n') };
  const { check, write } = await workspace(files, 'pip', join(folder, 'nothing-inspected'));
  const { code, out } = await check('requirements.txt', '--format', 'json');
  assert.equal(code, 1, out);
  const [lock] = (JSON.parse(out) as { locks: { ok: boolean; problems: { code: string; line: number }[] }[] }).locks;
  assert.equal(lock?.ok, false);
  assert.deepEqual(
    lock.problems.map((problem) => `${problem.line} ${problem.code}`),
    ['1 not-inspected', '2 missing-hash', '3 unknown-hash', '4 not-locked', '5 held', '6 absent'],
  );
  write('requirements.txt', `alpha==2.0 --hash=sha256:${alphaNext}\n`);
  assert.equal((await check('requirements.txt')).code, 2, 'only time is missing');
  write('requirements.txt', 'alpha>1 >2\n');
  assert.equal((await check('requirements.txt')).code, 3);
  write('requirements.txt', '# nothing\n');
  assert.equal((await check('requirements.txt')).code, 5);
});

describe('against a gate that runs elsewhere', { skip: noPip }, () => {
  let gate: StartedGate;
  const config = () => join(folder, 'closed.toml');
  before(async () => {
    writeFileSync(config(), '[access]\nanonymous = "none"\n');
    gate = await startGate({ upstream: upstream.simpleUrl, env: { WHEELGATE_CONFIG: config() } });
  });
  after(() => gate?.stop());

  test('a token opens a closed gate to the resolver and to the check, and stands in neither lock nor message', async () => {
    const env = { WHEELGATE_DATA: gate.data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
    const created = await runWheelgate(
      ['token', 'create', '--name', 'ci', '--role', 'machine', '--format', 'json'],
      env,
    );
    assert.equal(created.code, 0, created.err);
    const token = (JSON.parse(created.out) as { token: string }).token;
    const { run, read } = await workspace({ 'requirements.in': 'beta\n', 'constraints.in': 'alpha==2.0\n' });
    const remote = { WHEELGATE_URL: gate.url, WHEELGATE_TOKEN: token, WHEELGATE_DATA: '', WHEELGATE_UPSTREAM: '' };
    const locked = await run(['lock', '--resolver', 'pip', 'requirements.in', '-o', 'pylock.toml'], remote);
    assert.equal(locked.code, 0, locked.err);
    assert.ok(read('pylock.toml').includes(`url = "${gate.url}/packages/`));
    const checked = await run(['lock', '--check', 'pylock.toml'], remote);
    assert.equal(checked.code, 0, checked.out + checked.err);
    const held = await run(['lock', '--resolver', 'pip', 'constraints.in'], remote);
    assert.equal(held.code, 2, held.err);
    assert.ok(held.err.includes(`${gate.url}/r/alpha/2.0`), held.err);
    for (const text of [read('pylock.toml'), locked.err, held.err]) assert.ok(!text.includes(token));
    const refused = await run(['lock', '--check', 'pylock.toml'], { ...remote, WHEELGATE_TOKEN: '' });
    assert.notEqual(refused.code, 0);
    const gone = await run(['lock', '--check', 'pylock.toml'], { ...remote, WHEELGATE_URL: 'http://127.0.0.1:9' });
    assert.equal(gone.code, 4, gone.err);
  });

  test('over the data folder of a closed gate nobody needs a token of the team', async () => {
    const { run } = await workspace({ 'requirements.in': 'beta\n' }, 'pip', gate.data);
    const locked = await run(['lock', '--resolver', 'pip', 'requirements.in'], { WHEELGATE_CONFIG: config() });
    assert.equal(locked.code, 0, locked.err);
    assert.match(locked.out, /^beta==1\.0 /m);
  });
});

test('--check works over the data folder while the upstream is away', { skip: noPip }, async () => {
  const own = await startFakeIndex();
  const bytes = aWheel({ project: 'offline', version: '1.0' });
  own.addFile('offline', aWheelName({ project: 'offline', version: '1.0' }), bytes, { uploadTime: daysAgo(100) });
  const { lock, check, env } = await workspace({ 'requirements.in': 'offline\n' }, 'pip', join(folder, 'offline'));
  env.WHEELGATE_UPSTREAM = own.simpleUrl;
  try {
    assert.equal((await lock('requirements.in', '-o', 'requirements.txt')).code, 0);
  } finally {
    await own.stop();
  }
  const { code, out, err } = await check('requirements.txt');
  assert.equal(code, 0, out + err);
});
