import type { Advisory } from '../core/advisories/advisory.ts';
import { compileAdvisories } from '../core/advisories/compile.ts';
import type { Exploitations } from '../core/advisories/exploitation.ts';
import { oneEach } from '../core/advisories/one-each.ts';
import { createReleaseMatcher, type ReleaseMatcher } from '../core/advisories/release-matcher.ts';
import { withVersionsLike } from '../core/advisories/versions-like.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { AdvisorySource } from './ports.ts';

/** So many versions of a project are matched one by one; whoever asks for more has everything of it prepared. */
const MAX_SINGLE_VERSIONS = 3;

/**
 * Answers from advisories that were read for one run; a project that none of them names has none. Made for runs that ask
 * for one version of each project: only what a version needs is prepared.
 */
export function createHeldAdvisories(
  advisories: readonly Advisory[],
  asOf: Date | undefined,
  exploitations: Exploitations = new Map(),
): AdvisorySource {
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
    const matches = matchers.get(project) ?? createMatcher(project, byProject.get(project) ?? [], exploitations);
    matchers.set(project, matches);
    return matches;
  };
  return {
    matcher,
    match: async (project, version, sha256) => (await matcher(project))(version, sha256),
    dataAsOf: async () => asOf,
  };
}

function createMatcher(
  project: ProjectName,
  advisories: readonly Advisory[],
  exploitations: Exploitations,
): ReleaseMatcher {
  if (advisories.length === 0) return () => [];
  const byVersion = new Map<string, ReleaseMatcher>();
  let whole: ReleaseMatcher | undefined;
  const compile = (some: readonly Advisory[]) => createReleaseMatcher(compileAdvisories(project, some, exploitations));
  return (version, sha256) => {
    const text = typeof version === 'string' ? version : version.raw;
    let matches = whole ?? byVersion.get(text);
    if (matches === undefined && byVersion.size < MAX_SINGLE_VERSIONS) {
      matches = compile(advisories.map((advisory) => withVersionsLike(advisory, text)));
      byVersion.set(text, matches);
    }
    matches ??= whole = compile(advisories);
    return matches(version, sha256);
  };
}
