import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { auditReportSchema } from '../../api/audit.ts';
import { parseProjectName } from '../python/name.ts';
import type { AuditFinding, AuditReport } from './audit-report.ts';
import { renderCycloneDx } from './cyclonedx.ts';
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
  pins: [],
  files: ['r.txt'],
  data: { advisories: 5, asOf: '2026-01-01T00:00:00.000Z', dates: { vulnerabilities: new Date('2026-01-01') } },
};
const FULL: AuditReport = {
  ...EMPTY,
  findings: [FINDING, MALWARE],
  unaudited: [{ requirement: 'x>=1', reason: 'unpinned', file: 'r.txt', line: 2 }],
  errors: [{ file: 'r.txt', line: 3, message: 'bad line' }],
  notes: [{ code: 'extra-index', message: 'two indexes', file: 'r.txt', line: 1 }],
  warnings: ['old ignore'],
};
const POLICY: AuditFinding = {
  project: parseProjectName('fresh'),
  version: '3.0',
  file: 'r.txt',
  line: 4,
  ids: ['cooldown'],
  kind: 'policy',
  effect: 'hold',
  summary: '2 days old',
  url: 'https://gate.example/r/fresh/3.0(x)',
  fixed: [],
  confidence: 'high',
};
const GATED: AuditReport = {
  ...FULL,
  findings: [FINDING, { ...FINDING, ids: ['CVE-2'], fixed: ['1.5'] }, POLICY],
  known: [{ ...FINDING, line: 9 }],
  before: new Map([
    ['demo', ['0.9']],
    ['fresh', ['3.0']],
  ]),
  gate: 'https://gate.example',
  pins: [
    { project: FINDING.project, version: FINDING.version, file: FINDING.file, line: 7, group: 'dev', hashes: [] },
    { project: POLICY.project, version: POLICY.version, file: 'r.txt', line: 4, hashes: [] },
    { project: MALWARE.project, version: MALWARE.version, file: 'r.txt', hashes: [] },
  ],
};

/** Text that tries to be something else in every format. */
const NASTY =
  '\x1b[2J\n::error::x%0A##[stop-commands]x </failure>]]> | [a](javascript:x) @team <img src=x> `c` "q" \u202e';
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
Data: 5 advisories: vulnerabilities of 2026-01-01 (3 days old).
`,
  );
  assert.match(renderText(EMPTY, NOW), /^0 findings\. Looked up: 2 releases in 1 file\.\n/);
  assert.match(renderText({ ...EMPTY, data: { advisories: 0, dates: {} } }, NOW), /no advisory data/);
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
  assert.doesNotMatch(renderGithub(HOSTILE), /%0A|##\[/);
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

test('markdown: one row per release, with its change, the decision of the gate and what is safe', () => {
  const text = renderMarkdown(GATED, NOW);
  assert.match(
    text,
    /^<!-- wheelgate-audit -->\n\*\*Wheelgate audit: 3 findings: 2 high, 1 held\*\*\n\n3 new, 1 known before\. /,
  );
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  assert.deepEqual(rows, [
    '| Release | Change | Where | Gate | Worst finding | Severity | Safe version |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| demo 1.0+cpu | 0.9 to 1.0+cpu | sub/r 1.txt:7 (dev) | allowed | CVE-2 It leaks and 1 more | high 7.5 | 1.5 |',
    '| fresh 3.0 | unchanged | r.txt:4 | **held**: 2 days old ([details](<https://gate.example/r/fresh/3.0%28x%29>)) | none | held |  |',
  ]);
  assert.match(
    renderMarkdown({ ...GATED, findings: [{ ...FINDING, file: 'a.txt' }] }, NOW),
    /```sh\nnpx wheelgate audit --fix a\.txt\n```/,
  );
  assert.match(
    renderMarkdown({ ...GATED, findings: [{ ...FINDING, file: 'uv.lock' }] }, NOW),
    /uv lock --upgrade-package demo==1\.1/,
  );
  assert.match(renderMarkdown(EMPTY, NOW), /0 findings\*\*\n\n<details>/);
});

test('markdown: fits into a comment, whatever was found', () => {
  const long = 'x'.repeat(2_000);
  const findings = Array.from({ length: 500 }, (_, line) => ({ ...FINDING, line, summary: long }));
  const unaudited = Array.from({ length: 500 }, (_, line) => ({
    requirement: long,
    reason: 'url' as const,
    file: 'r',
    line,
  }));
  const text = renderMarkdown({ ...EMPTY, findings, unaudited, warnings: unaudited.map(() => long) }, NOW);
  assert.ok(text.length < 65_536);
  assert.match(text, /^and \d+ more releases\.$/m);
});

test('markdown: foreign text is text', () => {
  assert.match(
    renderMarkdown(FULL, NOW),
    /\| demo 1\.0\+cpu \| sub\/r 1\.txt:7 \(dev\) \| PYSEC-1 It leaks \| high 7\.5 \| 1\.1 \|/,
  );
  const hostile = renderMarkdown(
    {
      ...HOSTILE,
      findings: [...HOSTILE.findings, { ...POLICY, summary: NASTY, url: `https://x/${NASTY}` }],
      gate: 'x',
    },
    NOW,
  );
  assert.doesNotMatch(hostile, /<img|@team|(?<!\\|details)\]\(|[^\\]`|\x1b/);
  for (const row of hostile.split('\n').filter((line) => line.startsWith('| ') && !line.includes('---'))) {
    assert.equal(row.match(/(?<!\\)\|/g)!.length, 7, row);
  }
});

test('policy findings say in every format what the gate said, and where', () => {
  for (const text of [renderText(GATED, NOW), renderGithub(GATED), renderJunit(GATED)]) {
    assert.match(text, /2 days old/);
    assert.match(text, /see https?:\/\/gate\.example/);
  }
  const [run] = JSON.parse(renderSarif(GATED, '1')).runs;
  const held = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'cooldown');
  assert.deepEqual([held.level, run.tool.driver.rules[held.ruleIndex].name], ['warning', 'Policy']);
});

test('sarif: within what GitHub takes', () => {
  const long = 'x'.repeat(5_000);
  const report = {
    ...GATED,
    findings: [...GATED.findings, { ...MALWARE, summary: long, ids: Array.from({ length: 50 }, (_, i) => `MAL-${i}`) }],
  };
  const [run] = JSON.parse(renderSarif(report, '1')).runs;
  for (const { shortDescription, fullDescription, properties } of run.tool.driver.rules) {
    assert.ok(shortDescription.text.length <= 1_024);
    assert.ok((fullDescription?.text.length ?? 0) <= 1_024);
    assert.ok(properties.tags.length <= 20);
    assert.match(properties['security-severity'] ?? '0.0', /^(?:10\.0|\d\.\d)$/);
  }
  for (const { locations, partialFingerprints, level, message } of run.results) {
    assert.equal(locations.length, 1);
    assert.doesNotMatch(locations[0].physicalLocation.artifactLocation.uri, /^(?:\.|.*[\\ ])/);
    assert.ok(locations[0].physicalLocation.region.startLine >= 1);
    assert.match(Object.values(partialFingerprints).join(), /^[0-9a-f]{64}$/);
    assert.ok(['error', 'warning', 'note'].includes(level) && message.text.length > 0);
  }
});

test('every format tells what is exploited', async () => {
  const exploitation = {
    epss: { score: 0.61, percentile: 0.98, asOf: '2026-01-03T00:00:00.000Z' },
    kev: { since: '2024-02-03', ransomware: true },
  };
  const report: AuditReport = {
    ...EMPTY,
    findings: [{ ...FINDING, exploitation }],
    pins: [{ project: FINDING.project, version: FINDING.version, hashes: [], file: 'r.txt', line: 7 }],
  };
  const said = /known exploited since 2024-02-03, by ransomware; EPSS 0\.61 of 2026-01-03/;
  const sarif = JSON.parse(renderSarif(report, '1'));
  assert.match(sarif.runs[0].results[0].message.text, said);
  const [{ properties }] = sarif.runs[0].tool.driver.rules;
  assert.deepEqual(
    [properties.tags, properties.epss, properties['known-exploited-since']],
    [['security', 'vulnerability', 'known-exploited'], 0.61, '2024-02-03'],
  );
  for (const text of [renderJunit(report), renderGithub(report), renderText(report, NOW)]) assert.match(text, said);
  const vdr = renderCycloneDx(report, NOW, '1');
  assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(vdr), null);
  assert.deepEqual(JSON.parse(vdr).vulnerabilities[0].properties, [
    { name: 'wheelgate:epss:score', value: '0.61' },
    { name: 'wheelgate:epss:percentile', value: '0.98' },
    { name: 'wheelgate:epss:as-of', value: '2026-01-03T00:00:00.000Z' },
    { name: 'wheelgate:kev:since', value: '2024-02-03' },
    { name: 'wheelgate:kev:ransomware', value: 'true' },
  ]);
});

test('cyclonedx: valid against the strict schema of 1.6, and equal for equal input but for the time', async () => {
  const report: AuditReport = {
    ...GATED,
    findings: [
      ...GATED.findings,
      MALWARE,
      { ...FINDING, ids: ['CVE-3'], severity: { level: 'low', score: 2, vector: 'AV:N/AC:L/Au:N/C:P/I:N/A:N' } },
      { ...FINDING, ids: ['CVE-4'], severity: { level: 'low', score: 2, vector: 'CVSS:4.0/AV:N' } },
      ...HOSTILE.findings.map((finding) => ({ ...finding, ids: ['CVE-5'] })),
    ],
    ignored: [{ finding: { ...FINDING, ids: ['CVE-9'] }, reason: 'no cookies' }],
  };
  const text = renderCycloneDx(report, NOW, '1.2.3');
  const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  assert.equal(problem, null, JSON.stringify(problem));
  assert.equal(
    await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(renderCycloneDx(EMPTY, NOW, '1')),
    null,
  );
  const { serialNumber, components, vulnerabilities } = JSON.parse(text);
  assert.equal(JSON.parse(renderCycloneDx(report, new Date(), '1.2.3')).serialNumber, serialNumber);
  assert.deepEqual(
    components.map((one: { purl: string }) => one.purl),
    ['pkg:pypi/demo@1.0%2Bcpu', 'pkg:pypi/evil@1', 'pkg:pypi/fresh@3.0'],
  );
  assert.deepEqual(components[0].evidence.occurrences, [{ location: 'sub/r 1.txt', line: 7 }]);
  assert.deepEqual(components[2].properties, [{ name: 'wheelgate:policy', value: 'held: 2 days old' }]);
  const byId = (id: string) => vulnerabilities.find((one: { id: string }) => one.id === id);
  assert.deepEqual(byId('MAL-1').ratings[0].severity, 'critical');
  assert.deepEqual(byId('CVE-9').analysis, { state: 'exploitable', response: ['will_not_fix'], detail: 'no cookies' });
  const refs = new Set(components.map((one: { 'bom-ref': string }) => one['bom-ref']));
  for (const { affects } of vulnerabilities) for (const { ref } of affects) assert.ok(refs.has(ref), ref);
});
