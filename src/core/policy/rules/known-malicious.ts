import { type Rule, reason } from './rule.ts';

export const knownMalicious: Rule<'known-malicious'> = {
  id: 'known-malicious',
  summary: 'A malware report (an OSV record with a MAL- id) names this release or these bytes.',
  check({ advisories }, settings) {
    return advisories.matches
      .filter(({ kind }) => kind === 'malware')
      .map(({ id }) => reason('known-malicious', settings, `reported as malware: ${id}`));
  },
};
