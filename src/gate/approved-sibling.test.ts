import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFact, anInspection, DIGEST, daysAgo } from '../../test/builders/an-evidence.ts';
import type { Inspection } from '../core/policy/evidence.ts';
import type { Fact } from '../core/policy/fact.ts';
import { parseFilename } from '../core/python/filename.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';
import { findApprovedSibling } from './approved-sibling.ts';
import type { RecordedVerdict } from './ports.ts';

const [OWN, PYTHON, OTHER_PYTHON] = ['b', 'c', 'd'].map((digit) => parseSha256(digit.repeat(64))) as [
  typeof DIGEST,
  typeof DIGEST,
  typeof DIGEST,
];
const approval = aFact({ sha256: DIGEST });
/** The approved wheel for Windows; the one that is asked about is for Linux. */
const windows: RecordedVerdict = {
  index: 'default',
  sha256: DIGEST,
  project: parseProjectName('demo'),
  version: '1.0.0',
  filename: 'demo-1.0-cp311-cp311-win_amd64.whl',
  verdict: { kind: 'allow', reasons: [] },
  policyRevision: 'r',
  at: daysAgo(1),
};
const native = anInspection({ portableContent: PYTHON, nativeFiles: ['demo/x.so'] });
const pure = anInspection({ portableContent: PYTHON });

type Case = {
  readonly filename?: string;
  readonly own?: Inspection;
  readonly row?: Partial<RecordedVerdict>;
  readonly other?: Inspection | undefined;
  readonly facts?: readonly Fact[];
  readonly sha256?: typeof DIGEST;
};

function find(over: Case) {
  const { filename = 'demo-1.0-cp311-cp311-linux_x86_64.whl', own = native, row, facts = [approval] } = over;
  const other = 'other' in over ? over.other : native;
  const inspected = new Map([[DIGEST, other]]);
  return findApprovedSibling(
    [{ ...windows, ...row }],
    inspected,
    own,
    parseFilename(filename),
    over.sha256 ?? OWN,
    () => facts,
  );
}

test('the same package for another platform: same release, same Python code, approved by people', () => {
  assert.deepEqual(find({}), { filename: windows.filename, approval });
  assert.ok(find({ own: pure, other: pure }), 'without compiled code on either side');
  assert.ok(find({ own: pure }), 'less compiled code than what was approved');
  assert.ok(find({ row: { version: '1.0' } }), '1.0 is 1.0.0');
});

const revoked = aFact({ id: 'f2', kind: 'revocation', at: daysAgo(0) });
const CASES: readonly [why: string, over: Case][] = [
  ['other Python code', { own: anInspection({ portableContent: OTHER_PYTHON, nativeFiles: ['x.so'] }) }],
  ['Python code that could not be compared', { own: anInspection() }],
  ['the approved one could not be compared', { other: anInspection() }],
  ['neither could be compared: absent is not equal to absent', { own: anInspection(), other: anInspection() }],
  ['the approved one was not inspected by this engine', { other: undefined }],
  ['compiled code where the approved one has none', { other: pure }],
  ['another release', { row: { version: '1.0.1' } }],
  ['a file name without a version', { filename: 'demo.whl' }],
  ['an approved file whose release nobody knows', { row: { version: undefined as never } }],
  ['an sdist', { filename: 'demo-1.0.tar.gz' }],
  ['let in by rules, approved by nobody', { facts: [] }],
  ['approved, then revoked', { facts: [approval, revoked] }],
  ['denied', { facts: [aFact({ kind: 'denial' })] }],
  ['it is its own sibling', { sha256: DIGEST }],
];
for (const [why, over] of CASES) {
  test(`no sibling: ${why}`, () => assert.equal(find(over), undefined));
}
