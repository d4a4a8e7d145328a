import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, startFakeIndex } from '../../fakes/fake-index.ts';
import type { StartedGate } from '../start-gate.ts';
import { addWheel, aFolder, aGate, aProjectName, assertBlobs, assertSound, errorsOf } from './lab.ts';

const CLIENTS = 100;
const PROJECTS = 50;
/** What the upstream does to the first requests for every second file; `slow` comes in pieces. */
const FAULTS: readonly Fault[] = ['refuse', 'cut', { status: 500 }, 'slow', { status: 429 }];
const TIMES = 2;

const agent = new Agent({ keepAlive: true });

/** `fetch` costs more than the gate: a hundred clients in one process have to be lean. */
function get(url: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject).end();
  });
}

/** As installers do: a 503 is tried again a little later. */
async function insist(gate: StartedGate, path: string): Promise<Buffer> {
  for (let tries = 0; ; tries++) {
    const { status, body } = await get(`${gate.url}${path}`);
    if (status === 200) return body;
    assert.equal(status, 503, body.toString());
    assert.ok(tries < 60, `${path} never came: ${body}`);
    await sleep(200);
  }
}

test('a hundred clients install fifty packages through a bad upstream: all get all, and each file was fetched once', async (context) => {
  const upstream = await startFakeIndex();
  context.after(() => upstream.stop());
  const projects = Array.from({ length: PROJECTS }, (_, n) => {
    const project = aProjectName(n);
    const path = addWheel(upstream, {
      project,
      version: '1.0',
      files: { [`${project}/x.py`]: `# ${'x'.repeat(n * 400)}` },
    });
    const fault = n % 2 === 0 ? FAULTS[(n / 2) % FAULTS.length] : undefined;
    if (fault) {
      upstream.fail(path, fault, TIMES);
      upstream.fail(`/simple/${project}/`, fault, TIMES);
    }
    return { project, path, sha256: path.split('/').slice(2, 5).join(''), fault };
  });
  const { data, env } = await aFolder(context, 'page_ttl = "5m"');
  const gate = await aGate(context, { upstream: upstream.simpleUrl, data, env });
  const rude = Array.from({ length: 20 }, (_, n) => breakOff(gate, projects[n]!.path));

  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = 0; n < PROJECTS; n++) {
      const { project, path, sha256 } = projects[(n + client * 7) % PROJECTS]!;
      const page = await insist(gate, `/simple/${project}/`);
      assert.ok(page.includes(sha256), 'the page does not list the file');
      const metadata = await insist(gate, `${path}.metadata`);
      assert.ok(metadata.includes(`Name: ${project}`));
      const file = await insist(gate, path);
      assert.equal(createHash('sha256').update(file).digest('hex'), sha256);
    }
  });
  await Promise.all([...clients, ...rude]);
  agent.destroy();

  const lines = upstream.requestLines();
  for (const { path, fault } of projects) {
    const expected = fault === undefined || fault === 'slow' ? 1 : TIMES + 1;
    assert.equal(
      lines.filter((line) => line === `GET ${path}`).length,
      expected,
      `${path} after ${JSON.stringify(fault)}`,
    );
  }
  assert.ok(!lines.some((line) => line.endsWith('.metadata')), 'metadata comes from the bytes, not from the upstream');
  assert.equal(await gate.stop(), 0, gate.output());
  assert.deepEqual(errorsOf(gate), []);
  await assertSound(data, upstream.simpleUrl);
  assert.equal(await assertBlobs(data), PROJECTS);
});

/** A client that asks and goes away, again and again. */
async function breakOff(gate: StartedGate, path: string): Promise<void> {
  const { hostname, port } = new URL(gate.url);
  for (let n = 0; n < 10; n++) {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await sleep(20 * n);
    socket.destroy();
  }
}
