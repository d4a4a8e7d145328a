import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { DrillReport } from '../api/drill.ts';
import { parseConfig } from '../config.ts';
import { parseProjectName } from '../core/python/name.ts';
import { demoPackages } from './demo/demo-packages.ts';
import { openGate, UNWATCHED } from './open-gate.ts';
import { startServer } from './serve.ts';

const PROJECT = 'gentle-clock';
const VERSION = '1.0';
const CLIENT = 'wheelgate-drill';
/** What a revocation may take to reach the last door (docs/reviews.md). */
const WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 50;

/**
 * Plays a revocation through with a harmless package in a folder of its own, which it removes: a gate serves the package, a
 * second process over the same data revokes it, and every door of the first is asked until it refuses.
 */
export async function runDrill(version: string): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-drill-'));
  try {
    const upstream = { location: await fillUpstream(folder), isPrivate: false, fileHosts: [], why: 'the drill' };
    const chosen = [{ ...upstream, kind: 'find-links' as const }];
    const config = parseConfig({ data: join(folder, 'data'), port: 0, log_level: 'silent' });
    const server = await startServer(config, chosen, version);
    try {
      const doors = await findDoors(server.url);
      const started = performance.now();
      const other = await openGate(config, chosen, pino({ level: 'silent' }), UNWATCHED);
      try {
        const subject = { kind: 'release', project: parseProjectName(PROJECT), version: VERSION } as const;
        const revocation = { kind: 'revocation', subject, reason: 'a drill', actor: 'cli:drill' } as const;
        await other.recordFact(other.index(undefined), revocation);
        const recorded = performance.now();
        const results = await Promise.all(doors.map((door) => measure(door, recorded)));
        await server.gate.audit.flush();
        const { holders } = await other.whoHas(subject);
        return {
          schema: 'wheelgate.drill/1',
          recordedMs: Math.round(recorded - started),
          doors: results,
          holders: holders.filter(({ userAgent }) => userAgent === CLIENT).length,
          passed: holders.length > 0 && results.every(({ closedMs }) => closedMs !== null),
        };
      } finally {
        await other.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Door = { readonly name: string; isClosed(): Promise<boolean> };

/** Everywhere that the package is to be had, after it was once. */
async function findDoors(url: string): Promise<readonly Door[]> {
  const page = `${url}/simple/${PROJECT}/`;
  const get = (address: string, init: RequestInit = {}) =>
    fetch(address, { ...init, headers: { 'user-agent': CLIENT, ...init.headers } });
  const textOf = async (address: string, init?: RequestInit) => (await get(address, init)).text();
  const [, link = ''] = new RegExp(`href="([^"#]*-${VERSION}-[^"#]*)`).exec(await textOf(page)) ?? [];
  const file = new URL(link, page).href;
  await (await get(file)).arrayBuffer();
  const filename = file.slice(file.lastIndexOf('/') + 1);
  const question = JSON.stringify({ package: { name: PROJECT, ecosystem: 'PyPI' }, version: VERSION });
  const asJson = { method: 'POST', body: question, headers: { 'content-type': 'application/json' } };
  return [
    { name: 'page', isClosed: async () => !(await textOf(page)).includes(filename) },
    { name: 'file', isClosed: async () => (await get(file)).status === 403 },
    { name: 'metadata', isClosed: async () => (await get(`${file}.metadata`)).status === 403 },
    { name: 'JSON API', isClosed: async () => !(await textOf(`${url}/pypi/${PROJECT}/json`)).includes(filename) },
    { name: 'OSV endpoint', isClosed: async () => (await textOf(`${url}/v1/query`, asJson)).includes('a drill') },
  ];
}

async function measure({ name, isClosed }: Door, since: number): Promise<DrillReport['doors'][number]> {
  while (performance.now() - since < WITHIN_MS) {
    if (await isClosed()) return { door: name, closedMs: Math.round(performance.now() - since) };
    await sleep(ASK_AGAIN_MS);
  }
  return { door: name, closedMs: null };
}

async function fillUpstream(folder: string): Promise<string> {
  const upstream = join(folder, 'upstream');
  await mkdir(upstream);
  const old = new Date(Date.now() - 100 * 86_400_000);
  for (const { filename, bytes } of demoPackages()) {
    if (!filename.includes(`-${VERSION}-`) || !filename.startsWith('gentle')) continue;
    await writeFile(join(upstream, filename), bytes);
    await utimes(join(upstream, filename), old, old);
  }
  return upstream;
}
