import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseProjectName } from '../../core/python/name.ts';
import { createUpstream } from './create-upstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'wheelgate-ca-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
const OPENSSL = 'openssl';
const made = spawnSync(OPENSSL, [
  ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(' '),
  ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
]);

test('an upstream behind a company CA works when the CA is named', {
  skip: made.status === 0 ? false : 'needs openssl',
}, async () => {
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  after(() => server.closeAllConnections());
  after(() => server.close());
  const location = `https://localhost:${(server.address() as AddressInfo).port}/simple/`;
  const demo = parseProjectName('demo');
  assert.equal((await createUpstream(location, { caFile: cert }).readPage(demo)).kind, 'page');
  await assert.rejects(createUpstream(location).readPage(demo), { code: 'UPSTREAM_FAILED', message: /certificate/ });
});
