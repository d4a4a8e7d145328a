import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { parseProjectName } from '../python/name.ts';
import type { AuditFinding, AuditReport } from './audit-report.ts';
import { renderCycloneDx, renderCycloneDxVex } from './cyclonedx.ts';
import { judgeIgnores } from './ignores.ts';
import { renderOpenVex } from './openvex.ts';
import { readVex } from './read-vex.ts';

const NOW = new Date('2026-01-04T00:00:00Z');
const demo = parseProjectName('demo');
const aFinding = (over: Partial<AuditFinding> = {}): AuditFinding => ({
  project: demo,
  version: '1.0',
  file: 'r.txt',
  line: 1,
  ids: ['PYSEC-1', 'CVE-2026-0001'],
  kind: 'vulnerability',
  fixed: [],
  confidence: 'high',
  ...over,
});
const [reached, unreached, exempted, open] = [
  aFinding({ ids: ['CVE-2026-0002'] }),
  aFinding(),
  aFinding({ ids: ['CVE-2026-0003'], project: parseProjectName('other'), version: '2+cpu' }),
  aFinding({ ids: ['CVE-2026-0004'] }),
];
const REPORT: AuditReport = {
  findings: [exempted, open],
  known: [],
  ignored: [
    { finding: unreached, reason: 'no cookies here', until: '2027-03-31', notAffected: 'code_not_reachable' },
    { finding: reached, reason: 'behind the proxy', until: 'there is a fix' },
  ],
  exempted: [{ finding: exempted, reason: 'exempted: own patch', until: '2026-05-01' }],
  unaudited: [],
  errors: [],
  notes: [],
  warnings: [],
  releases: 2,
  pins: [demo, parseProjectName('other')].map((project) => ({
    project,
    version: project === demo ? '1.0' : '2+cpu',
    hashes: [],
    file: 'r.txt',
    line: 1,
  })),
  files: ['r.txt'],
  data: { advisories: 5, dates: {} },
};

test('vex: what was decided, with reason and end, and nothing else; valid CycloneDX 1.6', async () => {
  const text = renderCycloneDxVex(REPORT, NOW, '1');
  assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null);
  const { vulnerabilities, components } = JSON.parse(text);
  assert.deepEqual(vulnerabilities.map((one: { id: string; analysis: object }) => [one.id, one.analysis]).sort(), [
    [
      'CVE-2026-0002',
      { state: 'exploitable', response: ['will_not_fix'], detail: 'behind the proxy (until there is a fix)' },
    ],
    [
      'CVE-2026-0003',
      { state: 'exploitable', response: ['will_not_fix'], detail: 'exempted: own patch (until 2026-05-01)' },
    ],
    [
      'PYSEC-1',
      {
        state: 'not_affected',
        justification: 'code_not_reachable',
        detail: 'no cookies here (until 2027-03-31)',
      },
    ],
  ]);
  assert.equal(components.length, 2);
  const all = JSON.parse(renderCycloneDx(REPORT, NOW, '1')).vulnerabilities;
  assert.equal(all.length, 4, 'the VDR has what is open too');
});

test('openvex: what the specification asks of each status', () => {
  const document = JSON.parse(renderOpenVex(REPORT, NOW, '1.2'));
  assert.deepEqual(
    [document['@context'], document.timestamp, document.version, document.tooling],
    ['https://openvex.dev/ns/v0.2.0', NOW.toISOString(), 1, 'wheelgate 1.2'],
  );
  assert.deepEqual(
    document.statements.find((one: { status: string }) => one.status === 'not_affected'),
    {
      vulnerability: { name: 'PYSEC-1', aliases: ['CVE-2026-0001'] },
      products: [{ '@id': 'pkg:pypi/demo@1.0', identifiers: { purl: 'pkg:pypi/demo@1.0' } }],
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      impact_statement: 'no cookies here (until 2027-03-31)',
    },
  );
  for (const one of document.statements) assert.ok(one.status === 'not_affected' || one.action_statement.length > 0);
  assert.equal(document.statements.length, 3);
  assert.equal(JSON.parse(renderOpenVex(REPORT, new Date(), '1.2'))['@id'], document['@id']);
});

for (const [name, render] of [
  ['CycloneDX', renderCycloneDxVex],
  ['OpenVEX', renderOpenVex],
] as const) {
  test(`reading our own ${name}: what does not affect us is passed over, what was accepted is not`, () => {
    const { ignores, warnings } = readVex(render(REPORT, NOW, '1'), 'team.json');
    assert.deepEqual(warnings, []);
    const { kept, ignored } = judgeIgnores([unreached, reached, exempted, open], ignores, NOW);
    assert.deepEqual(kept, [reached, exempted, open]);
    assert.deepEqual(
      ignored.map(({ finding, reason }) => [finding, reason]),
      [[unreached, 'no cookies here (until 2027-03-31), says team.json']],
    );
  });
}

const openVex = (...statements: readonly object[]) =>
  JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2026-01-01T00:00:00Z', statements });
const cycloneDx = (vulnerability: object, components: readonly object[] = []) =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components, vulnerabilities: [vulnerability] });
const statement = (over: object = {}) => ({
  vulnerability: { name: 'CVE-2026-0001' },
  products: [{ '@id': 'pkg:pypi/demo@1.0.0' }],
  status: 'not_affected',
  ...over,
});
const analysed = (ref: unknown, over: object = {}) => ({
  id: 'CVE-2026-0001',
  analysis: { state: 'not_affected' },
  affects: [{ ref }],
  ...over,
});

for (const [why, text, isIgnored] of [
  ['the release', openVex(statement()), true],
  ['every release of the project', openVex(statement({ products: [{ '@id': 'pkg:pypi/Demo' }] })), true],
  ['another release', openVex(statement({ products: [{ '@id': 'pkg:pypi/demo@1.1' }] })), false],
  ['another project', openVex(statement({ products: [{ '@id': 'pkg:pypi/demos@1.0' }] })), false],
  ['another ecosystem', openVex(statement({ products: [{ '@id': 'pkg:npm/demo@1.0' }] })), false],
  ['another defect', openVex(statement({ vulnerability: { name: 'CVE-2026-0009' } })), false],
  ['an alias', openVex(statement({ vulnerability: { name: 'X-1', aliases: ['CVE-2026-0001'] } })), true],
  ['the older form', openVex(statement({ vulnerability: 'CVE-2026-0001', products: ['pkg:pypi/demo@1.0'] })), true],
  [
    'a part of a product',
    openVex(statement({ products: [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:pypi/demo@1.0' }] }] })),
    true,
  ],
  [
    'a product, not that part of it',
    openVex(statement({ products: [{ '@id': 'pkg:pypi/demo@1.0', subcomponents: [{ '@id': 'pkg:pypi/six@1' }] }] })),
    false,
  ],
  ['fixed there', openVex(statement({ status: 'fixed' })), true],
  ['still looked at', openVex(statement({ status: 'under_investigation' })), false],
  ['affected', openVex(statement({ status: 'affected' })), false],
  [
    'taken back later',
    openVex(statement(), statement({ status: 'affected', timestamp: '2026-01-02T00:00:00Z' })),
    false,
  ],
  [
    'taken back before',
    openVex(
      statement({ timestamp: '2026-01-03T00:00:00Z' }),
      statement({ status: 'affected', timestamp: '2026-01-02T00:00:00Z' }),
    ),
    true,
  ],
  ['a component', cycloneDx(analysed('c1'), [{ 'bom-ref': 'c1', purl: 'pkg:pypi/demo@1.0' }]), true],
  [
    'a component within another',
    cycloneDx(analysed('c1'), [{ components: [{ 'bom-ref': 'c1', purl: 'pkg:pypi/demo@1.0' }] }]),
    true,
  ],
  ['a purl', cycloneDx(analysed('pkg:pypi/demo@1.0')), true],
  [
    'a link into another document',
    cycloneDx(analysed('urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Apypi%2Fdemo%401.0')),
    true,
  ],
  ['a reference that leads nowhere', cycloneDx(analysed('c2')), false],
  [
    'versions that are named',
    cycloneDx(analysed('pkg:pypi/demo', { affects: [{ ref: 'pkg:pypi/demo', versions: [{ version: '1.0' }] }] })),
    true,
  ],
  [
    'a range that cannot be read',
    cycloneDx(
      analysed('pkg:pypi/demo', { affects: [{ ref: 'pkg:pypi/demo', versions: [{ range: 'vers:pypi/>=1' }] }] }),
    ),
    false,
  ],
  ['a false positive', cycloneDx(analysed('pkg:pypi/demo@1.0', { analysis: { state: 'false_positive' } })), true],
  ['exploitable', cycloneDx(analysed('pkg:pypi/demo@1.0', { analysis: { state: 'exploitable' } })), false],
  ['no analysis', cycloneDx(analysed('pkg:pypi/demo@1.0', { analysis: undefined })), false],
  [
    'shapes that are none',
    cycloneDx({ id: 7, analysis: { state: 'not_affected' }, affects: 'x', references: {} }),
    false,
  ],
] as const) {
  test(`a VEX file about ${why}: ${isIgnored ? 'passed over' : 'a finding'}`, () => {
    const { ignored, warnings } = judgeIgnores([unreached], readVex(text, 'v.json').ignores, NOW);
    assert.equal(ignored.length, isIgnored ? 1 : 0);
    assert.deepEqual(warnings, [], 'a file may speak of more than what is audited');
  });
}

test('a VEX file never hides malware, and says which statements it could not place', () => {
  const malware = aFinding({ ids: ['MAL-2026-1', 'CVE-2026-0001'], kind: 'malware' });
  const both = openVex(
    statement(),
    statement({ vulnerability: { name: 'MAL-2026-1' } }),
    statement({ products: [{ '@id': 'app' }] }),
  );
  const { ignores, warnings } = readVex(both, 'v.json');
  assert.deepEqual(judgeIgnores([malware], ignores, NOW).kept, [malware]);
  assert.deepEqual(warnings, ['v.json: 1 statements name no defect or no release of PyPI']);
});

for (const [why, text] of [
  ['no JSON', '{'],
  ['another document', '{"bomFormat":"SPDX"}'],
  ['a list', '[]'],
  ['nothing', 'null'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => readVex(text, 'v.json'), { code: 'INPUT_UNREADABLE' }));
}
