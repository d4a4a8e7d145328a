import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { aWheel } from '../../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../../fakes/fake-index.ts';
import { type StartedGate, startGate } from '../start-gate.ts';
import { type Answer, AT_ONCE_S, addWheel, ask, assertUnavailable, daysAgo } from './lab.ts';

// DESIGN section 11, rows "upstream down, refusing or hanging" and "upstream changed bytes under a name". One gate, and an
// index with an upstream of its own for each way to fail.

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

/** How an upstream fails as a whole, and what a client shall read. A status that comes through is an answer: then `isMute` is false. */
const failures = {
  down: { reason: /refused the connection/, isMute: true, begin: (upstream: FakeIndex) => upstream.stop() },
  refusing: {
    reason: /closed the connection/,
    isMute: true,
    begin: (upstream: FakeIndex) => upstream.fail('/', 'refuse'),
  },
  hanging: {
    reason: /did not answer in time/,
    isMute: true,
    begin: (upstream: FakeIndex) => upstream.fail('/', 'stall'),
  },
  erring: { reason: /answered 502/, isMute: true, begin: (upstream: FakeIndex) => upstream.fail('/', { status: 502 }) },
  cutting: { reason: /Upstream \S+ \w+/, isMute: false, begin: (upstream: FakeIndex) => upstream.fail('/', 'cut') },
  babbling: {
    reason: /Upstream \S+/,
    isMute: false,
    begin: (upstream: FakeIndex) => upstream.fail('/', 'wrong-bytes'),
  },
};
type Failing = keyof typeof failures;
const FAILING = Object.keys(failures) as readonly Failing[];
/** Indexes whose upstream works, but for what a test does to it; `html` gives no upload times. */
const WORKING = ['files', 'changing', 'lying', 'html', 'strange'] as const;

const upstreams = new Map<string, FakeIndex>();
/** Paths by index and project. */
const paths = new Map<string, string>();
let stranger: FakeIndex;
let folder: string;
let start: () => Promise<StartedGate>;
let gate: StartedGate;

const upstreamOf = (index: string) => upstreams.get(index)!;
const fileOf = (index: string, project: string) => `/${index}${paths.get(`${index} ${project}`)}`;

function add(index: string, project: string): string {
  const path = addWheel(upstreamOf(index), { project, version: '1.0' }, { lastModified: daysAgo(300) });
  paths.set(`${index} ${project}`, path);
  return path;
}

before(async () => {
  for (const index of [...FAILING, ...WORKING]) {
    upstreams.set(index, await startFakeIndex({ mode: index === 'html' ? 'html' : 'json' }));
    for (const project of ['alpha', 'beta']) add(index, project);
  }
  // A team's own index before a public one.
  upstreams.set('ours', await startFakeIndex());
  upstreams.set('public', await startFakeIndex());
  // On a host that nobody allowed.
  stranger = await startFakeIndex();
  for (const project of ['alpha', 'acme-tool']) add('public', project);
  const url = (name: string) => upstreamOf(name).simpleUrl;
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-upstream-'));
  const config = join(folder, 'wheelgate.toml');
  const toml = [
    'page_ttl = "1s"',
    ...[...upstreams.keys()].map((name) => `[[upstreams]]\nurl = "${url(name)}"\nprivate = ${name === 'ours'}`),
    ...[...FAILING, ...WORKING].map((name) => `[indexes.${name}]\nupstreams = ["${url(name)}"]`),
    `[indexes.team]\nupstreams = ["${url('ours')}", "${url('public')}"]`,
  ];
  await writeFile(config, toml.join('\n'));
  start = () => startGate({ upstream: '', data: join(folder, 'data'), env: { WHEELGATE_CONFIG: config } });
  gate = await start();
});
after(async () => {
  await gate?.kill();
  for (const upstream of [...upstreams.values(), stranger]) await upstream.stop();
  await rm(folder, { recursive: true, force: true });
});

async function assertServed(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { status, said, seconds } = await ask(gate, path);
    assert.equal(status, 200, said);
    assert.ok(seconds < AT_ONCE_S, `${path} took ${seconds} s`);
  }
}

/** All of a project that a client asks for. */
function requestsFor(index: string, project: string): readonly string[] {
  const file = fileOf(index, project);
  return [`/${index}/simple/${project}/`, `${file}.metadata`, file, `/${index}/pypi/${project}/json`];
}

describe('each index by itself, all at once', { concurrency: true }, () => {
  test('what was approved before is served at once while an upstream fails, and nothing waits behind what is new', async () => {
    for (const index of FAILING) await assertServed(requestsFor(index, 'alpha'));
    for (const index of FAILING) await failures[index].begin(upstreamOf(index));
    // The pages are not fresh any more.
    await sleep(1_100);

    let left = 0;
    const asking: Promise<[Failing, Answer]>[] = [];
    for (const index of FAILING) {
      const news = [
        ...requestsFor(index, 'beta'),
        ...(failures[index].isMute ? [`/${index}/simple/never-heard-of/`] : []),
      ];
      for (const path of news) {
        if (index === 'hanging') left++;
        const asked = ask(gate, path).then((answer): [Failing, Answer] => {
          if (index === 'hanging') left--;
          return [index, answer];
        });
        asking.push(asked);
      }
    }
    for (const index of FAILING) await assertServed(requestsFor(index, 'alpha'));
    assert.equal(left, 5, 'what hangs was answered before what is there');
    for (const [index, answer] of await Promise.all(asking)) assertUnavailable(answer, failures[index].reason);
  });

  test('an earlier upstream that hangs passes no name on, and takes no established one away', async () => {
    await assertServed(['/team/simple/alpha/', `/team${paths.get('public alpha')}`]);
    upstreamOf('ours').fail('/', 'stall');
    await sleep(1_100);
    const unclear = ask(gate, '/team/simple/acme-tool/');
    await assertServed(['/team/simple/alpha/', `/team${paths.get('public alpha')}`]);
    assertUnavailable(await unclear, /did not answer in time/);
    const lines = upstreamOf('public').requestLines();
    assert.ok(!lines.some((line) => line.includes('acme-tool')), 'the name went to the public upstream');
  });

  test('a new file that its upstream does not send: 503 with the reason, other files do not wait, and it comes when it can', async () => {
    const upstream = upstreamOf('files');
    const faults = [
      ['stalled', 'stall', /did not answer in time/],
      ['refused', 'refuse', /closed the connection/],
      ['cut', 'cut', /Upstream \S+ \w+/],
      ['erring', { status: 500 }, /answered 500/],
    ] as const;
    const asking = faults.map(([project, fault]) => {
      upstream.fail(add('files', project), fault);
      return ask(gate, fileOf('files', project));
    });
    await assertServed([fileOf('files', 'alpha')]);
    for (const [i, answer] of (await Promise.all(asking)).entries()) assertUnavailable(answer, faults[i]![2]);
    upstream.heal();
    await assertServed(faults.map(([project]) => fileOf('files', project)));
  });

  test('changed bytes: what we have is served as it was, the other file is refused, and the alarm is raised', async () => {
    const path = fileOf('changing', 'alpha');
    const before = await ask(gate, path);
    assert.equal(before.status, 200, before.said);
    const options = { project: 'alpha', version: '1.0', files: { 'alpha/__init__.py': 'import os\n' } };
    const changed = addWheel(upstreamOf('changing'), options);
    await sleep(1_100);
    const page = JSON.parse((await ask(gate, '/changing/simple/alpha/', { accept: JSON_TYPE })).body.toString());
    assert.deepEqual(
      page.files.map(({ url }: { url: string }) => url),
      [`../..${paths.get('changing alpha')}`],
    );
    assert.deepEqual((await ask(gate, path)).body, before.body);
    const refused = await ask(gate, `/changing${changed}`);
    assert.deepEqual([refused.status, refused.type], [403, 'application/problem+json']);
    assert.match(refused.said, /blocked by Wheelgate: upstream changed the bytes under this file name/);
    const metrics = (await ask(gate, '/metrics')).body.toString();
    assert.match(metrics, /wheelgate_upstream_changed_bytes_total\{upstream="[^"]+"\} 1/);
    assert.match(gate.output(), /upstream changed bytes/);
  });

  test('bytes that differ from the promised digest: refused at every part, and with an alarm', async () => {
    // A project of its own: bytes with the digest of another index's file would be there already.
    const lie = aWheel({ project: 'liar', version: '1.0', files: { 'liar/x.py': 'EVIL = 1\n' } });
    upstreamOf('lying').replaceBytes(add('lying', 'liar'), lie);
    const path = fileOf('lying', 'liar');
    for (const part of [path, `${path}.metadata`]) {
      const { status, said } = await ask(gate, part);
      assert.equal(status, 403, said);
      assert.match(said, /upstream sent other bytes than the sha256 it promised/);
    }
    assert.ok(gate.output().includes(path.slice('/lying/'.length)), 'no alarm');
  });

  test('an index without upload times that fails for dates makes no file old', async () => {
    upstreamOf('html').fail('/packages/', { status: 500 });
    const refused = await ask(gate, fileOf('html', 'alpha'));
    assert.equal(refused.status, 403);
    assert.match(refused.said, /does not say when this file was uploaded/);
    upstreamOf('html').heal();
    await assertServed([fileOf('html', 'beta')]);
  });

  test('redirects without end, to other hosts and to other schemes are not followed', async () => {
    const upstream = upstreamOf('strange');
    for (const [project, location] of [
      ['loop', '/simple/loop/'],
      ['stranger', `${stranger.origin.replace('127.0.0.1', 'localhost')}/simple/alpha/`],
      ['metadata-service', 'http://169.254.169.254/latest/meta-data/'],
      ['disk', 'file:///etc/passwd'],
    ] as const) {
      upstream.answerWith(`/simple/${project}/`, { status: 302, headers: { location } });
      assertUnavailable(await ask(gate, `/strange/simple/${project}/`), /Upstream/);
    }
    assert.deepEqual(stranger.requests, []);
  });

  test('files on hosts that the upstream may not name are not fetched', async () => {
    const origin = stranger.origin.replace('127.0.0.1', 'localhost');
    const path = addWheel(upstreamOf('strange'), { project: 'gamma', version: '1.0' }, { origin });
    assertUnavailable(await ask(gate, `/strange${path}`), /Upstream/);
    assert.deepEqual(stranger.requests, []);
  });

  test('a page that is too large is a failure of the upstream: never 403, never 404', async () => {
    const body = Buffer.alloc(65 * 2 ** 20, ' ');
    upstreamOf('strange').answerWith('/simple/huge/', { headers: { 'content-type': JSON_TYPE }, body });
    assertUnavailable(await ask(gate, '/strange/simple/huge/'), /sends a page of more than/);
  });
});

test('what was approved before is served at once while an upstream fails, after a restart too', async () => {
  await gate.kill();
  gate = await start();
  for (const index of FAILING) await assertServed(requestsFor(index, 'alpha'));
  await assertServed(['/team/simple/alpha/', `/team${paths.get('public alpha')}`]);
  const { body } = await ask(gate, '/hanging/simple/alpha/', { accept: JSON_TYPE });
  assert.match(body.toString(), /alpha-1\.0-/);
});
