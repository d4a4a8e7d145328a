import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { writePiece } from './write-piece.ts';

let answer: (response: ServerResponse) => Promise<unknown> = async () => undefined;
let outcome: Promise<unknown> = Promise.resolve();
const server = createServer((_, response) => {
  outcome = answer(response);
  outcome.catch(() => undefined);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
after(() => {
  server.closeAllConnections();
  server.close();
});

/** A client that has asked and not read anything yet. */
async function ask(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  const asked = once(server, 'request');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await asked;
  return socket;
}

test('memory that is used again after each piece reaches a slow client whole', async () => {
  const piece = Buffer.alloc(200_000);
  const count = 60;
  answer = async (response) => {
    response.writeHead(200, { 'content-length': piece.length * count });
    for (let i = 0; i < count; i++) await writePiece(response, piece.fill(i));
    response.end();
  };
  const socket = await ask();
  await wait(50);
  const received = Buffer.concat(await socket.toArray());
  const body = received.subarray(received.indexOf('\r\n\r\n') + 4);
  assert.equal(body.length, piece.length * count);
  for (let i = 0; i < count; i++) {
    assert.ok(
      body.subarray(i * piece.length, (i + 1) * piece.length).equals(Buffer.alloc(piece.length, i)),
      `piece ${i}`,
    );
  }
});

test('a client that goes away in the middle ends the wait', async () => {
  answer = async (response) => {
    const piece = Buffer.alloc(1_000_000);
    response.writeHead(200, { 'content-length': 1_000 * piece.length });
    for (let i = 0; i < 1_000; i++) await writePiece(response, piece);
  };
  const socket = await ask();
  await wait(50);
  socket.destroy();
  await assert.rejects(outcome);
});

test('a client that is gone already is noticed without a write', async () => {
  answer = async (response) => {
    await once(response.req.socket, 'close');
    await writePiece(response, Buffer.from('late'));
  };
  (await ask()).destroy();
  await assert.rejects(outcome, /the client is gone/);
});
