import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { noPip, pipInstall } from './pip.ts';
import { runWheelgate, type StartedGate, startGate } from './start-gate.ts';

const old = { uploadTime: new Date('2021-05-05T00:00:00Z') };
const wheelOf = (project: string) => ({
  project,
  version: '1.0.0',
  files: { [`${project}/__init__.py`]: `# ${project}\n` },
});
const digestOf = (project: string) =>
  createHash('sha256')
    .update(aWheel(wheelOf(project)))
    .digest('hex');

let upstream: FakeIndex;
let gate: StartedGate;
const tokens: Record<string, string> = {};

before(async () => {
  upstream = await startFakeIndex();
  for (const project of ['alpha', 'beta', 'gamma', 'delta', 'epsilon']) {
    upstream.addFile(project, aWheelName(wheelOf(project)), aWheel(wheelOf(project)), old);
  }
  const policy = join(await mkdtemp(join(tmpdir(), 'wheelgate-policy-')), 'policy.toml');
  await writeFile(policy, 'preset = "strict"\n');
  gate = await startGate({ upstream: upstream.simpleUrl, env: { WHEELGATE_POLICY: policy } });
  for (const [name, role] of [
    ['dev', 'requester'],
    ['rev', 'reviewer'],
    ['rev2', 'reviewer'],
    ['sec', 'security'],
    ['sec2', 'security'],
  ] as const) {
    const made = await runWheelgate(['token', 'create', '--name', name, '--role', role, '--format', 'json'], {
      WHEELGATE_DATA: gate.data,
      WHEELGATE_UPSTREAM: upstream.simpleUrl,
    });
    assert.equal(made.code, 0, made.err);
    tokens[name] = JSON.parse(made.out).token;
  }
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

const run = (who: string, ...args: readonly string[]) =>
  runWheelgate(args, { WHEELGATE_URL: gate.url, WHEELGATE_TOKEN: tokens[who]! });
const indexFor = (who: string) => gate.indexUrl.replace('http://', `http://__token__:${tokens[who]}@`);

type Shown = { id: string; project: string; version: string; state: string; requesters: string[] };
async function reviewOf(project: string): Promise<Shown> {
  for (let tries = 0; tries < 40; tries++) {
    const { out, err } = await run('rev', 'review', 'list', '--project', project, '--format', 'json');
    assert.equal(err, '');
    const [review] = JSON.parse(out).reviews as Shown[];
    if (review) return review;
    await sleep(100);
  }
  return assert.fail(`no review of ${project} was opened`);
}

/** Asks for the one file of a project as a client does, by what the page says. */
async function fetchFile(project: string, who = 'dev') {
  const authorization = `Basic ${Buffer.from(`__token__:${tokens[who]}`).toString('base64')}`;
  const page = await fetch(`${gate.indexUrl}${project}/`, {
    headers: { accept: 'application/vnd.pypi.simple.v1+json', authorization },
  });
  const { files } = (await page.json()) as { files: { url: string }[] };
  const url = files[0] && new URL(files[0].url, `${gate.indexUrl}${project}/`);
  const answer = url && (await fetch(url, { headers: { authorization } }));
  return { listed: files.length, status: answer?.status, body: (await answer?.text()) ?? '', url };
}

test('strict: a first-seen project is refused, its requester cannot approve it, a reviewer can, and pip then passes', {
  skip: noPip,
}, async () => {
  const refused = await pipInstall(indexFor('dev'), 'alpha==1.0.0');
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /a person decides/);
  const review = await reviewOf('alpha');
  assert.deepEqual(
    [review.project, review.version, review.state, review.requesters],
    ['alpha', '1.0.0', 'open', ['token:dev']],
  );
  for (const [who, said] of [
    ['dev', /permission "approve-one"/],
    // A reviewer who asks for it too may not approve it any more; see below.
  ] as const) {
    const { code, err } = await run(who, 'review', 'approve', review.id, '--reason', 'mine', '--yes');
    assert.notEqual(code, 0);
    assert.match(err, said);
  }
  await pipInstall(indexFor('rev2'), 'alpha==1.0.0');
  for (let tries = 0; tries < 40 && (await reviewOf('alpha')).requesters.length < 2; tries++) await sleep(100);
  const own = await run('rev2', 'review', 'approve', review.id, '--reason', 'mine', '--yes');
  assert.equal(own.code, 1);
  assert.match(own.err, /token:rev2 asked for alpha 1\.0\.0: somebody else has to approve it/);
  assert.notEqual((await pipInstall(indexFor('dev'), 'alpha==1.0.0')).code, 0);

  const approved = await run('rev', 'review', 'approve', review.id, '--reason', 'read it', '--yes', '--format', 'json');
  assert.equal(approved.code, 0, approved.err);
  assert.equal(JSON.parse(approved.out).state, 'approved');
  const passed = await pipInstall(indexFor('dev'), 'alpha==1.0.0');
  assert.equal(passed.code, 0, passed.output);

  const holders = await run('sec', 'who-has', 'pkg:pypi/alpha@1.0.0', '--format', 'json');
  const [holder] = JSON.parse(holders.out).holders;
  assert.equal(holder.identity, 'token:dev');
  assert.equal(holder.sha256, digestOf('alpha'));
  assert.match(holder.userAgent, /^pip\//);
});

test('a revocation is in force at once at every door of the gate', async () => {
  await fetchFile('beta');
  const { id } = await reviewOf('beta');
  assert.equal((await run('rev', 'review', 'approve', id, '--reason', 'read it', '--yes')).code, 0);
  const before = await fetchFile('beta');
  assert.equal(before.status, 200);
  const revoked = await run(
    'sec',
    'revoke',
    digestOf('beta'),
    '--reason',
    'sends keys out',
    '--yes',
    '--format',
    'json',
  );
  assert.equal(revoked.code, 0, revoked.err);
  assert.equal(JSON.parse(revoked.out).holders.holders[0].identity, 'token:dev');

  assert.equal((await fetchFile('beta')).listed, 0);
  const headers = { authorization: `Basic ${Buffer.from(`__token__:${tokens.dev}`).toString('base64')}` };
  for (const path of ['', '.metadata']) {
    assert.equal((await fetch(`${before.url}${path}`, { headers })).status, 403, path);
  }
  const legacy = await fetch(`${gate.url}/pypi/beta/json`, { headers });
  assert.doesNotMatch(await legacy.text(), /beta-1\.0\.0-py3/);
  const osv = await fetch(`${gate.url}/v1/query`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ package: { name: 'beta', ecosystem: 'PyPI' }, version: '1.0.0' }),
  });
  assert.match(await osv.text(), /sends keys out/);
  assert.equal((await reviewOf('beta')).state, 'rejected');
});

test('what one process decides another one acts on', async () => {
  await fetchFile('gamma');
  const { id } = await reviewOf('gamma');
  await run('rev', 'review', 'approve', id, '--reason', 'read it', '--yes');
  assert.equal((await fetchFile('gamma')).status, 200);
  const onTheMachine = { WHEELGATE_DATA: gate.data, WHEELGATE_UPSTREAM: upstream.simpleUrl };
  assert.equal((await runWheelgate(['revoke', 'gamma==1.0.0', '--reason', 'bad', '--yes'], onTheMachine)).code, 0);
  for (let tries = 0; ; tries++) {
    if ((await fetchFile('gamma')).listed === 0) break;
    assert.ok(tries < 590, 'the server noticed within 60 s');
    await sleep(100);
  }
});

test('the kill switch: one raises it, two lower it', async () => {
  await fetchFile('delta');
  const { id } = await reviewOf('delta');
  await run('rev', 'review', 'approve', id, '--reason', 'read it', '--yes');
  const set = (who: string, level: string) => run(who, 'kill-switch', 'set', level, '--reason', 'incident', '--yes');
  assert.equal((await set('rev', '4')).code, 3, 'a reviewer may not');
  assert.equal((await set('sec', '4')).code, 0);
  const braked = await fetchFile('delta');
  assert.equal(braked.status, 403);
  assert.match(braked.body, /kill switch level 4/);
  assert.equal((await set('sec', '0')).code, 2);
  assert.equal((await set('sec', '0')).code, 1);
  assert.equal((await fetchFile('delta')).status, 403);
  assert.equal((await set('sec2', '0')).code, 0);
  assert.equal((await fetchFile('delta')).status, 200);
});

test('an exemption from one rule lets in, and its end holds again', async () => {
  assert.equal((await fetchFile('epsilon')).status, 403);
  const rules = ['new-project', 'feed-age'];
  const ids: string[] = [];
  for (const rule of rules) {
    const args = ['--rule', rule, '--owner', 'user:ana', '--reason', 'x', '--remediation', 'y', '--format', 'json'];
    const made = await run('sec', 'exempt', 'add', 'pkg:pypi/epsilon', ...args);
    assert.equal(made.code, 0, made.err);
    ids.push(JSON.parse(made.out).id);
  }
  assert.equal((await fetchFile('epsilon')).status, 200);
  assert.match((await run('sec', 'exempt', 'list')).out, /from new-project/);
  for (const id of ids) assert.equal((await run('sec', 'exempt', 'remove', id)).code, 0);
  const malware = ['--rule', 'known-malicious', '--owner', 'x', '--reason', 'x', '--remediation', 'y'];
  assert.equal((await run('sec', 'exempt', 'add', 'epsilon', ...malware)).code, 3);
});
