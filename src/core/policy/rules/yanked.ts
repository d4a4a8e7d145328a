import { type Rule, reason } from './rule.ts';

export const yanked: Rule<'yanked'> = {
  id: 'yanked',
  summary: 'The upstream yanked the file (PEP 592): installers skip it unless it is pinned.',
  check({ file }, settings) {
    return file.yanked === undefined ? [] : [reason('yanked', settings, 'yanked upstream')];
  },
};
