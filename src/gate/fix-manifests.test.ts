import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/fakes/memory-files.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { parseRequirement } from '../core/python/requirement.ts';
import { compareVersions, parseVersion } from '../core/python/version.ts';
import type { AuditFinding } from '../core/report/audit-report.ts';
import { parseSha256 } from '../core/sha256.ts';
import { type FixManifestsNeeds, fixManifests } from './fix-manifests.ts';
import type { ReleaseSource } from './ports.ts';

const NEW = `sha256:${'b'.repeat(64)}`;
const OLD = `sha256:${'0'.repeat(64)}`;
/** Every project has these releases; of `bad` everything but 3.0 is affected. */
const VERSIONS = ['1.0', '2.0', '3.0'];

function source(asks: Readonly<Record<string, readonly string[]>>): ReleaseSource {
  return {
    releases: async () =>
      VERSIONS.map((text) => ({
        version: parseVersion(text),
        sha256: [parseSha256('b'.repeat(64))],
        requiresPython: [],
      })).sort((a, b) => compareVersions(a.version, b.version)),
    requirements: async (project, { text }) => (asks[`${project} ${text}`] ?? []).map(parseRequirement),
  };
}

async function fix(
  files: Readonly<Record<string, string>>,
  inputs: readonly string[],
  asks: Readonly<Record<string, readonly string[]>> = {},
) {
  const disk = memoryFiles(files);
  const manifests = await Promise.all(inputs.map((path) => readManifest(path, disk)));
  const findingsOf: FixManifestsNeeds['findingsOf'] = async (project, { text }) =>
    project === 'bad' && text !== '3.0' ? ['X-1'] : [];
  const findings = manifests
    .flatMap(({ pins }) => pins)
    .filter(({ project }) => project === 'bad')
    .map((pin): AuditFinding => ({ ...pin, ids: ['X-1'], kind: 'vulnerability', fixed: [], confidence: 'high' }));
  const done = await fixManifests(manifests, findings, {
    source: source(asks),
    findingsOf,
    target: {},
    read: disk.read,
  });
  return {
    files: Object.fromEntries(done.files.map(({ path, after }) => [path, Buffer.from(after).toString()])),
    raised: done.raised.map(
      ({ project, from, to, places }) => `${project} ${from} ${to} ${places.map(({ line }) => line)}`,
    ),
    refused: done.refused.map(({ project, reason }) => `${project}: ${reason}`),
  };
}

test('writes the raise into every file that pins it, with its new hashes, and into no other line', async () => {
  const files = {
    'r.txt': `-r base.txt\n# keep\nother==1.0 \\\n  --hash=${OLD}\n`,
    'base.txt': `bad==1.0 \\\n  --hash=${OLD} \\\n  --hash=${OLD}\n  # via other\n`,
    'apart.txt': 'bad==2.0\n',
  };
  assert.deepEqual(await fix(files, ['r.txt', 'apart.txt']), {
    files: { 'base.txt': `bad==3.0 \\\n  --hash=${NEW}\n  # via other\n`, 'apart.txt': 'bad==3.0\n' },
    raised: ['bad 1.0 3.0 1', 'bad 2.0 3.0 1'],
    refused: [],
  });
});

test('a parent that cannot be written keeps its child where it is', async () => {
  const asks = { 'parent 1.0': ['bad<2'], 'parent 2.0': ['bad'] };
  assert.deepEqual(await fix({ 'r.txt': 'parent==1.0,<1.5\nbad==1.0\n' }, ['r.txt'], asks), {
    files: {},
    raised: [],
    refused: ['bad: parent 1.0 asks for bad<2, and r.txt:1: the line is written in a way that cannot be edited safely'],
  });
});

test('says how a lock file gets the release, and writes none', async () => {
  const lock = 'version = 1\n[[package]]\nname = "bad"\nversion = "1.0"\nsource = { registry = "x" }\n';
  assert.deepEqual(await fix({ 'uv.lock': lock }, ['uv.lock']), {
    files: {},
    raised: [],
    refused: ['bad: uv.lock is written by its own tool: uv lock --upgrade-package bad==3.0'],
  });
});
