import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { hasCode } from '../../src/core/errors.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import type { Upstream } from '../../src/gate/ports.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';

/** An upstream and the hand of its operator. */
export type UpstreamUnderTest = {
  readonly upstream: Upstream;
  /** Adds a file, or replaces it. */
  addFile(project: string, filename: string, bytes: Uint8Array): Promise<void> | void;
  /** Takes the whole upstream away: stops the server, removes the folder. */
  breakDown(): Promise<void>;
};

const demo = parseProjectName('demo');
const other = parseProjectName('other');
const bytes = aWheel();
const filename = aWheelName();

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const never = new AbortController().signal;

/** The promises of the `Upstream` port that every kind of upstream keeps. */
export function testUpstream(kind: string, create: () => Promise<UpstreamUnderTest>): void {
  const started: UpstreamUnderTest[] = [];
  after(() => Promise.all(started.map((each) => each.breakDown())));

  async function withDemo(): Promise<UpstreamUnderTest> {
    const made = await create();
    started.push(made);
    await made.addFile('demo', filename, bytes);
    return made;
  }

  async function readPage(upstream: Upstream) {
    const answer = await upstream.readPage(demo);
    assert.ok(answer.kind === 'page');
    return answer;
  }

  test(`${kind}: a page lists the files with their digests`, async () => {
    const { upstream } = await withDemo();
    const { page } = await readPage(upstream);
    assert.equal(page.project, demo);
    assert.deepEqual(page.problems, []);
    assert.deepEqual(
      page.files.map((file) => [file.filename, file.sha256]),
      [[filename, createHash('sha256').update(bytes).digest('hex')]],
    );
  });

  test(`${kind}: a file of a page opens, with its size`, async () => {
    const { upstream } = await withDemo();
    const [file] = (await readPage(upstream)).page.files;
    const { body, size } = await upstream.openFile(file!, never);
    assert.deepEqual(await readAll(body), Buffer.from(bytes));
    assert.equal(size, bytes.length);
  });

  test(`${kind}: a project that is not there is absent`, async () => {
    const { upstream } = await withDemo();
    assert.deepEqual(await upstream.readPage(other), { kind: 'absent' });
  });

  test(`${kind}: an unchanged page is not sent twice, a changed one is`, async () => {
    const { upstream, addFile } = await withDemo();
    const { etag } = await readPage(upstream);
    assert.ok(etag !== undefined);
    assert.deepEqual(await upstream.readPage(demo, etag), { kind: 'not-modified' });
    await addFile('demo', aWheelName({ version: '2.0.0' }), aWheel({ version: '2.0.0' }));
    const changed = await upstream.readPage(demo, etag);
    assert.equal(changed.kind === 'page' ? changed.page.files.length : changed.kind, 2);
  });

  test(`${kind}: projects are listed`, async () => {
    const { upstream, addFile } = await withDemo();
    await addFile('other', aWheelName({ project: 'other' }), aWheel({ project: 'other' }));
    assert.deepEqual([...(await upstream.listProjects())].map(parseProjectName).sort(), [demo, other]);
  });

  test(`${kind}: a file that is gone cannot be opened`, async () => {
    const { upstream } = await withDemo();
    const [file] = (await readPage(upstream)).page.files;
    const gone = { ...file!, url: file!.url.replace('1.0.0', '9.9.9') };
    await assert.rejects(upstream.openFile(gone, never), { code: 'UPSTREAM_FAILED' });
  });

  for (const url of [
    'file:///etc/passwd',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1/demo-1.0.tar.gz',
  ]) {
    test(`${kind}: ${url} is refused`, async () => {
      const { upstream } = await withDemo();
      await assert.rejects(upstream.openFile({ filename: 'demo-1.0.tar.gz', url }, never), {
        code: 'UPSTREAM_REFUSED',
      });
      await assert.rejects(upstream.lastModified({ filename: 'demo-1.0.tar.gz', url }, never), {
        code: 'UPSTREAM_REFUSED',
      });
    });
  }

  test(`${kind}: a file without provenance has none`, async () => {
    const { upstream } = await withDemo();
    const [file] = (await readPage(upstream)).page.files;
    assert.equal(await upstream.readProvenance(file!, never), undefined);
  });

  test(`${kind}: an upstream that is away never says "absent" or "unchanged"`, async () => {
    const { upstream, breakDown } = await withDemo();
    const [file] = (await readPage(upstream)).page.files;
    const { etag } = await readPage(upstream);
    await breakDown();
    for (const asked of [
      () => upstream.readPage(demo),
      () => upstream.readPage(demo, etag),
      () => upstream.readPage(other),
      () => upstream.listProjects(),
      () => upstream.openFile(file!, never),
    ]) {
      await assert.rejects(asked, (error) => hasCode(error, 'UPSTREAM_FAILED') || hasCode(error, 'UPSTREAM_TIMEOUT'));
    }
  });

  test(`${kind}: a request that is given up ends`, async () => {
    const { upstream } = await withDemo();
    const [file] = (await readPage(upstream)).page.files;
    await assert.rejects(
      async () => {
        const { body } = await upstream.openFile(file!, AbortSignal.abort());
        await readAll(body);
      },
      { code: 'UPSTREAM_FAILED' },
    );
  });
}
