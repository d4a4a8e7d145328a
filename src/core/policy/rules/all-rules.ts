import type { RuleId } from '../policy.ts';
import { archive } from './archive.ts';
import { behaviour } from './behaviour.ts';
import { capabilityGain } from './capability-gain.ts';
import { cooldown } from './cooldown.ts';
import { feedAge } from './feed-age.ts';
import { knownMalicious } from './known-malicious.ts';
import { knownVulnerable } from './known-vulnerable.ts';
import { nameConfusion } from './name-confusion.ts';
import { newProject } from './new-project.ts';
import { projectStatus } from './project-status.ts';
import { provenance } from './provenance.ts';
import { reservedNames } from './reserved-names.ts';
import type { Rule } from './rule.ts';
import { sdistDifference } from './sdist-difference.ts';
import { sharedReviews } from './shared-reviews.ts';
import { sourceBuild } from './source-build.ts';
import { startupHook } from './startup-hook.ts';
import { yanked } from './yanked.ts';
import { yara } from './yara.ts';

/** Every built-in rule by id: a new id in policy.ts does not compile until its rule stands here. */
export const ALL_RULES: { readonly [Id in RuleId]: Rule<Id> } = {
  'known-malicious': knownMalicious,
  'known-vulnerable': knownVulnerable,
  cooldown,
  'shared-reviews': sharedReviews,
  archive,
  behaviour,
  yara,
  'capability-gain': capabilityGain,
  'sdist-difference': sdistDifference,
  provenance,
  'source-build': sourceBuild,
  'startup-hook': startupHook,
  'name-confusion': nameConfusion,
  'reserved-names': reservedNames,
  'project-status': projectStatus,
  yanked,
  'new-project': newProject,
  'feed-age': feedAge,
};
