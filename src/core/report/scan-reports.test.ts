import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderScanMarkdown } from './scan-markdown.ts';
import type { ReportedScan } from './scan-result.ts';
import { renderScanSarif } from './scan-sarif.ts';

const SCAN: ReportedScan = {
  input: 'dist/demo-1.0-py3-none-any.whl',
  sha256: 'a'.repeat(64),
  verdict: 'block',
  score: 0.987,
  findings: [
    {
      rule: 'network-call',
      effect: 'block',
      message: 'the code makes a network request when it is imported',
      file: 'demo/a b.py',
      line: 7,
      context: 'urlopen(`|\u202e\n)',
    },
    { rule: 'archive', effect: 'note', message: 'Something odd.', file: null, line: null, context: null },
  ],
  capabilities: [{ capability: 'network', context: 'import', file: 'demo/a b.py', line: 7 }],
};

function runOf(...scans: readonly ReportedScan[]) {
  const log = JSON.parse(renderScanSarif(scans));
  assert.equal(log.version, '2.1.0');
  return log.runs[0];
}

test('SARIF places a finding in the member, nested in its archive', () => {
  const run = runOf(SCAN);
  const [first, second] = run.results;
  const { artifactLocation, region } = first.locations[0].physicalLocation;
  assert.equal(first.level, 'error');
  assert.equal(region.startLine, 7);
  assert.deepEqual(run.artifacts[artifactLocation.index], { location: { uri: '/demo/a%20b.py' }, parentIndex: 0 });
  assert.equal(artifactLocation.uri, '/demo/a%20b.py');
  assert.deepEqual(second.locations[0].physicalLocation, {
    artifactLocation: { uri: 'dist/demo-1.0-py3-none-any.whl', index: 0 },
  });
  assert.equal(second.level, 'note');
});

test('SARIF describes each rule once, and every result names one of them', () => {
  const { results, tool } = runOf(SCAN, SCAN);
  const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
  assert.deepEqual(ids, ['archive', 'network-call']);
  assert.ok(tool.driver.rules.every((rule: { shortDescription?: object }) => rule.shortDescription !== undefined));
  for (const { ruleId, ruleIndex } of results) assert.equal(ids[ruleIndex], ruleId);
});

test('SARIF names the files of a folder by their own paths', () => {
  const run = runOf({ ...SCAN, input: 'tree/', sha256: null });
  assert.deepEqual(run.artifacts, [{ location: { uri: 'tree/' } }, { location: { uri: 'tree/demo/a%20b.py' } }]);
});

test('a path that is not Unicode does not stop SARIF', () => {
  const [first] = SCAN.findings;
  const run = runOf({ ...SCAN, findings: [{ ...first!, file: 'demo/\ud800.py' }] });
  assert.equal(run.results[0].locations[0].physicalLocation.artifactLocation.uri, '/demo/%EF%BF%BD.py');
});

test('Markdown gives a table, and reasons where something is not allowed', () => {
  const text = renderScanMarkdown([SCAN, { ...SCAN, verdict: 'allow', input: 'fine' }]);
  assert.match(text, /^\| block \| 0\.987 \| `dist\/demo-1\.0-py3-none-any\.whl` \|$/m);
  assert.match(text, /^- \*\*block\*\* network-call: .* at `demo\/a b\.py:7`: `urlopen\('\\\| {2}\)`$/m);
  assert.match(text, /^Can: network@import$/m);
  assert.doesNotMatch(text, /### allow/);
});
