import type { Advisory } from '../core/advisories/advisory.ts';
import { compileAdvisories } from '../core/advisories/compile.ts';
import { oneEach } from '../core/advisories/one-each.ts';
import { createReleaseMatcher, type ReleaseMatcher } from '../core/advisories/release-matcher.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { AdvisorySource } from './ports.ts';

/** Answers from advisories that were read for one run; a project that none of them names has none. */
export function createHeldAdvisories(advisories: readonly Advisory[], asOf: Date | undefined): AdvisorySource {
  const byProject = new Map<ProjectName, Advisory[]>();
  for (const advisory of oneEach(advisories)) {
    for (const project of new Set(advisory.affected.map((entry) => entry.project))) {
      const there = byProject.get(project);
      if (there) there.push(advisory);
      else byProject.set(project, [advisory]);
    }
  }
  const matchers = new Map<ProjectName, ReleaseMatcher>();
  const matcher = async (project: ProjectName) => {
    const known = matchers.get(project);
    if (known) return known;
    const made = createReleaseMatcher(compileAdvisories(project, byProject.get(project) ?? []));
    matchers.set(project, made);
    return made;
  };
  return {
    matcher,
    match: async (project, version, sha256) => (await matcher(project))(version, sha256),
    dataAsOf: async () => asOf,
  };
}
