import { type Rule, reason } from './rule.ts';

export const projectStatus: Rule<'project-status'> = {
  id: 'project-status',
  summary: 'The upstream marked the project as quarantined, archived or deprecated (PEP 792).',
  check({ project }, settings) {
    switch (project.status) {
      case 'active':
        return [];
      case 'archived':
      case 'deprecated':
        return [reason('project-status', { effect: 'note' }, `the project is ${project.status} upstream`)];
      case 'quarantined':
        return [reason('project-status', settings, 'the project is quarantined upstream')];
      case 'unknown':
        return [reason('project-status', settings, 'the upstream gives the project a status that is not known here')];
    }
  },
};
