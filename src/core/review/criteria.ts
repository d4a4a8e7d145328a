/** What an approval says the files are fit for; the second includes the first (the words of cargo-vet). */
export const CRITERIA = ['safe-to-run', 'safe-to-deploy'] as const;
export type Criteria = (typeof CRITERIA)[number];
