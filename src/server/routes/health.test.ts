import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import type { DataDates } from '../../core/advisories/data-age.ts';
import { createMetrics } from '../metrics.ts';
import { createHealthRoutes } from './health.ts';

async function readyz(dataDates: () => Promise<DataDates>, ok = true) {
  const routes = createHealthRoutes(async () => [{ name: 'store', ok }], dataDates, createMetrics());
  const server = createServer((request, response) => void routes.readyz(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
    return { status: answer.status, body: await answer.json() };
  } finally {
    server.close();
  }
}

test('/readyz dates malware and vulnerabilities each by itself', async () => {
  const dates = { malware: new Date('2026-06-14'), vulnerabilities: new Date('2024-10-10') };
  assert.deepEqual(await readyz(async () => dates), {
    status: 200,
    body: {
      ready: true,
      checks: [{ name: 'store', ok: true }],
      advisories: { malware: '2026-06-14T00:00:00.000Z', vulnerabilities: '2024-10-10T00:00:00.000Z' },
    },
  });
});

test('/readyz answers when the store does not', async () => {
  const { status, body } = await readyz(() => Promise.reject(new Error('disk I/O error')), false);
  assert.equal(status, 503);
  assert.deepEqual((body as { advisories: unknown }).advisories, { malware: null, vulnerabilities: null });
});
