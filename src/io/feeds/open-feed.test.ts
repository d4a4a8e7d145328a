import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { aZip } from '../../../test/builders/a-zip.ts';
import { anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { hasCode } from '../../core/errors.ts';
import type { FeedLimits } from './limits.ts';
import { openFeed } from './open-feed.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-open-'));
after(() => rm(root, { recursive: true, force: true }));

const zip = aZip([{ name: 'PYSEC-2026-1.json', data: JSON.stringify(anOsvRecord()) }]);
const zipPath = join(root, 'all.zip');
await writeFile(zipPath, zip);
await writeFile(join(root, 'PYSEC-2026-2.json'), JSON.stringify(anOsvRecord({ id: 'PYSEC-2026-2' })));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(location: string, limits: Partial<FeedLimits> = {}) {
  const answer = await openFeed(location, { limits });
  assert.ok(answer.kind === 'feed');
  const ids: string[] = [];
  for await (const entry of answer.feed.entries) if (entry.kind === 'advisory') ids.push(entry.advisory.id);
  return { ids, validators: answer.feed.validators };
}

test('opens a zip file, by path and by address', async () => {
  for (const location of [zipPath, pathToFileURL(zipPath).href]) {
    assert.deepEqual(await read(location), { ids: ['PYSEC-2026-1'], validators: {} });
  }
});

test('opens a folder', async () => assert.deepEqual((await read(root)).ids, ['PYSEC-2026-2']));

test('says that a path leads nowhere', async () => {
  await assert.rejects(openFeed(join(root, 'nowhere.zip')), { code: 'FEED_INVALID' });
});

test('refuses a zip file beyond the limit', async () => {
  await assert.rejects(openFeed(zipPath, { limits: { maxBytes: 10 } }), { code: 'FEED_INVALID' });
});

test('downloads, and hands over the validators', async () => {
  const url = await serve((_, response) =>
    response.setHeader('etag', '"1"').setHeader('last-modified', 'Mon, 05 Jan 2026 00:00:00 GMT').end(zip),
  );
  const validators = { etag: '"1"', lastModified: 'Mon, 05 Jan 2026 00:00:00 GMT' };
  assert.deepEqual(await read(url), { ids: ['PYSEC-2026-1'], validators });
});

test('is told that nothing changed', async () => {
  const url = await serve(({ headers }, response) => {
    const same = headers['if-none-match'] === '"1"' && headers['if-modified-since'] === 'then';
    response.writeHead(same ? 304 : 500).end();
  });
  assert.deepEqual(await openFeed(url, { validators: { etag: '"1"', lastModified: 'then' } }), {
    kind: 'not-modified',
  });
});

test('follows redirects, and takes the password to its own origin only', async () => {
  const other = await serve(({ headers }, response) => response.writeHead(headers.authorization ? 500 : 200).end(zip));
  const first = await serve(({ headers, url }, response) => {
    const known = headers.authorization === `Basic ${Buffer.from('us er:p@ss').toString('base64')}`;
    if (!known) response.writeHead(401).end();
    else response.writeHead(302, { location: url === '/' ? '/next' : `${other}/all.zip` }).end('x'.repeat(1_000));
  });
  assert.deepEqual((await read(first.replace('//', '//us%20er:p%40ss@'))).ids, ['PYSEC-2026-1']);
});

for (const [why, code, listener, limits] of [
  ['a failure of the server', 'FEED_UNREACHABLE', (_, response) => response.writeHead(500).end()],
  ['a page that is not there', 'FEED_UNREACHABLE', (_, response) => response.writeHead(404).end()],
  ['an answer without content', 'FEED_UNREACHABLE', (_, response) => response.writeHead(204).end()],
  ['redirects in a circle', 'FEED_UNREACHABLE', (_, response) => response.writeHead(302, { location: '/' }).end()],
  [
    'a redirect to nowhere',
    'FEED_UNREACHABLE',
    (_, response) => response.writeHead(302, { location: 'http://[' }).end(),
  ],
  [
    'a redirect into the file system',
    'FEED_UNREACHABLE',
    (_, response) => response.writeHead(302, { location: pathToFileURL(zipPath).href }).end(),
  ],
  ['silence', 'FEED_UNREACHABLE', () => {}, { silenceMs: 50 }],
  [
    'silence in the middle',
    'FEED_UNREACHABLE',
    (_, response) => void response.write(zip.subarray(0, 10)),
    { silenceMs: 50 },
  ],
  [
    'a trickle without end',
    'FEED_UNREACHABLE',
    (_, response) => {
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
    },
    { deadlineMs: 200 },
  ],
  [
    'a connection cut in the middle',
    'FEED_UNREACHABLE',
    (_, response) => {
      response.setHeader('content-length', zip.length);
      response.write(zip.subarray(0, 10), () => response.destroy());
    },
  ],
  [
    'an announced size beyond the limit',
    'FEED_INVALID',
    (_, response) => response.setHeader('content-length', zip.length).end(zip),
    { maxBytes: 100 },
  ],
  [
    'more bytes than the limit without announcement',
    'FEED_INVALID',
    (_, response) => {
      response.write(zip.subarray(0, 60));
      response.end(zip.subarray(60));
    },
    { maxBytes: 100 },
  ],
] as readonly [string, string, RequestListener, Partial<FeedLimits>?][]) {
  test(`refuses ${why}, without telling hosts in the message`, async () => {
    const url = await serve(listener);
    await assert.rejects(read(url, limits), (error) => {
      assert.ok(hasCode(error, code as 'FEED_INVALID'), String(error));
      assert.doesNotMatch(error.message + error.help, /127\.0\.0\.1/);
      return true;
    });
  });
}

test('refuses a port where nobody listens', async () => {
  await assert.rejects(openFeed('http://127.0.0.1:1/all.zip'), { code: 'FEED_UNREACHABLE' });
});

test('ends when the caller gives up', async () => {
  const url = await serve(() => {});
  const signal = AbortSignal.timeout(50);
  await assert.rejects(openFeed(url, { signal }), { name: 'TimeoutError' });
});
