import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel } from '../../test/builders/a-wheel.ts';
import { aFact, NOW } from '../../test/builders/an-evidence.ts';
import type { Pin } from '../core/manifest/manifest.ts';
import type { Fact } from '../core/policy/fact.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256, type Sha256 } from '../core/sha256.ts';
import { createFactVerdicts } from './fact-verdicts.ts';
import { createReleaseVerdicts } from './release-verdicts.ts';

const DAY = 86_400_000;
const A = parseSha256('a'.repeat(64));
const B = parseSha256('b'.repeat(64));
const C = parseSha256('c'.repeat(64));

test('a release counts as its best file, and as the worst where the release itself is meant', async () => {
  const gate = await aGate({ policy: '[rules.source-build]\neffect = "hold"\n' });
  const old = { uploadTime: new Date(NOW.getTime() - 300 * DAY) };
  const young = { uploadTime: new Date(NOW.getTime() - DAY) };
  const wheel = gate.upstream.addFile('demo', 'demo-1.0-py3-none-any.whl', aWheel({ version: '1.0' }), old);
  gate.upstream.addFile('demo', 'demo-1.0.tar.gz', Buffer.from('not read'), old);
  gate.upstream.addFile('demo', 'demo-2.0-py3-none-any.whl', aWheel({ version: '2.0' }), young);
  const releaseVerdicts = createReleaseVerdicts(gate.decide);
  const verdictsOf = async (...asked: readonly (readonly [string, string, ...Sha256[]])[]) => {
    const found = await releaseVerdicts(
      gate.index,
      asked.map(([project, version, ...sha256]) => ({ project: parseProjectName(project), version, sha256 })),
    );
    return found.map(({ verdict, reasons }) => [verdict, ...reasons.map(({ rule }) => rule)].join(' '));
  };
  assert.deepEqual(await verdictsOf(['demo', '1.0'], ['demo', '2'], ['demo', '9'], ['none', '1']), [
    'pending',
    'hold cooldown',
    'absent',
    'absent',
  ]);
  await gate.serve(wheel);
  assert.deepEqual(await verdictsOf(['demo', '1.0.0'], ['demo', '1.0', wheel.sha256!]), ['allow', 'allow']);
  const subject = { kind: 'digest', sha256: wheel.sha256! } as const;
  await gate.recordFact(gate.index, { kind: 'revocation', subject, reason: 'stolen', actor: 'lea' });
  await gate.refresh();
  assert.deepEqual(await verdictsOf(['demo', '1.0']), ['block revocation']);
  gate.upstream.fail();
  gate.time.set(DAY);
  assert.deepEqual(await verdictsOf(['never-seen', '1.0']), ['unknown'], 'no answer is no permission');
});

test('without a gate the recorded decisions speak, those about bytes to whoever names them or none', async () => {
  const fact = (kind: Fact['kind'], project: string, over: Partial<Fact> = {}): Fact => {
    const { sha256: _, ...plain } = aFact();
    return { ...plain, id: project, kind, project: parseProjectName(project), ...over };
  };
  const facts: readonly Fact[] = [
    fact('denial', 'denied', { version: '1.0' }),
    fact('revocation', 'bytes', { version: '1.0', sha256: A }),
    fact('denial', 'whole'),
    fact('denial', 'lifted', { version: '1.0', sha256: C, at: new Date(0) }),
    fact('approval', 'lifted', { version: '1.0', sha256: C }),
  ];
  const pin = (project: string, version: string, ...hashes: readonly Sha256[]): Pin => ({
    project: parseProjectName(project),
    version,
    file: 'r.txt',
    line: 1,
    hashes: hashes.map((hash) => `sha256:${hash}`),
  });
  const pins = [
    pin('denied', '1.0.0'),
    pin('denied', '1.1'),
    pin('bytes', '1.0'),
    pin('bytes', '1.0', B),
    pin('bytes', '1.0', B, A),
    pin('whole', '7'),
    pin('lifted', '1.0'),
  ];
  const found = await createFactVerdicts(facts)(pins);
  assert.deepEqual(
    found.map((verdict) => (verdict?.kind === 'refused' ? verdict.rule : undefined)),
    ['denial', undefined, 'revocation', undefined, 'revocation', 'denial', undefined],
  );
});
