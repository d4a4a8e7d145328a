import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../../src/io/store/sqlite-store.ts';
import { aWheel } from '../../builders/a-wheel.ts';
import { startFakeIndex } from '../../fakes/fake-index.ts';
import { addWheel, aFolder, aGate, ask, assertSound, daysAgo, eventually } from './lab.ts';

test('SIGTERM: answers in progress are finished, new ones are not begun; a hanging feed and a client that never reads hold nobody up', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const feed = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(feed, 'listening');
  context.after(() => feed.closeAllConnections());
  context.after(() => feed.close());
  const slow = addWheel(upstream, {
    project: 'slow',
    version: '1.0',
    files: { 'slow/data.bin': randomBytes(100_000) },
  });
  // More than the kernel keeps for a client that does not read.
  const large = aWheel({ project: 'large', version: '1.0', files: { 'large/data.bin': randomBytes(16_000_000) } });
  const over = { uploadTime: daysAgo(300) };
  const { path: largePath } = upstream.addFile('large', 'large-1.0-py3-none-any.whl', large, over);
  const feedUrl = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/all.zip`;
  const { data, env } = await aFolder(context, `[feeds]\nurls = ["${feedUrl}"]`);
  const gate = await aGate(context, { upstream: upstream.simpleUrl, data, env });
  assert.equal((await ask(gate, largePath)).status, 200);

  // A client that never reads, one that reads slowly, and one whose file is just being fetched from a slow upstream.
  upstream.fail('slow-1.0', 'slow');
  upstream.slowMs = 100;
  const deaf = get(gate.url, largePath).pause();
  context.after(() => deaf.destroy());
  const reader = readSlowly(gate.url, largePath);
  const waiting = ask(gate, slow);
  await eventually(async () => upstream.requestLines().some((line) => line.includes('slow-1.0')), 'the download');
  const exit = Promise.race([gate.stop(), sleep(40_000, 'still there' as const, { ref: false })]);
  await sleep(200);
  await assert.rejects(ask(gate, '/healthz'), 'a new connection was taken');
  const [{ status, body }, received, code] = await Promise.all([waiting, reader, exit]);
  assert.equal(status, 200);
  assert.deepEqual([body.subarray(0, 2).toString(), received], ['PK', large.length]);
  assert.equal(code, 0, gate.output());
  await assertSound(data, upstream.simpleUrl);
  const store = await openSqliteStore(join(data, 'wheelgate.db'));
  const events = await store.audit.read({ limit: 1_000 });
  await store.close();
  assert.equal(events.at(-1)?.type, 'server.stopped');
  assert.equal(events.filter(({ type }) => type === 'file.served').length, 4);
});

function get(url: string, path: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return socket;
}

/** Reads a megabyte now and then. @returns the bytes of the body */
function readSlowly(url: string, path: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = get(url, path);
    let [head, size] = ['', 0];
    socket.on('data', (chunk: Buffer) => {
      if (!head.includes('\r\n\r\n')) {
        head += chunk.toString('latin1');
        size = head.length - head.indexOf('\r\n\r\n') - 4;
      } else size += chunk.length;
      if (size % 1_000_000 > 900_000) {
        socket.pause();
        setTimeout(() => socket.resume(), 20);
      }
    });
    socket.on('close', () => resolve(size));
  });
}
