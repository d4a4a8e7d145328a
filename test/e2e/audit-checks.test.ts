// biome-ignore-all lint/suspicious/noTemplateCurlyInString: requirements files have variables of this form
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { auditReportSchema } from '../../src/api/audit.ts';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { runWheelgate, startGate } from './start-gate.ts';

// Twelve inputs that anyone can make and that auditors get wrong, each through the whole program with records of its own.
// Where a real project of that name has advisories that ship, the name here ends in an x.
// Check 10, hashes for pip-compile and uv, is in clients/ and lock.test.ts; what is said here of it is what a gate lists.

let folder: string;
let data: string;
let upstream: FakeIndex;

type Affected = { readonly versions?: readonly string[]; readonly events?: readonly object[]; readonly git?: true };

function record(id: string, name: string, { versions = [], events = [], git }: Affected, more: object = {}) {
  const ecosystem = events.length === 0 ? [] : [{ type: 'ECOSYSTEM', events }];
  const commits = git ? [{ type: 'GIT', repo: 'https://h/r', events: [{ introduced: '0' }] }] : [];
  return {
    schema_version: '1.7.0',
    id,
    modified: '2026-01-01T00:00:00Z',
    published: '2026-01-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [...commits, ...ecosystem], versions }],
    ...more,
  };
}

const ANSIBLE = [
  ['2.16', '2.16.3'],
  ['2.15', '2.15.9'],
  ['0', '2.14.4'],
].flatMap(([introduced, fixed]) => [{ introduced }, { fixed }]);

const RECORDS = [
  record('X-1', 'celeryx', { versions: ['4.4.7'] }),
  record('X-2', 'pyjwt', { versions: ['2.10.0'] }),
  record('X-3', 'certifix', { events: [{ introduced: '0' }, { fixed: '2022.12.07' }] }),
  record('X-4', 'zeros', { versions: ['1.0'] }),
  record('X-5', 'epoch', { events: [{ introduced: '0' }, { fixed: '999' }] }),
  record('X-6', 'posted', { versions: ['1.0.post1'] }),
  record('X-7', 'torch', { events: [{ introduced: '0' }, { last_affected: '2.0.1' }] }),
  record('PYSEC-2024-36', 'ansible-core', { events: ANSIBLE }),
  record('X-8', 'requestx', { git: true, versions: ['1.0'], events: [{ introduced: '0' }, { fixed: '2.31.0' }] }),
  record('X-9', 'requestx', { events: [{ introduced: '0' }, { fixed: '2019-09-12' }] }),
  record('PYSEC-2026-10', 'chained', { versions: ['1.0'] }, { aliases: ['GHSA-aaaa-bbbb-cccc'] }),
  record('GHSA-aaaa-bbbb-cccc', 'chained', { versions: ['1.0'] }, { aliases: ['CVE-2026-10'] }),
  record('MAL-2026-2144', 'litellm', { versions: ['1.82.8'] }, { aliases: ['PYSEC-2026-2'] }),
  record('PYSEC-2026-2', 'litellm', { versions: ['1.82.8'] }, { aliases: ['MAL-2026-2144'] }),
  record('X-11', 'ruamel-yaml', { versions: ['0.17.0'] }),
  record('X-12', 'numpy', { versions: ['1.26.0', '2.0.0'] }),
  record('X-13', 'onlydev', { versions: ['1.0'] }),
];

async function importFeed(name: string, records: readonly { readonly id: string }[], into = data): Promise<void> {
  const feed = join(folder, name);
  await mkdir(feed, { recursive: true });
  for (const one of records) await writeFile(join(feed, `${one.id}.json`), JSON.stringify(one));
  const { code, err } = await runWheelgate(['feeds', 'import', feed, '--force', '--data', into]);
  assert.equal(code, 0, err);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-checks-'));
  data = join(folder, 'data');
  upstream = await startFakeIndex();
  await importFeed('feed', RECORDS);
});
after(async () => {
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

let audits = 0;
async function audit(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const own = join(folder, `audit-${audits++}`);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(own, name, '..'), { recursive: true });
    await writeFile(join(own, name), content);
  }
  const [first = ''] = Object.keys(files);
  const command = ['audit', '--format', 'json', '--data', data, ...args, join(own, first)];
  const { code, out, err } = await runWheelgate(command, env);
  const report = auditReportSchema.parse(JSON.parse(out));
  return {
    code,
    out,
    err,
    ...report,
    affected: report.findings.map(({ project, version }) => `${project} ${version}`),
  };
}
const lines = (...pins: readonly string[]) => ({ 'r.txt': `${pins.join('\n')}\n` });

test('check 1: what PowerShell and Notepad write is read like UTF-8', async () => {
  const text = 'celeryx==4.4.7\r\nsix==1.16.0\r\n';
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
    const { findings, errors } = await audit({ 'r.txt': bytes });
    assert.deepEqual(
      [findings.map(({ project, version, line }) => [project, version, line]), errors],
      [[['celeryx', '4.4.7', 1]], []],
    );
  }
});

test('check 2: options, continuations, includes, variables and cycles, with lines', async () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const { affected, findings, unaudited, errors, err, out } = await audit(
    {
      'r.txt': [
        '--index-url https://u:${TOKEN}@h/simple',
        'celeryx[redis, pytest]==4.4.7 # c',
        'six==1.16.0 \\',
        `    --hash=${digest('a')} \\`,
        '    # a comment ends it',
        `    --hash=${digest('b')}`,
        'x @ https://h/x-1.whl#sha256=00 ; sys_platform=="win32"',
        '-r sub/a.txt',
      ].join('\n'),
      'sub/a.txt': 'zeros==1.0.0\n-c ../c.txt\n-r ../r.txt\n',
      'c.txt': 'torch==2.0.1\n',
    },
    [],
    { TOKEN: 'hunter2' },
  );
  assert.deepEqual(affected, ['celeryx 4.4.7', 'zeros 1.0.0', 'torch 2.0.1']);
  assert.deepEqual(
    findings.map(({ line }) => line),
    [2, 1, 1],
  );
  assert.match(unaudited[0]!.requirement, /^x @ https:\/\/h\/x-1\.whl#sha256=00/);
  assert.match(errors[0]!.message, /includes itself/);
  assert.match(err, /r\.txt:6: this --hash belongs to no requirement/);
  assert.doesNotMatch(out + err, /hunter2/);
});

test('check 3: a range is not its lower bound, and alone it is not clean', async () => {
  const { code, affected, unaudited } = await audit(lines('PyJWT>=2.10.0'));
  assert.deepEqual([code, affected, unaudited[0]?.reason], [5, [], 'unpinned']);
});

test('check 4: versions are those of PEP 440', async () => {
  const { affected } = await audit(lines('certifix==2022.12.7', 'zeros==1.0.0', 'epoch==1!0.1', 'posted==1.0-1'));
  assert.deepEqual(affected, ['zeros 1.0.0', 'posted 1.0.post1']);
});

test('check 5: a local version is its public one', async () => {
  const { affected } = await audit(lines('torch==2.0.1+cu118', 'torch==2.0.2+cpu ; python_version < "3"'));
  assert.deepEqual(affected, ['torch 2.0.1+cu118']);
});

test('check 6: events count in the order of versions', async () => {
  const versions = ['2.14.3', '2.14.4', '2.15.8', '2.15.9', '2.16.2', '2.16.3', '2.17.0'];
  const { affected } = await audit(lines(...versions.map((version) => `ansible-core==${version}`)));
  assert.deepEqual(affected, ['ansible-core 2.14.3', 'ansible-core 2.15.8', 'ansible-core 2.16.2']);
});

test('check 7: a GIT range ends nothing, and an event that no version is hides no other record', async () => {
  const { findings } = await audit(lines('requestx==2.30.0'));
  assert.deepEqual(findings.map(({ ids }) => ids[0]).sort(), ['X-8', 'X-9']);
});

test('check 8: a malware report blocks while it lives, and lets go when it is withdrawn', async () => {
  const own = join(folder, 'live');
  const release = { project: 'fastapi', version: '0.136.3' };
  const { path } = upstream.addFile('fastapi', aWheelName(release), aWheel(release), {
    uploadTime: new Date('2020-01-01'),
  });
  const live = record('MAL-2026-4750', 'fastapi', { versions: ['0.136.3'] });
  const pin = lines('fastapi==0.136.3');
  await importFeed('malware', [live], own);
  assert.equal((await audit(pin, ['--data', own])).findings[0]?.kind, 'malware');
  const gate = await startGate({ upstream: upstream.simpleUrl, data: own });
  try {
    const get = () => fetch(`${gate.url}${path}`).then(({ status }) => status);
    assert.equal(await get(), 403);
    await importFeed(
      'malware',
      [{ ...live, modified: '2026-05-26T13:04:00Z', withdrawn: '2026-05-26T13:04:00Z' } as never],
      own,
    );
    await untilIs(200, get);
  } finally {
    await gate.stop();
  }
  assert.deepEqual((await audit(pin, ['--data', own])).affected, []);
  const { out } = await runWheelgate(['verify-log', '--data', own]);
  assert.match(out, /\d/, 'the log of both decisions holds');
});

/** The gate looks for changes once a second. */
async function untilIs(expected: number, get: () => Promise<number>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await get()) === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(await get(), expected);
}

test('check 9: aliases are one finding, an ignore ends, and malware is not ignored as something else', async () => {
  const { findings } = await audit(lines('chained==1.0'));
  assert.deepEqual(
    findings.map(({ ids }) => ids),
    [['PYSEC-2026-10', 'GHSA-aaaa-bbbb-cccc', 'CVE-2026-10']],
  );
  const config = join(folder, 'ignore.toml');
  await writeFile(config, '[[ignore]]\nid = "CVE-2026-10"\nreason = "not reached"\nexpires = "2026-01-01"\n');
  const expired = await audit(lines('chained==1.0'), ['--config', config]);
  assert.deepEqual([expired.code, expired.affected], [1, ['chained 1.0']]);
  assert.match(expired.err, /expired on 2026-01-01/);
  for (const args of [
    ['--ignore', 'PYSEC-2026-2'],
    ['--fail-on', 'critical'],
  ]) {
    const { code, findings: malware } = await audit(lines('litellm==1.82.8'), args);
    assert.deepEqual([code, malware.map(({ kind, ids }) => [kind, ids[0]])], [1, [['malware', 'MAL-2026-2144']]]);
  }
});

test('check 10: a gate lists the sha256 of every file, in the page and in the JSON that lockers ask', async () => {
  const release = { project: 'hashed', version: '1.0' };
  const { sha256 } = upstream.addFile('hashed', aWheelName(release), aWheel(release), {
    uploadTime: new Date('2020-01-01'),
  });
  const gate = await startGate({ upstream: upstream.simpleUrl });
  try {
    const page = (await (
      await fetch(`${gate.indexUrl}hashed/`, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } })
    ).json()) as { files: readonly { url: string; hashes: { sha256: string } }[] };
    const legacy = (await (await fetch(`${gate.url}/pypi/hashed/json`)).json()) as {
      releases: Readonly<Record<string, readonly { url: string; digests: { sha256: string } }[]>>;
    };
    const [file] = page.files;
    const [same] = legacy.releases['1.0'] ?? [];
    assert.equal(file?.hashes.sha256, sha256);
    // pip-tools joins both by the very URL.
    assert.deepEqual([same?.digests.sha256, same?.url], [sha256, new URL(file!.url, `${gate.indexUrl}hashed/`).href]);
  } finally {
    await gate.stop();
  }
});

test('check 11: an environment is read and never started, and its report is valid and the same twice', async () => {
  const site = join(folder, 'venv', 'lib', 'python3.11', 'site-packages');
  const started = join(folder, 'started');
  await mkdir(join(site, 'ruamel.yaml-0.17.0.dist-info'), { recursive: true });
  await writeFile(join(folder, 'venv', 'pyvenv.cfg'), '');
  await writeFile(join(site, 'evil.pth'), `import os; os.mkdir(${JSON.stringify(started)})\n`);
  const metadata = 'Metadata-Version: 2.1\nName: ruamel.yaml\nVersion: 0.17.0\nLicense: UNKNOWN\n';
  await writeFile(join(site, 'ruamel.yaml-0.17.0.dist-info', 'METADATA'), metadata);
  const command = ['audit', join(folder, 'venv'), '--data', data, '--format', 'cyclonedx'];
  const [first, second] = [await runWheelgate(command), await runWheelgate(command)];
  const bom = JSON.parse(first.out);
  assert.deepEqual(
    [bom.components[0].purl, bom.vulnerabilities[0].affects[0].ref],
    ['pkg:pypi/ruamel-yaml@0.17.0', 'pkg:pypi/ruamel-yaml@0.17.0'],
  );
  const timeless = ({ out }: { out: string }) => out.replace(/"timestamp": "[^"]*"/, '');
  assert.equal(timeless(second), timeless(first));
  assert.equal(existsSync(started), false);
});

const LOCK = `version = 1
[[package]]
name = "app"
source = { editable = "." }
dependencies = [
  { name = "numpy", version = "1.26.0", marker = "python_version < '3.10'" },
  { name = "numpy", version = "2.0.0", marker = "python_version >= '3.10'" },
  { name = "fromgit" },
]
[package.dev-dependencies]
dev = [{ name = "onlydev" }]
[[package]]
name = "numpy"
version = "1.26.0"
source = { registry = "https://h" }
[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://h" }
[[package]]
name = "fromgit"
version = "1.0"
source = { git = "https://h/r#abc" }
[[package]]
name = "onlydev"
version = "1.0"
source = { registry = "https://h" }
`;

test('check 12: forks of a lock, a repository, a group, the project itself, and data that is old', async () => {
  const { affected, unaudited } = await audit({ 'uv.lock': LOCK });
  assert.deepEqual(affected, ['numpy 1.26.0', 'numpy 2.0.0', 'onlydev 1.0']);
  assert.deepEqual(
    unaudited.map(({ requirement, reason }) => [requirement, reason]),
    [['fromgit==1.0', 'vcs']],
  );
  assert.deepEqual((await audit({ 'uv.lock': LOCK }, ['--python', '3.12'])).affected, ['numpy 2.0.0', 'onlydev 1.0']);
  const text = await runWheelgate(['audit', '--data', data, '--', join(folder, `audit-${audits - 1}`, 'uv.lock')]);
  assert.match(text.out, /^onlydev 1\.0 \[dev\] /m);
  assert.match(text.out, /days? old/);
  const old = await audit(lines('six==1.16.0'), ['--max-data-age', '1h']);
  assert.equal(old.code, 4);
});

test('what is risky about a file is said with its line', async () => {
  const { err } = await audit(
    lines(
      'six==1.16.0 --hash=sha256:aa',
      '--extra-index-url https://u:secret@h/simple',
      '--trusted-host h',
      '--find-links http://h/links',
      'x @ git+https://h/r@main',
      'django==4.0',
      'django==4.1',
    ),
  );
  const said = [...err.matchAll(/^note: \S+r\.txt:(\d+): (.*)$/gm)].map(([, line, message]) => `${line} ${message}`);
  for (const [line, message] of [
    [2, /--extra-index-url https:\/\/h\/simple/],
    [3, /--trusted-host h/],
    [4, /--find-links/],
    [4, /not encrypted/],
    [5, /name a full commit/],
    [6, /no hash/],
    [7, /stands beside 4\.0/],
  ] as const) {
    assert.ok(
      said.some((text) => text.startsWith(`${line} `) && message.test(text)),
      `${line} ${message}: ${err}`,
    );
  }
  assert.doesNotMatch(err, /secret/);
});
