import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anInspection } from '../../test/builders/an-evidence.ts';
import { WheelgateError } from '../core/errors.ts';
import type { Inspection } from '../core/policy/evidence.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { FolderInspector } from './ports.ts';
import { createScanFile } from './scan-file.ts';

const sha256 = parseSha256('a'.repeat(64));
const NAME = 'demo-1.0-py3-none-any.whl';

function scanning(inspect: () => Promise<Inspection>) {
  const inspector: FolderInspector = {
    engine: 'fake',
    inspect,
    inspectFolder: inspect,
    inspectMembers: async () => ({ inspection: await inspect(), members: new Map() }),
  };
  return createScanFile({ inspector, digestOf: async () => ({ sha256, size: 1 }), clock: () => new Date(0) });
}

test('holds what could not be inspected, with a finding of code error', async () => {
  const failure = new WheelgateError('INSPECTION_FAILED', 'the inspection took longer than 1 s', 'Wait.');
  const { scanFile, scanFolder } = scanning(() => Promise.reject(failure));
  for (const scan of [await scanFile('/x', NAME), await scanFolder('/x', 'x')]) {
    assert.equal(scan.verdict.kind, 'hold');
    assert.deepEqual(scan.findings, [
      { rule: 'evidence', code: 'error', effect: 'hold', message: 'the inspection took longer than 1 s' },
    ]);
    assert.equal(scan.unreadable, undefined);
  }
});

test('holds what could not be read, and says that the input was at fault', async () => {
  const failure = new WheelgateError('INPUT_UNREADABLE', 'x cannot be read', 'Check the path.');
  const scan = await scanning(() => Promise.reject(failure)).scanFile('/x', NAME);
  assert.deepEqual([scan.verdict.kind, scan.findings[0]?.code, scan.unreadable], ['hold', 'unreadable', failure]);
});

test('names the file of each start-up hook', async () => {
  const startupHooks = [
    { file: 'demo.pth', sha256, runsCode: true },
    { file: 'paths.pth', sha256, runsCode: false },
  ];
  const scan = await scanning(async () => anInspection({ startupHooks })).scanFile('/x', NAME);
  assert.equal(scan.verdict.kind, 'hold');
  assert.deepEqual(
    scan.findings.map(({ rule, effect, file }) => [rule, effect, file]),
    [
      ['startup-hook', 'hold', 'demo.pth'],
      ['startup-hook', 'note', 'paths.pth'],
    ],
  );
});
