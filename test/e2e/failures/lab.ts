import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aWheel, aWheelName, type WheelOver } from '../../builders/a-wheel.ts';
import type { FakeFileOver, FakeIndex } from '../../fakes/fake-index.ts';
import { runWheelgate, type StartedGate, startGate } from '../start-gate.ts';

const DAY_MS = 86_400_000;

export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

/** The table of DESIGN section 11, with room for a machine that does three other things; what it keeps apart is 12 s and more. */
export const AT_ONCE_S = 5;
const IN_TIME_S = 20;

/** Lists a wheel that is old enough for every policy. @returns its path, which is the same behind the gate */
export function addWheel(upstream: FakeIndex, options: WheelOver, over: FakeFileOver = {}): string {
  const { project = 'demo' } = options;
  return upstream.addFile(project, aWheelName(options), aWheel(options), { uploadTime: daysAgo(300), ...over }).path;
}

/** A name that no other one is a slip of the pen away from: the gate would hold it. */
export function aProjectName(n: number): string {
  return `p${createHash('sha256').update(`${n}`).digest('hex').slice(0, 12)}`;
}

export type Answer = {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
  /** The reason phrase and the body, as a person would read them. */
  readonly said: string;
  readonly seconds: number;
};

export async function ask(
  gate: Pick<StartedGate, 'url'>,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(`${gate.url}${path}`, { headers });
  const body = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body,
    said: `${response.statusText} ${body.subarray(0, 1_000)}`,
    seconds: (performance.now() - started) / 1000,
  };
}

/** A 503 that says why, never a 404 and never silence. */
export function assertUnavailable(answer: Answer, reason: RegExp): void {
  assert.equal(answer.status, 503, answer.said);
  assert.equal(answer.type, 'application/problem+json');
  assert.match(answer.said, reason);
  assert.ok(answer.seconds < IN_TIME_S, `it took ${answer.seconds} s`);
}

/** A data folder that is gone after the test, and a configuration. Pages are asked again after a second. */
export async function aFolder(context: TestContext, toml = ''): Promise<{ data: string; env: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-failure-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'wheelgate.toml');
  await writeFile(config, toml.includes('page_ttl') ? toml : `page_ttl = "1s"\n${toml}`);
  return { data: join(folder, 'data'), env: { WHEELGATE_CONFIG: config } };
}

/** The real program, stopped after the test whatever happens. */
export async function aGate(context: TestContext, options: Parameters<typeof startGate>[0]): Promise<StartedGate> {
  const gate = await startGate(options);
  context.after(() => gate.kill());
  return gate;
}

/** What the program logged that nobody expected: bugs, not failures of others. */
export function errorsOf(gate: StartedGate): readonly string[] {
  const lines = gate.output().split('\n');
  return lines.filter((line) => /^\{"level":[56]0/.test(line)).map((line) => line.slice(0, 500));
}

/** Doctor finds nothing wrong with the data, the log verifies, and every blob that can be seen has its digest. */
export async function assertSound(data: string, upstream: string): Promise<void> {
  const env = { WHEELGATE_DATA: data, WHEELGATE_UPSTREAM: upstream };
  const [doctor, log] = await Promise.all([
    runWheelgate(['doctor', '--format', 'json'], env),
    runWheelgate(['verify-log'], env),
  ]);
  const { checks } = JSON.parse(doctor.out) as { checks: { level: string; what: string }[] };
  assert.deepEqual(
    checks.filter(({ level }) => level === 'problem').map(({ what }) => what),
    [],
  );
  for (const part of ['database', 'audit log', 'files']) {
    assert.ok(
      checks.some(({ level, what }) => level === 'ok' && what.startsWith(`${part}:`)),
      `${part}: not looked at`,
    );
  }
  assert.equal(log.code, 0, log.out);
  await assertBlobs(data);
}

/** @returns how many there are */
export async function assertBlobs(data: string): Promise<number> {
  const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const { name, parentPath } of files) {
    const digest = createHash('sha256')
      .update(await readFile(join(parentPath, name)))
      .digest('hex');
    assert.equal(digest, name, 'a visible blob is not what its name says');
  }
  return files.length;
}

/** Asks again until it holds; for what the gate does by itself within seconds. */
export async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`${what}: not within 30 s`);
}
