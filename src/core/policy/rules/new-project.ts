import { type Rule, reason } from './rule.ts';

export const newProject: Rule<'new-project'> = {
  id: 'new-project',
  summary: 'Nothing of this project was approved before: a person decides.',
  check({ project }, settings) {
    return project.approvedBefore
      ? []
      : [reason('new-project', settings, 'a project that is new here: a person decides')];
  },
};
