import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FakeUpstream } from '../../test/fakes/fake-upstream.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { createDateFiles, RETRY_DATES_AFTER_MS } from './date-files.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const versionOf = ({ filename }: IndexFile) => filename.split('-')[1];

/** An upstream without upload times, and the dates that a policy gives its files. */
function aDating(unknownAge: string) {
  const upstream = new FakeUpstream();
  const { fileTimes } = createMemoryStore();
  const time = { now: NOW };
  const dateFiles = createDateFiles({ fileTimes, clock: () => time.now });
  const policy = parsePolicy(`[rules.cooldown]\nunknown_age = "${unknownAge}"`);
  const files: IndexFile[] = [];
  return {
    upstream,
    files,
    fileTimes,
    time,
    addFile(version: string, uploadTime?: Date): IndexFile {
      const filename = `demo-${version}-py3-none-any.whl`;
      const file = upstream.addFile('demo', filename, Buffer.from(version), { uploadTime });
      files.push(file);
      return file;
    },
    date: () => dateFiles(policy, upstream, files, versionOf),
    /** `2026-11-23 first-seen`, or `unknown`, in the order of the files. */
    async ages(): Promise<string[]> {
      const { ages } = await dateFiles(policy, upstream, files, versionOf);
      return files.map(({ url }) => {
        const age = ages.get(url);
        return age ? `${age.at.toISOString().slice(0, 10)} ${age.source}` : 'unknown';
      });
    },
  };
}

for (const mode of ['last-modified', 'first-seen', 'hold', 'ignore']) {
  test(`an upload time is believed, whatever unknown_age says: ${mode}`, async () => {
    const { addFile, ages, upstream, fileTimes, files } = aDating(mode);
    addFile('1.0', LONG_AGO);
    assert.deepEqual(await ages(), ['2026-01-01 upload-time']);
    assert.deepEqual(upstream.calls, []);
    assert.equal((await fileTimes.find(upstream.name, [files[0]!.url])).size, 0);
  });
}

test('last-modified: the date of the upstream, else our first sight, and both are kept', async () => {
  const { addFile, ages, upstream, time } = aDating('last-modified');
  upstream.modified.set(addFile('1.0').filename, LONG_AGO);
  addFile('2.0');
  assert.deepEqual(await ages(), ['2026-01-01 last-modified', '2026-11-23 first-seen']);
  time.now = new Date('2027-01-01T00:00:00Z');
  upstream.modified.set('demo-1.0-py3-none-any.whl', time.now);
  assert.deepEqual(await ages(), ['2026-01-01 last-modified', '2026-11-23 first-seen']);
  assert.equal(upstream.count('lastModified'), 2, 'a known date is not asked for again');
});

test('first-seen: our first sight, without asking anybody', async () => {
  const { addFile, ages, upstream, time } = aDating('first-seen');
  upstream.modified.set(addFile('1.0').filename, LONG_AGO);
  assert.deepEqual(await ages(), ['2026-11-23 first-seen']);
  time.now = new Date('2026-11-30T00:00:00Z');
  addFile('2.0');
  assert.deepEqual(await ages(), ['2026-11-23 first-seen', '2026-11-30 first-seen']);
  assert.deepEqual(upstream.calls, []);
});

for (const mode of ['hold', 'ignore']) {
  test(`${mode}: nothing is made up`, async () => {
    const { addFile, ages, upstream, fileTimes, files } = aDating(mode);
    upstream.modified.set(addFile('1.0').filename, LONG_AGO);
    assert.deepEqual(await ages(), ['unknown']);
    assert.deepEqual(upstream.calls, []);
    assert.equal((await fileTimes.find(upstream.name, [files[0]!.url])).size, 0);
  });
}

test('a failing upstream makes no file old, and none young either: it is asked again', async () => {
  const { addFile, ages, date, upstream, time } = aDating('last-modified');
  upstream.modified.set(addFile('1.0').filename, LONG_AGO);
  upstream.fail('lastModified');
  assert.deepEqual(await ages(), ['unknown']);
  assert.equal((await date()).hasFailed, true);
  assert.equal(upstream.count('lastModified'), 1, 'asked again without a pause');
  upstream.heal();
  time.now = new Date(NOW.getTime() + RETRY_DATES_AFTER_MS);
  assert.deepEqual(await ages(), ['2026-01-01 last-modified']);
  assert.equal((await date()).hasFailed, undefined);
});

test('an upstream that fails for every file is left alone after a few', async () => {
  const { addFile, date, upstream } = aDating('last-modified');
  for (let n = 0; n < 500; n++) addFile(`1.${n}`);
  upstream.fail('lastModified');
  await date();
  assert.ok(upstream.count('lastModified') < 50, `${upstream.count('lastModified')} requests in vain`);
});

test('one file that fails does not keep the others undated', async () => {
  const { addFile, ages, upstream } = aDating('last-modified');
  for (let n = 0; n < 30; n++) upstream.modified.set(addFile(`1.${n}`).filename, LONG_AGO);
  const lastModified = upstream.lastModified.bind(upstream);
  upstream.lastModified = async (file) => {
    if (file.filename.includes('-1.7-')) throw new Error('only this one');
    return lastModified(file);
  };
  const found = await ages();
  assert.deepEqual([found[7], new Set(found).size], ['unknown', 2]);
});

test('a page does not wait for dates longer than the deadline; they come behind it, newest release first', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { addFile, date, upstream, files } = aDating('last-modified');
    for (const version of ['1.0', '10.0', '9.0']) upstream.modified.set(addFile(version).filename, LONG_AGO);
    const release = upstream.hang('lastModified');
    const dating = date();
    // Its requests are out before the deadline is: only then time passes.
    while (upstream.count('lastModified') < 3) await Promise.resolve();
    mock.timers.tick(4_000);
    const { ages, rest } = await dating;
    assert.equal(ages.size, 0);
    release();
    await rest;
    assert.deepEqual(new Set(ages.keys()), new Set(files.map(({ url }) => url)));
    assert.deepEqual(
      upstream.calls.map((call) => call.split('-')[1]),
      ['10.0', '9.0', '1.0'],
    );
  } finally {
    mock.timers.reset();
  }
});

test('a project with dates does not wait long for those of its new files', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { addFile, date, upstream } = aDating('last-modified');
    addFile('1.0', LONG_AGO);
    const young = addFile('2.0');
    const release = upstream.hang('lastModified');
    const dating = date();
    while (upstream.count('lastModified') < 1) await Promise.resolve();
    mock.timers.tick(900);
    const { ages, rest } = await dating;
    assert.deepEqual([ages.size, ages.has(young.url), rest !== undefined], [1, false, true]);
    release();
    await rest;
  } finally {
    mock.timers.reset();
  }
});
