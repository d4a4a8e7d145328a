/** What one person's approval is not enough for, unless the policy says that it is (`reviews.two_people`). */
export const TWO_PEOPLE_CAUSES = [
  'block-override',
  'native-code',
  'start-up-hook',
  'build-hook',
  'publisher-change',
  'secrets-and-network',
] as const;
export type TwoPeopleCause = (typeof TWO_PEOPLE_CAUSES)[number];

/** For a person, behind "two people approve it: ". */
export const CAUSE_SAID: Readonly<Record<TwoPeopleCause, string>> = {
  'block-override': 'a rule blocks it',
  'native-code': 'it has native code that the approved release does not have',
  'start-up-hook': 'it runs code at every Python start',
  'build-hook': 'building it does more than building',
  'publisher-change': 'it may come from another publisher',
  'secrets-and-network': 'it reads the environment or secrets and uses the network without being called',
};
