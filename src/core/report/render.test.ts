import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditReportSchema } from '../../api/audit.ts';
import { parseProjectName } from '../python/name.ts';
import type { AuditFinding, AuditReport } from './audit-report.ts';
import { renderGithub } from './github.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

const NOW = new Date('2026-01-04T00:00:00Z');
const FINDING: AuditFinding = {
  project: parseProjectName('demo'),
  version: '1.0+cpu',
  file: 'sub/r 1.txt',
  line: 7,
  group: 'dev',
  ids: ['PYSEC-1', 'CVE-1'],
  kind: 'vulnerability',
  severity: { level: 'high', score: 7.5, vector: 'CVSS:3.1/…' },
  summary: 'It leaks',
  fixed: ['1.1', '2.0'],
  confidence: 'high',
};
const MALWARE: AuditFinding = {
  project: parseProjectName('evil'),
  version: '1',
  file: 'r.txt',
  ids: ['MAL-1'],
  kind: 'malware',
  fixed: [],
  confidence: 'low',
};
const EMPTY: AuditReport = {
  findings: [],
  known: [],
  ignored: [],
  unaudited: [],
  errors: [],
  notes: [],
  warnings: [],
  releases: 2,
  files: ['r.txt'],
  data: { advisories: 5, asOf: '2026-01-01T00:00:00.000Z' },
};
const FULL: AuditReport = {
  ...EMPTY,
  findings: [FINDING, MALWARE],
  unaudited: [{ requirement: 'x>=1', reason: 'unpinned', file: 'r.txt', line: 2 }],
  errors: [{ file: 'r.txt', line: 3, message: 'bad line' }],
  notes: [{ code: 'extra-index', message: 'two indexes', file: 'r.txt', line: 1 }],
  warnings: ['old ignore'],
};

/** Text that tries to be something else in every format. */
const NASTY = '\x1b[2J\n::error::x%0A</failure>]]> | [a](javascript:x) @team <img src=x> `c` "q" \u202e';
const HOSTILE: AuditReport = {
  ...EMPTY,
  findings: [{ ...FINDING, summary: NASTY, file: `a,b::c\n${NASTY}` }],
  unaudited: [{ requirement: NASTY, reason: 'url', file: 'r.txt', line: 1 }],
  errors: [{ file: NASTY, message: NASTY }],
  notes: [{ code: 'extra-index', message: NASTY, file: 'r.txt', line: 1 }],
  warnings: [NASTY],
};

test('text: the worst release first, then what was not looked at, then one line', () => {
  assert.equal(
    renderText(FULL, NOW),
    `evil 1  r.txt
  malware           MAL-1
                    no fixed version is known

demo 1.0+cpu [dev]  sub/r 1.txt:7
  high 7.5          PYSEC-1 (CVE-1)
                    It leaks
                    fixed in 1.1, 2.0

Not audited:
  unpinned      x>=1  r.txt:2

Unreadable:
  bad line  r.txt:3

Also look at:
  two indexes  r.txt:1

warning: old ignore

2 findings: 1 malware, 1 high. Looked up: 2 releases in 1 file, 1 not audited, 1 unreadable.
Data: 5 advisories, the newest of 2026-01-01 (3 days old).
`,
  );
  assert.match(renderText(EMPTY, NOW), /^0 findings\. Looked up: 2 releases in 1 file\.\n/);
  assert.match(renderText({ ...EMPTY, data: { advisories: 0 } }, NOW), /no advisory data/);
});

test('json: the contract, and nothing else', () => {
  for (const report of [EMPTY, FULL, HOSTILE]) auditReportSchema.parse(JSON.parse(renderJson(report)));
  const { findings } = auditReportSchema.parse(JSON.parse(renderJson(FULL)));
  assert.deepEqual(findings[0], {
    project: 'demo',
    version: '1.0+cpu',
    ids: ['PYSEC-1', 'CVE-1'],
    kind: 'vulnerability',
    severity: 'high',
    fixed: ['1.1', '2.0'],
    file: 'sub/r 1.txt',
    line: 7,
  });
  assert.deepEqual([findings[1]!.severity, findings[1]!.line], [null, null]);
});

test('sarif: rules with a score, results on their lines, marks for known and ignored', () => {
  const report = {
    ...FULL,
    known: [{ ...FINDING, line: 9 }],
    ignored: [{ finding: { ...FINDING, line: 8 }, reason: 'why' }],
  };
  const { version, runs } = JSON.parse(renderSarif(report, '1.2.3'));
  const [{ tool, results, invocations }] = runs;
  assert.equal(version, '2.1.0');
  assert.deepEqual(
    tool.driver.rules.map(({ id, properties }: { id: string; properties: object }) => [id, properties]),
    [
      ['MAL-1', { tags: ['security', 'malware'], 'security-severity': '10.0' }],
      ['PYSEC-1', { tags: ['security', 'vulnerability'], 'security-severity': '7.5' }],
      ['extra-index', { tags: ['maintainability'] }],
    ],
  );
  for (const result of results) assert.equal(tool.driver.rules[result.ruleIndex].id, result.ruleId);
  const [malware, fresh, known, ignored] = results;
  assert.equal(malware.locations[0].physicalLocation.region.startLine, 1);
  assert.deepEqual(fresh.locations[0].physicalLocation, {
    artifactLocation: { uri: 'sub/r%201.txt' },
    region: { startLine: 7 },
  });
  assert.deepEqual([fresh.level, fresh.baselineState, known.baselineState], ['error', 'new', 'unchanged']);
  assert.deepEqual(ignored.suppressions, [{ kind: 'external', justification: 'why' }]);
  assert.equal(fresh.partialFingerprints['wheelgateAudit/v1'], known.partialFingerprints['wheelgateAudit/v1']);
  assert.equal(invocations[0].toolExecutionNotifications.length, 1);
  JSON.parse(renderSarif(HOSTILE, '1'));
});

test('sarif: no more results than GitHub takes', () => {
  const findings = Array.from({ length: 25_001 }, (_, line) => ({ ...FINDING, line: line + 1 }));
  assert.equal(JSON.parse(renderSarif({ ...EMPTY, findings }, '1')).runs[0].results.length, 25_000);
});

test('github: one command per line, whatever the text', () => {
  assert.deepEqual(renderGithub(FULL).split('\n'), [
    '::error file=r.txt,title=evil 1::MAL-1: no summary (malware; no fixed version is known)',
    '::error file=sub/r 1.txt,line=7,title=demo 1.0+cpu::PYSEC-1, CVE-1: It leaks (high 7.5; fixed in 1.1, 2.0)',
    '::error file=r.txt,line=3,title=Unreadable::bad line',
    '::notice file=r.txt,line=2,title=Not audited::unpinned: x>=1',
    '::warning file=r.txt,line=1,title=extra-index::two indexes',
    '::warning title=Wheelgate::old ignore',
    '',
  ]);
  const lines = renderGithub(HOSTILE).trimEnd().split('\n');
  assert.equal(lines.length, 5);
  for (const line of lines)
    assert.match(line, /^::(?:error|warning|notice) (?:file=[^:,\r\n]*(?:,line=\d+)?,)?title=[^:,]*::/);
  assert.doesNotMatch(renderGithub(HOSTILE), /%0A/);
});

test('junit: failures, skips and errors by file, and well-formed XML', () => {
  const xml = renderJunit(FULL);
  assert.match(xml, /<testsuite name="r\.txt" tests="3" failures="1" skipped="1" errors="1">/);
  assert.match(renderJunit(EMPTY), /<testcase classname="r\.txt" name="no findings"\/>/);
  const hostile = renderJunit(HOSTILE);
  assert.doesNotMatch(hostile.replaceAll('\n', ''), /\p{Cc}/u);
  const tags = [...hostile.matchAll(/<(\/?)(\w+)[^<>]*?(\/?)>/g)].slice(0);
  const open: string[] = [];
  for (const [, closes, name, closed] of tags) {
    if (closes) assert.equal(open.pop(), name);
    else if (!closed) open.push(name!);
  }
  assert.deepEqual(open, []);
});

test('markdown: foreign text is text', () => {
  assert.match(
    renderMarkdown(FULL, NOW),
    /\| demo 1\.0\+cpu \| sub\/r 1\.txt:7 \| PYSEC-1 It leaks \| high 7\.5 \| 1\.1 \|/,
  );
  const hostile = renderMarkdown(HOSTILE, NOW);
  assert.doesNotMatch(hostile, /<img|@team|(?<!\\)\]\(|[^\\]`|\x1b/);
  const row = hostile.split('\n').find((line) => line.startsWith('| demo'))!;
  assert.equal(row.match(/(?<!\\)\|/g)!.length, 6);
});
