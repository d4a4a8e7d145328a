import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anEvidence, NOW } from '../../../../test/builders/an-evidence.ts';
import type { AdvisoryMatch } from '../../advisories/match.ts';
import { parsePolicy } from '../policy.ts';
import { knownVulnerable } from './known-vulnerable.ts';

const EPSS = { score: 0.5, percentile: 0.97, asOf: '2026-11-20T00:00:00.000Z' };
const KEV = { since: '2026-02-03', ransomware: false };

function aMatch(over: Partial<AdvisoryMatch> = {}): AdvisoryMatch {
  return {
    id: 'PYSEC-2026-1',
    aliases: ['CVE-2026-0001'],
    kind: 'vulnerability',
    severity: { level: 'low', score: 2 },
    matchedBy: 'range',
    confidence: 'high',
    fixed: ['2.0'],
    open: false,
    ...over,
  };
}

function check(match: AdvisoryMatch, settings = '') {
  const { rules } = parsePolicy(`[rules.known-vulnerable]\n${settings}`);
  const evidence = anEvidence({ advisories: { matches: [match] } });
  return knownVulnerable.check(evidence, rules['known-vulnerable'], NOW)[0]!;
}

for (const [why, match, settings, effect] of [
  ['a low one is a note', {}, '', 'note'],
  ['a known exploited one counts, however low', { exploitation: { kev: KEV } }, '', 'hold'],
  ['unless KEV is to be ignored', { exploitation: { kev: KEV } }, 'kev = "ignore"', 'note'],
  ['EPSS alone says nothing by default', { exploitation: { epss: EPSS } }, '', 'note'],
  ['a score at the limit counts', { exploitation: { epss: EPSS } }, 'min_epss = 0.5', 'hold'],
  ['one below it does not', { exploitation: { epss: EPSS } }, 'min_epss = 0.51', 'note'],
  ['no score is not below a limit of 0: nothing is known', {}, 'min_epss = 0', 'note'],
  ['data never makes a critical one count less', { severity: { level: 'critical' } }, 'min_epss = 1', 'hold'],
  ['an exploited one without a fix is still a note', { exploitation: { kev: KEV }, fixed: [] }, '', 'note'],
] as const satisfies readonly (readonly [string, Partial<AdvisoryMatch>, string, string])[]) {
  test(why, () => assert.equal(check(aMatch(match), settings).effect, effect));
}

test('the reason says what is known, with the date of the data', () => {
  assert.equal(
    check(aMatch({ exploitation: { epss: EPSS, kev: KEV } })).message,
    'known vulnerability PYSEC-2026-1 (low 2), known exploited since 2026-02-03, EPSS 0.5 of 2026-11-20, fixed in 2.0',
  );
  assert.equal(check(aMatch()).message, 'known vulnerability PYSEC-2026-1 (low 2), fixed in 2.0');
});

test('a limit beyond 1 is refused: it would look like a setting and never count', () => {
  assert.throws(() => parsePolicy('[rules.known-vulnerable]\nmin_epss = 50'), { code: 'POLICY_INVALID' });
});
