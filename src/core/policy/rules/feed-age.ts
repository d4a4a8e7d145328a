import { sayDuration } from '../../duration.ts';
import { type Rule, reason } from './rule.ts';

export const feedAge: Rule<'feed-age'> = {
  id: 'feed-age',
  summary: 'The advisory data is old or missing, so that what is known may be out of date.',
  check({ advisories }, settings, now) {
    // Without any data "no advisory matches" means nothing: that is missing evidence, not a matter of taste.
    if (advisories.asOf === undefined) {
      return [
        reason(
          'feed-age',
          settings.effect === 'note' ? { effect: 'hold' } : settings,
          'there is no advisory data; run wheelgate feeds import',
        ),
      ];
    }
    const age = now.getTime() - advisories.asOf.getTime();
    if (age <= settings.max_age) return [];
    return [
      reason(
        'feed-age',
        settings,
        `advisory data is ${sayDuration(age)} old (${advisories.asOf.toISOString().slice(0, 10)})`,
      ),
    ];
  },
};
