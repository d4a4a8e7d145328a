import { sayExploitation } from '../../advisories/exploitation.ts';
import type { AdvisoryMatch } from '../../advisories/match.ts';
import type { RuleSettings } from '../policy.ts';
import { type Rule, reason } from './rule.ts';

const ORDER = ['low', 'medium', 'high', 'critical'] as const;

/** `GHSA-… (high 8.1)`, with the way out when there is one. */
function describe(match: AdvisoryMatch): string {
  const { severity, fixed } = match;
  const level = severity
    ? `${severity.level}${severity.score === undefined ? '' : ` ${severity.score}`}`
    : 'severity unknown';
  const way = fixed.length > 0 ? `fixed in ${fixed.slice(0, 3).join(', ')}` : 'no fix known';
  return [`known vulnerability ${match.id} (${level})`, ...sayExploitation(match.exploitation), way].join(', ');
}

/** Data that is not held never makes an advisory count less. */
function isExploited({ exploitation }: AdvisoryMatch, { min_epss, kev }: RuleSettings['known-vulnerable']): boolean {
  if (kev === 'count' && exploitation?.kev) return true;
  return min_epss !== 'off' && exploitation?.epss !== undefined && exploitation.epss.score >= min_epss;
}

export const knownVulnerable: Rule<'known-vulnerable'> = {
  id: 'known-vulnerable',
  summary: 'An advisory says that this release is vulnerable.',
  check({ advisories }, settings) {
    return advisories.matches
      .filter(({ kind }) => kind === 'vulnerability')
      .map((match) => {
        const level = match.severity?.level ?? settings.unknown_severity;
        const grave = ORDER.indexOf(level) >= ORDER.indexOf(settings.min_severity) || isExploited(match, settings);
        const counts =
          grave &&
          (settings.low_confidence || match.confidence !== 'low') &&
          (!settings.only_with_fix || match.fixed.length > 0);
        return reason('known-vulnerable', counts ? settings : { effect: 'note' }, describe(match));
      });
  },
};
