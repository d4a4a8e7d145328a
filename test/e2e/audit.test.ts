import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditReportSchema } from '../../src/api/audit.ts';
import { runWheelgate } from './start-gate.ts';

// The program as users start it, on the advisories that ship with it.

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-audit-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function audit(...args: readonly string[]) {
  const { code, out, err } = await runWheelgate(['audit', '--format', 'json', '--data', join(folder, 'none'), ...args]);
  return { code, err, report: out === '' ? undefined : auditReportSchema.parse(JSON.parse(out)) };
}

const AFFECTED = 'flask==2.2.2';
const CLEAN = 'six==1.16.0';

test('exit codes say what happened', async () => {
  const affected = await file('affected.txt', AFFECTED);
  const clean = await file('clean.txt', CLEAN);
  const broken = await file('broken.txt', `${CLEAN}\ndjango==banana\n`);
  const open = await file('open.txt', 'pyjwt>=2.10.0');
  const mixed = await file('mixed.txt', `${CLEAN}\npyjwt>=2.10.0`);
  for (const [why, args, expected] of [
    ['a finding', [affected], 1],
    ['none', [clean], 0],
    ['a line that cannot be read', [broken], 3],
    ['a finding beside it', [broken, affected], 1],
    ['no such file', [join(folder, 'missing.txt')], 3],
    ['nothing that names a version', [open], 5],
    ['an empty file', [await file('empty.txt', '')], 5],
    ['an unpinned line beside a pin', [mixed], 0],
    ['the same when all must be audited', [mixed, '--strict'], 2],
    ['an ignored finding', [affected, '--ignore', 'CVE-2023-30861', '--ignore', 'PYSEC-2023-62'], 0],
    ['a finding that does not count', [affected, '--fail-on', 'malware'], 0],
    ['data that is too old', [clean, '--max-data-age', '1d'], 4],
    ['a time before the advisory', [affected, '--as-of', '2022-01-01'], 0],
    ['no time', [affected, '--as-of', 'yesterday'], 3],
  ] as const) {
    const { code, err } = await audit(...args);
    assert.equal(code, expected, `${why}: ${err}`);
  }
});

test('one bad line is an error, and the rest is still audited', async () => {
  const path = await file('r.txt', `${AFFECTED}\ndjango==banana\njinja2>=2\n-e .\n`);
  const { report } = await audit(path);
  assert.ok(report);
  assert.deepEqual(
    report.findings.map(({ project, line }) => [project, line]),
    [['flask', 1]],
  );
  assert.deepEqual(
    report.errors.map(({ line }) => line),
    [2],
  );
  assert.deepEqual(
    report.unaudited.map(({ reason, line }) => [reason, line]),
    [
      ['editable', 4],
      ['unpinned', 3],
    ],
  );
  assert.ok(report.data.advisories > 10_000);
});

test('a baseline leaves what is new, and a folder is read for its locks', async () => {
  const path = await file('project/requirements.txt', AFFECTED);
  await file('project/pyproject.toml', '[project]\nname = "demo"\ndependencies = ["flask>=2"]\n');
  await file(
    'project/uv.lock',
    'version = 1\n[[package]]\nname = "jinja2"\nversion = "2.10"\nsource = { registry = "x" }\n',
  );
  await file('project/.venv/requirements.txt', AFFECTED);
  const first = await audit(path);
  const baseline = await file('baseline.json', JSON.stringify(first.report));
  const { code, report } = await audit(join(folder, 'project'), '--baseline', baseline);
  assert.equal(code, 1);
  assert.deepEqual([...new Set(report!.findings.map(({ project }) => project))], ['jinja2']);
  assert.deepEqual(report!.unaudited, []);
  assert.equal((await audit(path, '--baseline', path)).code, 3);
});

test('what was decided is exported as VEX, and a VEX file is obeyed with its reason', async () => {
  const path = await file('vex.txt', AFFECTED);
  const entry =
    '[[ignore]]\nid = "CVE-2023-30861"\nreason = "no cookies"\nexpires = "2099-01-01"\nnot_affected = "code_not_reachable"\n';
  const config = await file('vex.toml', entry);
  const print = (...args: readonly string[]) =>
    runWheelgate(['audit', '--data', join(folder, 'none'), path, ...args]).then(({ out }) => out);
  assert.equal((await audit(path)).code, 1);
  for (const format of ['vex', 'openvex']) {
    const vex = await file(`team.${format}.json`, await print('--config', config, '--format', format));
    const { code, report } = await audit(path, '--vex', vex);
    assert.deepEqual([code, report?.findings], [0, []]);
    const said = await print('--vex', vex, '--format', 'cyclonedx');
    assert.ok(said.includes(`no cookies (until 2099-01-01), says ${vex}`), said);
  }
  assert.equal((await audit(path, '--vex', await file('broken.json', '{'))).code, 3);
});

test('ignores come from wheelgate.toml, and say when they expired', async () => {
  const path = await file('ignored.txt', AFFECTED);
  const config = async (text: string) => ['--config', await file('wheelgate.toml', text)];
  const entry = '[[ignore]]\nid = "CVE-2023-30861"\nreason = "no cookies"\n';
  assert.equal((await audit(path, ...(await config(`${entry}until_fixed = true\n`)))).code, 1, 'there is a fix');
  assert.equal((await audit(path, ...(await config(`${entry}expires = 2999-01-01\n`)))).code, 0);
  const expired = await audit(path, ...(await config(`${entry}expires = "2023-01-01"\n`)));
  assert.equal(expired.code, 1);
  assert.match(expired.err, /the ignore of CVE-2023-30861 expired on 2023-01-01/);
  assert.equal((await audit(path, ...(await config(entry)))).code, 3, 'an ignore without an end');
});

test('an environment is read, never started', async () => {
  const site = 'venv/lib/python3.11/site-packages';
  await file('venv/pyvenv.cfg', '');
  await file(`${site}/flask-2.2.2.dist-info/METADATA`, 'Metadata-Version: 2.1\nName: Flask\nVersion: 2.2.2\n');
  await file(`${site}/evil.pth`, `import os; os.mkdir(${JSON.stringify(join(folder, 'started'))})`);
  const { report } = await audit(join(folder, 'venv'));
  assert.deepEqual(
    report!.findings.map(({ project, line }) => [project, line]),
    [['flask', 3]],
  );
  assert.equal(existsSync(join(folder, 'started')), false);
});

const SHARED = fileURLToPath(new URL('../../../shared/data/requirements/', import.meta.url));
test('finds what is known about real lock files', { skip: !existsSync(SHARED) && 'no shared data' }, async () => {
  for (const [name, expected] of [
    ['a.txt', 47],
    ['a.pylock.toml', 47],
    ['b.txt', 806],
  ] as const) {
    const { report } = await audit(SHARED + name);
    assert.equal(report!.findings.length, expected, name);
  }
});
