import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { aWheel, aWheelName } from '../../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../../fakes/fake-index.ts';
import { plainEnvironment, runWheelgate, type StartedGate, startGate } from '../start-gate.ts';
import { findUv } from '../uv.ts';
import { noClients } from './install-clients.ts';

// One release with wheels for several platforms, locked by every tool there is: each must come to the same digests.

const run = promisify(execFile);
const WHEELS = ['clients', 'wheels'].map((folder) =>
  fileURLToPath(new URL(`../../../../shared/data/${folder}`, import.meta.url)),
);
const DAY = 86_400_000;
const TAGS = ['cp311-cp311-manylinux_2_17_x86_64', 'cp311-cp311-macosx_11_0_arm64', 'cp311-cp311-win_amd64'];

if (noClients) console.log(`# the digests of lockers are not compared: ${noClients}`);

describe('digests that lockers write', { skip: noClients, concurrency: 1 }, () => {
  let folder: string;
  let upstream: FakeIndex;
  let gate: StartedGate;
  let path: string;
  let python: string;
  const approved: string[] = [];

  function addWheel(tag: string, days: number) {
    const wheel = { project: 'many', version: '1.0', tag };
    const metadata = 'Metadata-Version: 2.1\nName: many\nVersion: 1.0\n';
    return upstream.addFile('many', aWheelName(wheel), aWheel({ ...wheel, metadata }), {
      uploadTime: new Date(Date.now() - days * DAY),
      metadata,
    });
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelgate-digests-'));
    upstream = await startFakeIndex();
    for (const tag of TAGS) approved.push(addWheel(tag, 300).sha256);
    writeFileSync(join(folder, 'wheelgate.toml'), 'page_ttl = "1s"\n');
    gate = await startGate({ upstream: upstream.simpleUrl, env: { WHEELGATE_CONFIG: join(folder, 'wheelgate.toml') } });
    const uv = await findUv();
    path = [uv.path, process.env.PATH].filter(Boolean).join(delimiter);
    const env = { ...plainEnvironment(), PATH: path, UV_NO_CONFIG: '1', UV_CACHE_DIR: join(folder, 'uv-cache') };
    await run('uv', ['venv', '--python', 'python3', join(folder, 'venv')], { env });
    python = join(folder, 'venv', 'bin', 'python');
    const links = WHEELS.flatMap((wheels) => ['--find-links', wheels]);
    const what = ['pip', 'pip-tools', 'setuptools', 'wheel'];
    await run('uv', ['pip', 'install', '--no-index', '--python', python, ...links, ...what], { env });
    writeFileSync(join(folder, 'many.in'), 'many\n');
  });
  after(async () => {
    await gate?.stop();
    await upstream?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = () => ({
    ...plainEnvironment(),
    PATH: path,
    HOME: folder,
    UV_NO_CONFIG: '1',
    UV_NO_CACHE: '1',
    UV_DEFAULT_INDEX: gate.indexUrl,
    PIP_INDEX_URL: gate.indexUrl,
  });
  const at = (name: string) => join(folder, name);
  const LOCKERS: readonly (readonly [name: string, lock: () => Promise<unknown>])[] = [
    [
      'pip-compile',
      () =>
        run(
          python,
          [
            '-m',
            'piptools',
            'compile',
            '-q',
            '--generate-hashes',
            '--strip-extras',
            '-o',
            at('pip-compile'),
            at('many.in'),
          ],
          { env: environment() },
        ),
    ],
    [
      'uv',
      () =>
        run('uv', ['pip', 'compile', '-q', '--generate-hashes', '--universal', '-o', at('uv'), at('many.in')], {
          env: environment(),
        }),
    ],
    [
      'wheelgate',
      async () => {
        const { code, err } = await runWheelgate(['lock', '-U', at('many.in'), '-o', at('wheelgate')], {
          PATH: path,
          WHEELGATE_URL: gate.url,
        });
        assert.equal(code, 0, err);
      },
    ],
  ];
  const digestsIn = (name: string) =>
    [...new Set(readFileSync(at(name), 'utf8').match(/(?<=sha256:)[0-9a-f]{64}(?=\s)/g))]
      .filter((digest) => readFileSync(at(name), 'utf8').includes(`--hash=sha256:${digest}`))
      .sort();

  /** How often a whole file was served, by the metrics of the gate. */
  async function downloads(): Promise<number> {
    const metrics = await (await fetch(`${gate.url}/metrics`)).text();
    return Number(/^wheelgate_file_answers_total\{part="file",answer="file"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
  }

  for (const [name, lock] of LOCKERS) {
    test(`${name} writes the digests of all files that are let in, and downloads none of them`, async () => {
      const before = await downloads();
      await lock();
      assert.deepEqual(digestsIn(name), [...approved].sort());
      assert.equal(await downloads(), before);
    });
  }

  test('a wheel that comes later is in no lock and is not served, and what was locked installs', async () => {
    const late = addWheel('cp312-cp312-manylinux_2_17_x86_64', 1);
    const giveUpAt = Date.now() + 20_000;
    // 404 until the gate has read the page again.
    while ((await fetch(`${gate.url}${late.path}`)).status !== 403) {
      assert.ok(Date.now() < giveUpAt, 'the gate did not notice the new wheel');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
    const page = await (await fetch(`${gate.indexUrl}many/`, { headers })).json();
    const listed = (page as { files: { hashes: { sha256: string } }[] }).files.map(({ hashes }) => hashes.sha256);
    assert.deepEqual(listed.sort(), [...approved].sort());
    for (const [name, lock] of LOCKERS) {
      await rm(at(name));
      await lock();
      assert.deepEqual(digestsIn(name), [...approved].sort());
    }
    for (const [name] of LOCKERS) {
      const target = at(`target-${name}`);
      await run(
        python,
        [
          '-m',
          'pip',
          'install',
          '-q',
          '--no-cache-dir',
          '--require-hashes',
          '--no-deps',
          '--target',
          target,
          '-r',
          at(name),
        ],
        { env: environment() },
      );
      assert.ok(readFileSync(join(target, 'many', '__init__.py'), 'utf8').length > 0);
    }
  });
});
