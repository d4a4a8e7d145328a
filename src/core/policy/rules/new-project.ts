import { matchesAnyName } from './name-pattern.ts';
import { type Rule, reason } from './rule.ts';

export const newProject: Rule<'new-project'> = {
  id: 'new-project',
  summary: 'Nothing of this project was approved before: a person decides.',
  check({ project, file }, settings, now) {
    if (project.approvedBefore) return [];
    const vouched = settings.known_good.find(({ projects }) => matchesAnyName(projects, file.project));
    const isOld = file.age !== undefined && now.getTime() - file.age.at.getTime() >= settings.known_good_age;
    // The list says who keeps an eye on the project; that these bytes are the project's own is for its provenance to say.
    if (vouched && isOld && file.attested === true)
      return [reason('new-project', { effect: 'note' }, 'a project that is new here and on the known-good list')];
    return [reason('new-project', settings, 'a project that is new here: a person decides')];
  },
};
