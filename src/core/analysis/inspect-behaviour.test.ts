import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageFiles, pythonParser } from '../../../test/builders/python-package.ts';
import { inspectBehaviour } from './inspect-behaviour.ts';

const files = packageFiles({ 'demo/__init__.py': 'import subprocess\nsubprocess.run(["uname"])\n' });

test('what was left out makes a quiet result incomplete', async () => {
  const inspected = inspectBehaviour(await pythonParser(), { files: [], limits: ['file size'] }, 'wheel');
  assert.equal(inspected.complete, false);
  assert.equal(inspected.result?.complete, false);
  assert.deepEqual(inspected.findings, [
    { rule: 'behaviour', code: 'error', effect: 'hold', message: 'Not all of the code could be analysed: file size.' },
  ]);
});

test('a failure of the analyser holds and gives no result', () => {
  const broken = {
    parse() {
      throw new RangeError('of no interest to users');
    },
  };
  const { result, findings, complete } = inspectBehaviour(broken, { files, limits: [] }, 'wheel');
  assert.equal(result, undefined);
  assert.equal(complete, false);
  assert.equal(findings[0]?.effect, 'hold');
});

test('nesting that no honest module has, in code that runs at import, is a limit', async () => {
  const deep = packageFiles({
    'demo/__init__.py': `import os\nos.system(${'('.repeat(5000)}"x"${')'.repeat(5000)})\n`,
  });
  const inspected = inspectBehaviour(await pythonParser(), { files: deep, limits: [] }, 'wheel');
  assert.equal(inspected.complete, false);
});

for (const [why, chain] of [
  ['400,000 calls', '()'.repeat(400_000)],
  ['3,000 methods', '.b()'.repeat(3000)],
  ['100,000 items', '[0]'.repeat(100_000)],
] as const) {
  test(`a chain of ${why} is a limit, and what stands before it is still judged`, async () => {
    const deep = packageFiles({ 'demo/__init__.py': `import os\nos.system("uname")\nos.popen${chain}\n` });
    const { result, complete } = inspectBehaviour(await pythonParser(), { files: deep, limits: [] }, 'wheel');
    assert.equal(complete, false);
    assert.equal(
      result?.findings.some(({ rule }) => rule === 'limit-reached'),
      true,
    );
    assert.equal(result?.capabilities[0]?.capability, 'process');
  });
}

test('code that can be read to the end is complete', async () => {
  const { result, complete } = inspectBehaviour(await pythonParser(), { files, limits: [] }, 'wheel');
  assert.equal(complete, true);
  assert.deepEqual(
    result?.capabilities.map(({ capability, context }) => `${capability}@${context}`),
    ['process@import'],
  );
});
