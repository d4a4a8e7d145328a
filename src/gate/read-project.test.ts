import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeUpstream, upstreamDown } from '../../test/fakes/fake-upstream.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { WheelgateError } from '../core/errors.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { parseProjectName } from '../core/python/name.ts';
import type { PageStore } from './ports.ts';
import { createReadProject } from './read-project.ts';

const TTL_MS = 300_000;
const demo = parseProjectName('demo');
const bytes = (text: string) => Buffer.from(text);

/** A private upstream before a public one, as a team has them. */
function aReader({ reserved = [] as string[], pages = createMemoryStore().pages as PageStore } = {}) {
  const ours = new FakeUpstream('https://ours.test/simple/');
  const publicOne = new FakeUpstream('https://public.test/simple/');
  const time = { now: new Date('2026-11-23T12:00:00Z') };
  const errors: string[] = [];
  const policy = parsePolicy(`[rules.reserved-names]\nnames = ${JSON.stringify(reserved)}`);
  const index = {
    name: 'default',
    upstreams: [
      { upstream: ours, isPrivate: true },
      { upstream: publicOne, isPrivate: false },
    ],
    policy: () => policy,
  };
  const restart = () =>
    createReadProject({
      pages,
      clock: () => time.now,
      pageTtlMs: TTL_MS,
      onUpstreamError: (name) => errors.push(name),
    });
  let read = restart();
  return {
    ours,
    publicOne,
    time,
    errors,
    pages,
    /** The page is not fresh any more, and no pause after a failure holds. */
    passTtl: () => {
      time.now = new Date(time.now.getTime() + TTL_MS + 1);
    },
    restart: () => {
      read = restart();
    },
    read: (project = 'demo') => read(index, parseProjectName(project)),
    /** What a reader sees: the files and whose they are. */
    async see(project = 'demo'): Promise<string> {
      const view = await read(index, parseProjectName(project));
      return view.kind === 'page'
        ? `${view.page.files.map(({ filename }) => filename).join(' ')} of ${view.owner.name}`
        : view.kind;
    },
  };
}

const one = 'demo-1.0-py3-none-any.whl';
const two = 'demo-2.0-py3-none-any.whl';

test('upstreams are asked in their order, and the first that has the name owns it', async () => {
  const { ours, publicOne, see } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  publicOne.addFile('demo', two, bytes('theirs'));
  assert.equal(await see(), `${one} of ${ours.name}`);
  assert.deepEqual(publicOne.calls, [], 'an owned name must not be looked up further on');
  publicOne.addFile('other', 'other-1.0-py3-none-any.whl', bytes('x'));
  assert.equal(await see('other'), `other-1.0-py3-none-any.whl of ${publicOne.name}`);
  assert.equal(await see('nowhere'), 'absent');
});

test('a reserved name is never looked up at a public upstream', async () => {
  const { ours, publicOne, see } = aReader({ reserved: ['demo', 'acme-*'] });
  publicOne.addFile('acme-tool', 'acme_tool-1.0-py3-none-any.whl', bytes('trap'));
  assert.equal(await see('acme-tool'), 'reserved');
  ours.addFile('demo', one, bytes('ours'));
  assert.equal(await see(), `${one} of ${ours.name}`);
  assert.deepEqual(publicOne.calls, []);
});

test('an upstream that fails does not pass the name on to the next one', async () => {
  const { ours, publicOne, see, errors } = aReader();
  publicOne.addFile('demo', two, bytes('theirs'));
  ours.fail('readPage');
  await assert.rejects(see(), upstreamDown);
  assert.deepEqual(publicOne.calls, []);
  assert.deepEqual(errors, [ours.name]);
});

test('a page is fresh for its time, then asked again by its ETag', async () => {
  const { ours, see, passTtl } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  await see();
  await see();
  assert.equal(ours.count('readPage'), 1);
  passTtl();
  await see();
  await see();
  assert.equal(ours.count('readPage'), 2, 'a 304 makes the page fresh again');
  ours.addFile('demo', two, bytes('more'));
  passTtl();
  assert.equal(await see(), `${one} ${two} of ${ours.name}`);
});

for (const [why, error] of [
  ['down', upstreamDown],
  ['slower than the limit', new WheelgateError('UPSTREAM_TIMEOUT', 'did not answer', 'Wait.')],
  ['sending rubbish', new WheelgateError('PAGE_INVALID', 'no page', 'Look.')],
  ['redirecting to a host that is not allowed', new WheelgateError('UPSTREAM_REFUSED', 'no', 'Look.')],
] as const) {
  test(`a stale page is served while the upstream is ${why}, after a restart too`, async () => {
    const { ours, see, passTtl, restart, read } = aReader();
    ours.addFile('demo', one, bytes('ours'));
    await see();
    ours.fail('readPage', error);
    passTtl();
    assert.equal(await see(), `${one} of ${ours.name}`);
    restart();
    assert.equal(await see(), `${one} of ${ours.name}`);
    await assert.rejects(read('never-seen'), error);
  });
}

test('an upstream that just failed is left alone for a page that we have', async () => {
  const { ours, see, passTtl, time } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  await see();
  ours.fail('readPage');
  passTtl();
  await see();
  await see();
  assert.equal(ours.count('readPage'), 2);
  ours.heal();
  ours.addFile('demo', two, bytes('more'));
  time.now = new Date(time.now.getTime() + 11_000);
  assert.equal(await see(), `${one} ${two} of ${ours.name}`);
});

test('a page that we have is answered before a hanging upstream answers, and the next time at once', async () => {
  const { ours, see, passTtl, restart } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  await see();
  restart();
  passTtl();
  const release = ours.hang('readPage');
  assert.equal(await see(), `${one} of ${ours.name}`);
  const asked = ours.count('readPage');
  assert.equal(await Promise.race([see(), nextTurns()]), `${one} of ${ours.name}`, 'waited for it once more');
  assert.equal(ours.count('readPage'), asked);
  release();
});

test('an answer that comes late counts for who asks next', async () => {
  const { ours, see, passTtl } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  await see();
  passTtl();
  ours.addFile('demo', two, bytes('more'));
  const release = ours.hang('readPage');
  assert.equal(await see(), `${one} of ${ours.name}`);
  release();
  await nextTurns();
  assert.equal(await see(), `${one} ${two} of ${ours.name}`);
});

test('a name of a later upstream stays readable while an earlier one is down or hangs, after a restart too', async () => {
  const { ours, publicOne, see, passTtl, restart } = aReader();
  publicOne.addFile('demo', two, bytes('theirs'));
  await see();
  ours.fail('readPage');
  for (const again of [passTtl, restart]) {
    again();
    assert.equal(await see(), `${two} of ${publicOne.name}`);
  }
  passTtl();
  restart();
  ours.heal();
  const release = ours.hang('readPage');
  assert.equal(await see(), `${two} of ${publicOne.name}`);
  release();
});

test('that an upstream had no such project is not believed any more once it fails', async () => {
  const { ours, publicOne, see, passTtl } = aReader();
  assert.equal(await see(), 'absent');
  // Since then the team has published it, and somebody else too.
  ours.addFile('demo', one, bytes('ours'));
  publicOne.addFile('demo', two, bytes('trap'));
  ours.fail('readPage');
  passTtl();
  await assert.rejects(see(), upstreamDown);
  ours.heal();
  assert.equal(await see(), `${one} of ${ours.name}`);
});

test('a project that its upstream took away is absent, and comes back', async () => {
  const { ours, see, passTtl, restart } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  await see();
  ours.removeProject('demo');
  passTtl();
  assert.equal(await see(), 'absent');
  restart();
  assert.equal(await see(), 'absent');
  ours.addFile('demo', two, bytes('again'));
  passTtl();
  assert.equal(await see(), `${two} of ${ours.name}`);
});

test('names that nobody has are not stored: anybody may ask for any name', async () => {
  const { see, pages, ours } = aReader();
  assert.equal(await see('nowhere'), 'absent');
  assert.equal(await pages.find(ours.name, parseProjectName('nowhere')), undefined);
});

test('a hundred readers make one request', async () => {
  const { ours, see } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  const release = ours.hang('readPage');
  const readers = Array.from({ length: 100 }, () => see());
  await nextTurns();
  release();
  assert.deepEqual(new Set(await Promise.all(readers)), new Set([`${one} of ${ours.name}`]));
  assert.equal(ours.count('readPage'), 1);
});

test('a failure is shared by who waits for it and forgotten afterwards', async () => {
  const { ours, see } = aReader();
  ours.fail('readPage');
  const outcomes = await Promise.allSettled([see(), see()]);
  assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['rejected']));
  ours.heal();
  ours.addFile('demo', one, bytes('ours'));
  assert.equal(await see(), `${one} of ${ours.name}`);
});

test('a page that cannot be stored is not served as new: what was there before stays', async () => {
  const { pages } = createMemoryStore();
  const disk = { isFull: false };
  const diskFull = new WheelgateError('DISK_FULL', 'The disk is full', 'Free some space.');
  const put: PageStore['put'] = async (...row) => {
    if (disk.isFull) throw diskFull;
    await pages.put(...row);
  };
  const { ours, see, passTtl } = aReader({ pages: { find: pages.find, put } });
  ours.addFile('demo', one, bytes('ours'));
  await see();
  disk.isFull = true;
  ours.addFile('demo', two, bytes('more'));
  passTtl();
  assert.equal(await see(), `${one} of ${ours.name}`);
  ours.addFile('other', 'other-1.0-py3-none-any.whl', bytes('x'));
  await assert.rejects(see('other'), diskFull);
});

test('the page tells when its upstream last confirmed it', async () => {
  const { ours, read, passTtl, time } = aReader();
  ours.addFile('demo', one, bytes('ours'));
  const first = time.now;
  await read();
  ours.fail('readPage');
  passTtl();
  const view = await read(demo);
  assert.ok(view.kind === 'page');
  assert.deepEqual(view.fetchedAt, first);
});

/** Long enough for everything that is ready, far shorter than any patience. */
function nextTurns(): Promise<'not yet'> {
  return new Promise((resolve) => {
    setTimeout(resolve, 100, 'not yet');
  });
}
