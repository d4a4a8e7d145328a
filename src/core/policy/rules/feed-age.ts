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
    return age <= settings.max_age ? [] : [reason('feed-age', settings, sayAge(advisories.asOf, age))];
  },
};

/** Thousands of files of a page have data of one age. */
let said: { readonly asOf: Date; readonly age: number; readonly message: string } | undefined;

function sayAge(asOf: Date, age: number): string {
  if (said?.asOf !== asOf || said.age !== age)
    said = { asOf, age, message: `advisory data is ${sayDuration(age)} old (${asOf.toISOString().slice(0, 10)})` };
  return said.message;
}
