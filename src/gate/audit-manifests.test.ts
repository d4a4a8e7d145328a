import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/fakes/memory-files.ts';
import { parseOsvRecord } from '../core/advisories/osv.ts';
import { parseTarget } from '../core/manifest/marker-target.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { type AuditOptions, auditManifests } from './audit-manifests.ts';
import { createHeldAdvisories } from './held-advisories.ts';

type Affected = { name: string; versions?: string[]; events?: object[][]; sha256?: string; git?: boolean };

function record(id: string, affected: Affected, more: object = {}) {
  const { name, versions = [], events = [], sha256, git } = affected;
  const ranges = events.map((list) => ({ type: 'ECOSYSTEM', events: list }));
  const advisory = parseOsvRecord({
    id,
    modified: '2026-01-01T00:00:00Z',
    published: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'PyPI', name },
        versions,
        ranges: [...(git ? [{ type: 'GIT', repo: 'https://h/r', events: [{ introduced: '0' }] }] : []), ...ranges],
        database_specific: sha256 && { indicators: { package_integrity: [{ hashes: { sha256 } }] } },
      },
    ],
    ...more,
  });
  assert.ok(advisory);
  return advisory;
}

const ZERO_TO = (fixed: string) => [{ introduced: '0' }, { fixed }];

async function audit(text: string, records: readonly ReturnType<typeof record>[], over: Partial<AuditOptions> = {}) {
  const manifest = await readManifest('r.txt', memoryFiles({ 'r.txt': text }));
  const report = await auditManifests(
    [manifest],
    createHeldAdvisories(records, { vulnerabilities: new Date('2026-01-02T00:00:00Z') }),
    {
      files: ['r.txt'],
      ignores: [],
      baseline: { keys: new Set() },
      target: {},
      advisories: records.length,
      now: new Date('2026-06-01T00:00:00Z'),
      ...over,
    },
  );
  return report;
}

/** Releases with a finding. */
async function affected(text: string, records: readonly ReturnType<typeof record>[]): Promise<readonly string[]> {
  return (await audit(text, records)).findings.map(({ project, version }) => `${project} ${version}`);
}

// The checks of research/audit-sbom.md section 6 that are about matching, each with what anyone can make.
test('check 3: a range is never audited as its lower bound', async () => {
  const { findings, unaudited, releases } = await audit('PyJWT>=2.10.0', [
    record('X-1', { name: 'pyjwt', versions: ['2.10.0'] }),
  ]);
  assert.deepEqual([findings.length, unaudited[0]!.reason, releases], [0, 'unpinned', 0]);
});

test('check 4: versions are compared as PEP 440 says', async () => {
  const zeros = record('X-1', { name: 'certifi', events: [ZERO_TO('2022.12.07')] });
  assert.deepEqual(await affected('certifi==2022.12.7', [zeros]), []);
  assert.deepEqual(await affected('demo==1.0.0', [record('X-2', { name: 'demo', versions: ['1.0'] })]), ['demo 1.0.0']);
  const epoch = record('X-3', { name: 'demo', events: [ZERO_TO('9999')] });
  assert.deepEqual(await affected('demo==1!0.1', [epoch]), []);
  assert.deepEqual(await affected('demo==1.0-1', [record('X-4', { name: 'demo', versions: ['1.0.post1'] })]), [
    'demo 1.0.post1',
  ]);
});

test('check 5: a local version is its public one', async () => {
  const torch = record('X-1', { name: 'torch', events: [[{ introduced: '0' }, { last_affected: '2.0.1' }]] });
  assert.deepEqual(await affected('torch==2.0.1+cu118', [torch]), ['torch 2.0.1+cu118']);
  assert.deepEqual(await affected('torch==2.0.2+cpu', [torch]), []);
});

test('check 6: events count in version order', async () => {
  const events = [
    { introduced: '2.16' },
    { fixed: '2.16.3' },
    { introduced: '2.15' },
    { fixed: '2.15.9' },
    { introduced: '0' },
    { fixed: '2.14.4' },
  ];
  const advisory = record('PYSEC-2024-36', { name: 'ansible-core', events: [events] });
  const versions = ['2.14.3', '2.14.4', '2.15.8', '2.15.9', '2.16.2', '2.16.3', '2.17.0'];
  const found = await Promise.all(versions.map((version) => affected(`ansible-core==${version}`, [advisory])));
  assert.deepEqual(
    found.map((list) => list.length),
    [1, 0, 1, 0, 1, 0, 0],
  );
});

test('check 7: a GIT range does not end the search, and a strange event hides nothing', async () => {
  const git = record('X-1', { name: 'requests', git: true, versions: ['1.0'], events: [ZERO_TO('2.31.0')] });
  const odd = record('X-2', { name: 'requests', events: [ZERO_TO('2019-09-12')] });
  assert.deepEqual((await audit('requests==2.30.0', [git, odd])).findings.map(({ ids }) => ids[0]).sort(), [
    'X-1',
    'X-2',
  ]);
});

test('check 8: a withdrawn record is no finding', async () => {
  const live = record('MAL-2026-4750', { name: 'fastapi', versions: ['0.136.3'] });
  const withdrawn = record(
    'MAL-2026-4750',
    { name: 'fastapi', versions: ['0.136.3'] },
    { withdrawn: '2026-05-26T13:04:00Z' },
  );
  assert.equal((await audit('fastapi==0.136.3', [live])).findings[0]!.kind, 'malware');
  assert.deepEqual(await affected('fastapi==0.136.3', [withdrawn]), []);
});

const CHAIN = [
  record('PYSEC-1', { name: 'demo', versions: ['1.0'] }, { aliases: ['GHSA-1'] }),
  record('GHSA-1', { name: 'demo', versions: ['1.0'] }, { aliases: ['CVE-1'] }),
];

test('check 9: aliases are one finding, ignored by any id until the day it expires', async () => {
  const { findings } = await audit('demo==1.0', CHAIN);
  assert.deepEqual(
    findings.map(({ ids }) => ids),
    [['PYSEC-1', 'GHSA-1', 'CVE-1']],
  );
  const with_ = (entry: object) =>
    audit('demo==1.0', CHAIN, { ignores: [{ id: 'CVE-1', reason: 'not reached', ...entry }] });
  assert.equal((await with_({ expires: '2026-06-01' })).ignored.length, 1);
  const expired = await with_({ expires: '2026-05-31' });
  assert.deepEqual([expired.findings.length, expired.warnings], [1, ['the ignore of CVE-1 expired on 2026-05-31']]);
  assert.equal((await with_({ untilFixed: true })).ignored.length, 1);
  const other = await audit('six==1.0', CHAIN, { ignores: [{ id: 'CVE-1', reason: 'x', untilFixed: true }] });
  assert.deepEqual(other.warnings, ['the ignore of CVE-1 matches nothing: remove it']);
});

test('an ignore until fixed ends with the fix', async () => {
  const fixed = record('X-1', { name: 'demo', events: [ZERO_TO('2.0')] });
  const { findings, warnings } = await audit('demo==1.0', [fixed], {
    ignores: [{ id: 'X-1', reason: 'x', untilFixed: true }],
  });
  assert.deepEqual([findings.length, warnings], [1, ['the ignore of X-1 ended, for there is a fix']]);
});

test('malware is ignored by its own report only, and outranks the vulnerability that is its alias', async () => {
  const records = [
    record('MAL-2026-2144', { name: 'litellm', versions: ['1.82.8'] }, { aliases: ['PYSEC-2026-2'] }),
    record('PYSEC-2026-2', { name: 'litellm', versions: ['1.82.8'] }),
  ];
  const byAlias = await audit('litellm==1.82.8', records, { ignores: [{ id: 'PYSEC-2026-2', reason: 'x' }] });
  assert.deepEqual(
    byAlias.findings.map(({ ids, kind }) => [ids[0], kind]),
    [['MAL-2026-2144', 'malware']],
  );
  const byReport = await audit('litellm==1.82.8', records, { ignores: [{ id: 'MAL-2026-2144', reason: 'x' }] });
  assert.equal(byReport.findings.length, 0);
});

test('a known digest is a finding whatever the version', async () => {
  const digest = 'a'.repeat(64);
  const report = record('MAL-1', { name: 'demo', sha256: digest });
  assert.equal((await audit(`demo==7.0 --hash=sha256:${digest}`, [report])).findings.length, 1);
  assert.equal((await audit(`demo==7.0 --hash=sha256:${'b'.repeat(64)}`, [report])).findings.length, 0);
});

test('what PEP 440 does not accept is unaudited unless a record lists the text', async () => {
  const ranged = record('X-1', { name: 'demo', events: [ZERO_TO('2.0')] });
  const listed = record('X-2', { name: 'demo', versions: ['1.0-foo'] });
  const { findings, unaudited, releases } = await audit('demo===1.0-foo', [ranged, listed]);
  assert.deepEqual([findings.map(({ ids }) => ids[0]), unaudited[0]!.reason, releases], [['X-2'], 'unversionable', 0]);
});

test('markers narrow to the target, and only by what is known of it', async () => {
  const records = [record('X-1', { name: 'demo', versions: ['1.0', '2.0'] })];
  const text =
    'demo==1.0; sys_platform == "win32"\ndemo==2.0; python_version >= "3.10" and implementation_name == "cpython"';
  const found = async (python?: string, platform?: string) =>
    (await audit(text, records, { target: parseTarget(python, platform) })).findings.map(({ version }) => version);
  assert.deepEqual(await found(), ['1.0', '2.0']);
  assert.deepEqual(await found(undefined, 'linux-x86_64'), ['2.0']);
  assert.deepEqual(await found('3.9', 'windows'), ['1.0']);
  assert.throws(() => parseTarget('three', undefined), { code: 'USAGE' });
  assert.throws(() => parseTarget(undefined, 'constructor'), { code: 'USAGE' });
});

test('what the baseline has is known, also by another id of the group', async () => {
  const { findings, known } = await audit('demo==1.0', CHAIN, { baseline: { keys: new Set(['demo CVE-1']) } });
  assert.deepEqual([findings.length, known.length], [0, 1]);
  assert.equal((await audit('demo==1.0', CHAIN, { baseline: { keys: new Set(['other CVE-1']) } })).known.length, 0);
});
