import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { auditReportSchema } from '../../src/api/audit.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { runWheelgate, type StartedGate, startGate } from './start-gate.ts';

// What `audit` says and does with a gate, and with what the gate lets in. flask 2.2.2 has a real advisory, fixed in 2.2.5.

let folder: string;
let upstream: FakeIndex;
let gate: StartedGate;
const OLD = new Date('2022-01-01T00:00:00Z');
const digests = new Map<string, string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-audit-gate-'));
  upstream = await startFakeIndex();
  const add = (project: string, version: string, requires: readonly string[] = [], uploadTime = OLD) => {
    const release = { project, version, requires };
    const file = upstream.addFile(project, aWheelName(release), aWheel(release), { uploadTime });
    digests.set(`${project} ${version}`, file.sha256);
  };
  for (const version of ['2.2.2', '2.2.5', '2.3.3']) add('flask', version, ['click>=8']);
  add('flask', '2.2.6', ['click>=8'], new Date());
  add('flask-parent', '1.0', ['flask<2.2.4']);
  add('flask-parent', '1.1', ['flask>=2']);
  add('click', '8.1.0');
  add('six', '1.16.0');
  add('six', '1.17.0', [], new Date());
  gate = await startGate({ upstream: upstream.simpleUrl });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function audit(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, err } = await runWheelgate(['audit', '--format', 'json', ...args], env);
  return { code, out, err, report: out.startsWith('{') ? auditReportSchema.parse(JSON.parse(out)) : undefined };
}

const remote = () => ({ WHEELGATE_URL: gate.url });
const local = (data = join(folder, 'none')) => ({ WHEELGATE_UPSTREAM: upstream.simpleUrl, WHEELGATE_DATA: data });
const hash = (release: string) => `--hash=sha256:${digests.get(release)}`;

test('a gate that runs says what it holds, blocks and has not', async () => {
  const path = await file('policy.txt', 'six==1.16.0\nsix==1.17.0 ; python_version > "3"\nnever-heard-of==1.0\n');
  const { code, report, err } = await audit([path], remote());
  assert.deepEqual(
    report?.findings.map(({ project, ids, kind, line }) => [project, ...ids, kind, line]),
    [
      ['six', 'cooldown', 'policy', 2],
      ['never-heard-of', 'absent', 'policy', 3],
    ],
    err,
  );
  assert.equal(code, 1);
  const held = await file('held.txt', 'six==1.17.0\n');
  assert.equal((await audit([held], remote())).code, 2, 'held is pending');
  assert.equal((await audit([held, '--fail-on', 'none'], remote())).code, 0);
  assert.equal((await audit([held, '--ignore', 'cooldown'], remote())).code, 2, 'the gate would still refuse it');
  assert.equal((await audit([held], local())).code, 0, 'without a gate nobody says so');
  assert.match(
    (await audit([held, '--format', 'text'], remote())).out,
    new RegExp(`held .*cooldown[^]*see ${gate.url}/r/six/1`),
  );
  assert.equal((await audit([held, '--index', 'other'], remote())).code, 5, 'no such index');
  assert.equal((await audit([held], { WHEELGATE_URL: 'http://127.0.0.1:9' })).code, 4);
});

test('without a gate the decisions in the data folder count', async () => {
  const data = join(folder, 'denied');
  const denied = await runWheelgate(['deny', 'pkg:pypi/six@1.16.0', '--reason', 'not ours'], local(data));
  assert.equal(denied.code, 0, denied.err);
  const path = await file('denied.txt', 'six==1.16.0\n');
  const { code, report } = await audit([path], local(data));
  assert.deepEqual([code, report?.findings.map(({ ids, kind }) => [...ids, kind])], [1, [['denial', 'policy']]]);
});

const LOCK = () =>
  `# mine\r\nflask==2.2.2 \\\r\n    ${hash('flask 2.2.2')}\r\n    # via flask-parent\r\nflask-parent==1.0 ; python_version >= "3.8" \\\r\n    ${hash('flask-parent 1.0')}\r\nclick==8.1.0 ${hash('click 8.1.0')} # keep\r\n`;
const FIXED = () =>
  LOCK()
    .replace('flask==2.2.2', 'flask==2.2.5')
    .replace(hash('flask 2.2.2'), hash('flask 2.2.5'))
    .replace('flask-parent==1.0', 'flask-parent==1.1')
    .replace(hash('flask-parent 1.0'), hash('flask-parent 1.1'));

for (const [why, env] of [
  ['with what this machine lets in', local],
  ['with what a gate that runs lets in', remote],
] as const) {
  test(`--fix raises pins and what caps them, and nothing else: ${why}`, async () => {
    const path = await file('lock.txt', LOCK());
    const tried = await audit([path, '--fix', '--dry-run'], env());
    assert.equal(tried.code, 0, tried.err);
    assert.match(tried.out, /^-flask==2\.2\.2 \\\r?\n/m);
    assert.match(tried.out, /^\+flask==2\.2\.5 \\\r?\n/m);
    assert.equal(await readFile(path, 'utf8'), LOCK(), 'a dry run writes nothing');
    const fixed = await audit([path, '--fix'], env());
    assert.equal(await readFile(path, 'utf8'), FIXED(), fixed.err);
    assert.deepEqual([fixed.code, fixed.report?.findings], [0, []], fixed.err);
    assert.match(fixed.err, /raised flask 2\.2\.2 to 2\.2\.5 {2}\S+lock\.txt:2/);
    assert.match(fixed.err, /raised flask-parent 1\.0 to 1\.1 .* for flask-parent 1\.0 asks for flask<2\.2\.4/);
    assert.match((await audit([path, '--fix'], env())).err, /nothing to raise/);
  });
}

test('--fix leaves no data folder behind, and refuses what it cannot write', async () => {
  assert.equal(existsSync(join(folder, 'none')), false);
  const path = await file('closed.txt', 'flask==2.2.2,<2.2.4\n');
  const { code, err, report } = await audit([path, '--fix'], remote());
  assert.match(
    err,
    /not raised: flask 2\.2\.2: \S+closed\.txt:1: the line is written in a way that cannot be edited safely/,
  );
  assert.deepEqual([code, report?.findings.length], [1, 1]);
  assert.equal(await readFile(path, 'utf8'), 'flask==2.2.2,<2.2.4\n');
  assert.equal((await audit(['-', '--fix'], remote())).code, 3);
  assert.equal((await audit([path, '--dry-run'], remote())).code, 3);
});

const hasGit = spawnSync('git', ['--version']).status === 0;
test('--baseline of a branch counts only what is new since', { skip: !hasGit && 'no git here' }, async (t) => {
  const repository = await mkdtemp(join(tmpdir(), 'wheelgate-audit-git-'));
  t.after(() => rm(repository, { recursive: true, force: true }));
  const run = (...args: readonly string[]) => {
    const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    assert.equal(spawnSync('git', [...settings, ...args], { cwd: repository }).status, 0, args.join(' '));
  };
  const path = join(repository, 'requirements.txt');
  run('init', '-q', '-b', 'main');
  await writeFile(path, 'flask==2.2.2\n');
  run('add', '.');
  run('commit', '-q', '-m', 'x');
  await writeFile(path, 'six==1.16.0\nflask==2.2.1\njinja2==2.10\n');
  const inRepository = (args: readonly string[]) => runWheelgate(['audit', ...args], {}, repository);
  const { code, out, err } = await inRepository(['--baseline', 'main', '--format', 'json']);
  assert.equal(code, 1, err);
  const { findings } = auditReportSchema.parse(JSON.parse(out));
  assert.deepEqual([...new Set(findings.map(({ project }) => project))], ['jinja2']);
  const { out: comment } = await inRepository(['--baseline', 'main', '--format', 'markdown']);
  assert.match(comment, /\| jinja2 2\.10 \| new \| requirements\.txt:3 \|/);
  await writeFile(path, 'flask==2.2.1\n');
  assert.equal((await inRepository(['--baseline', 'main'])).code, 0);
  assert.equal((await inRepository(['--baseline', 'none'])).code, 3);
  assert.equal((await inRepository(['--baseline', 'none.json'])).code, 3);
});
