import { type Rule, reason } from './rule.ts';

export const sharedReviews: Rule<'shared-reviews'> = {
  id: 'shared-reviews',
  summary: 'A team whose shared reviews are trusted warns of these bytes.',
  check({ testimony }, settings) {
    if (testimony === undefined) return [];
    // Their reasons are foreign text: the names alone are said, and those stand in our configuration.
    const publishers = [...new Set(testimony.violations.map(({ publisher }) => publisher))];
    return publishers.map((publisher) => reason('shared-reviews', settings, `${publisher} warns of this file`));
  },
};
