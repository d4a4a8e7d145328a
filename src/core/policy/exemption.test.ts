import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anExemption, DIGEST, daysAgo, NOW } from '../../../test/builders/an-evidence.ts';
import { DAY_MS } from '../duration.ts';
import { parseProjectName } from '../python/name.ts';
import { exemptionCovers, isInForce, warningDue } from './exemption.ts';
import { makeExemption, type NewExemption } from './make-exemption.ts';

const asked = (over: Partial<NewExemption> = {}): NewExemption => {
  const { expiresAt: _, warned: __, ...rest } = anExemption({ createdAt: NOW });
  return { ...rest, ...over };
};

test('lasts 30 days unless somebody says otherwise', () => {
  assert.equal(makeExemption(asked()).expiresAt.getTime() - NOW.getTime(), 30 * DAY_MS);
  assert.equal(makeExemption(asked({ lastsMs: 180 * DAY_MS })).expiresAt.getTime() - NOW.getTime(), 180 * DAY_MS);
});

for (const [why, over] of [
  ['longer than 180 days', { lastsMs: 181 * DAY_MS }],
  ['for no time', { lastsMs: 0 }],
  ['for time that runs backwards', { lastsMs: -DAY_MS }],
  ['from no rule', { rule: undefined as never }],
  ['from the malware rule', { rule: 'known-malicious' as const }],
  ['from the archive rule', { rule: 'archive' as const }],
  ['from the behaviour rule', { rule: 'behaviour' as const }],
  ['without an owner', { owner: ' ' }],
  ['without a remediation', { remediation: '' }],
  ['break-glass without a digest', { kind: 'break-glass' as const }],
  ['break-glass for two days', { kind: 'break-glass' as const, sha256: DIGEST, lastsMs: 2 * DAY_MS }],
] as const) {
  test(`refuses one ${why}`, () => assert.throws(() => makeExemption(asked(over)), { code: 'USAGE' }));
}

test('refuses versions that nobody can read', () => {
  assert.throws(() => makeExemption(asked({ versions: 'newest' })), { code: 'SPECIFIER_INVALID' });
});

const file = { index: 'default', project: parseProjectName('demo'), version: '2.1', sha256: DIGEST };
for (const [why, over, expected] of [
  ['every release', {}, true],
  ['another project', { project: parseProjectName('other') }, false],
  ['its index', { index: 'default' }, true],
  ['another index', { index: 'ml' }, false],
  ['its versions', { versions: '>=2,<3' }, true],
  ['other versions', { versions: '<2' }, false],
  ['its digest', { sha256: DIGEST }, true],
] as const) {
  test(`covers: ${why}`, () => assert.equal(exemptionCovers(anExemption(over), file), expected));
}

test('a version that cannot be compared is in no range', () => {
  assert.equal(exemptionCovers(anExemption({ versions: '>=0' }), { ...file, version: 'banana' }), false);
});

test('ends at its time, or when somebody ends it', () => {
  assert.equal(isInForce(anExemption({ expiresAt: NOW }), NOW), false);
  assert.equal(isInForce(anExemption({ expiresAt: new Date(NOW.getTime() + 1) }), NOW), true);
  assert.equal(isInForce(anExemption({ ended: { at: NOW, by: 'user:x', why: 'done' } }), NOW), false);
});

for (const [daysLeft, warned, expected] of [
  [20, [], undefined],
  [14, [], 14],
  [13, [14], undefined],
  [6, [14], 7],
  [6, [], 7],
  [0.5, [14, 7], 1],
  [0.5, [1], undefined],
] as const) {
  test(`${daysLeft} days before the end, warned of ${warned.join() || 'nothing'}: ${expected ?? 'no'} warning`, () => {
    const one = anExemption({ createdAt: daysAgo(60), expiresAt: daysAgo(-daysLeft), warned });
    assert.equal(warningDue(one, NOW), expected);
  });
}

test('one that was made for a week is not warned of on its first day', () => {
  assert.equal(warningDue(anExemption({ createdAt: NOW, expiresAt: daysAgo(-7) }), NOW), undefined);
});
