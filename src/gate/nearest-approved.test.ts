import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anInspection } from '../../test/builders/an-evidence.ts';
import { parseFilenameFor } from '../core/python/filename.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256, type Sha256 } from '../core/sha256.ts';
import { nearestApproved, rankApproved } from './nearest-approved.ts';
import type { RecordedVerdict } from './ports.ts';

const project = parseProjectName('demo');
const digestOf = (filename: string): Sha256 =>
  parseSha256(Buffer.from(filename).toString('hex').padEnd(64, '0').slice(0, 64));

function row(filename: string): RecordedVerdict {
  const version = parseFilenameFor(project, filename).version?.text;
  return {
    index: 'default',
    sha256: digestOf(filename),
    project,
    filename,
    verdict: { kind: 'allow', reasons: [] },
    policyRevision: 'r',
    at: new Date(0),
    ...(version !== undefined && { version }),
  };
}

const wheel = (version: string, tag = 'py3-none-any') => `demo-${version}-${tag}.whl`;
const ranked = (approved: readonly string[], filename: string, sha256?: Sha256) =>
  rankApproved(approved.map(row), parseFilenameFor(project, filename), sha256).map((each) => each.filename);

for (const [why, approved, filename, expected] of [
  ['the release below', [wheel('1.0'), wheel('1.9'), wheel('3.0')], wheel('2.0'), wheel('1.9')],
  ['by version, not by letter', [wheel('1.9'), wheel('1.10')], wheel('1.11'), wheel('1.10')],
  ['the one above where none is below', [wheel('4.0'), wheel('3.0')], wheel('2.0'), wheel('3.0')],
  ['the same tags', [wheel('1.0', 'cp311-cp311-win_amd64'), wheel('1.0')], wheel('2.0'), wheel('1.0')],
  ['the same kind', ['demo-1.9.tar.gz', wheel('1.0')], wheel('2.0'), wheel('1.0')],
  ['no file of its own release', [wheel('2.0', 'cp311-cp311-win_amd64')], wheel('2.0'), undefined],
] as const) {
  test(`compares with ${why}`, () => assert.equal(ranked(approved, filename)[0], expected));
}

test('a file that was approved itself is compared with nothing', () => {
  assert.deepEqual(ranked([wheel('1.0'), wheel('2.0')], wheel('2.0'), digestOf(wheel('2.0'))), []);
});

test('one that was not analysed leaves it to the next', () => {
  const rows = [row(wheel('1.9')), row(wheel('1.0'))];
  const { behaviour: _, ...unanalysed } = anInspection();
  const inspected = new Map([
    [rows[0]!.sha256, unanalysed],
    [rows[1]!.sha256, anInspection({ nativeFiles: ['demo/_fast.so'] })],
  ]);
  assert.deepEqual(nearestApproved(rows, inspected, new Set([wheel('1.0')])), {
    version: '1.0',
    behaviour: anInspection().behaviour,
    hasNativeFiles: true,
    attested: true,
  });
  assert.equal(nearestApproved(rows, inspected, new Set([wheel('1.9')]))?.attested, false);
  assert.equal(nearestApproved(rows, new Map(), new Set()), undefined);
});
