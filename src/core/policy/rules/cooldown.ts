import { sayDuration } from '../../duration.ts';
import { type Rule, reason } from './rule.ts';

const SOURCE = {
  'upload-time': 'uploaded',
  'last-modified': 'last modified upstream',
  'first-seen': 'first seen',
} as const;

export const cooldown: Rule<'cooldown'> = {
  id: 'cooldown',
  summary: 'The file is younger than the minimum age; most malicious releases are found and removed within days.',
  check({ file, project, advisories }, settings, now) {
    if (file.age === undefined) {
      return settings.unknown_age === 'ignore'
        ? []
        : [reason('cooldown', settings, 'the upstream does not say when this file was uploaded')];
    }
    const usual = project.approvedBefore ? settings.update : settings.new_project;
    const wanted = advisories.fixes.length > 0 ? Math.min(usual, settings.security_fix) : usual;
    const end = file.age.at.getTime() + wanted;
    if (end <= now.getTime()) return [];
    const until = new Date(end);
    // A date in the future is a wrong clock or a lie: "0 minutes ago" would hide it.
    const age = now.getTime() - file.age.at.getTime();
    const when = age < 0 ? 'dated in the future' : `${SOURCE[file.age.source]} ${sayDuration(age)} ago`;
    return [reason('cooldown', settings, `${when}, cooldown ends ${sayMoment(until, now)}`, { until })];
  },
};

/** The day, and the hour too when it is less than two days away (UTC). */
function sayMoment(until: Date, now: Date): string {
  const iso = until.toISOString();
  return until.getTime() - now.getTime() < 2 * 86_400_000
    ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
    : iso.slice(0, 10);
}
