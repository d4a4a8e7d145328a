import type { AnalysisResult, BehaviourFinding } from '../analysis/analyse.ts';
import type { Capability, CapabilityName } from '../analysis/capabilities.ts';
import type { Context } from '../analysis/fact.ts';
import type { Effect, Finding } from '../finding.ts';
import type { RuleSettings } from './policy.ts';
import { weaker } from './rules/rule.ts';

/** How a reason says when code runs. */
export const WHEN: Readonly<Record<Context, string>> = {
  install: 'when it is installed',
  'start-up': 'at every Python start',
  import: 'when it is imported',
  entry: 'when it is started',
  call: 'when it is called',
};

const CAN: Readonly<Record<CapabilityName, string>> = {
  network: 'use the network',
  process: 'start programs',
  'dynamic-code': 'run text as code',
  environment: 'read the environment',
  'host-facts': 'read facts about the machine',
  'file-write': 'write files',
  'file-delete': 'delete files',
  'native-code': 'load native code',
  decoding: 'decode hidden data',
  secrets: 'read stored secrets',
  clipboard: 'use the clipboard',
  recording: 'record screen, keys or camera',
  'package-install': 'install packages',
  'start-up-hook': 'run at every Python start',
};

/** What one observation of the analysis says, in our words alone. */
export function sayFinding({ title, context }: Pick<BehaviourFinding, 'title' | 'context'>): string {
  return `the code ${title} ${WHEN[context]}`;
}

/** What a file can do and when: `can use the network when it is imported`. */
export function sayCapability({ capability, context }: Pick<Capability, 'capability' | 'context'>): string {
  return `can ${CAN[capability]} ${WHEN[context]}`;
}

/**
 * The most that a policy grants an analysis. A suspicion about code that runs only when somebody calls it is a setting of
 * its own: installing and importing the package do nothing of it, and honest packages post to chats and fetch tools too.
 */
export function grantedTo({ verdict, findings }: AnalysisResult, settings: RuleSettings['behaviour']): Effect {
  const limit = settings.effect === 'off' ? 'note' : settings.effect;
  const isOnlyCalled = findings.length > 0 && findings.every(({ context }) => context === 'call');
  return verdict === 'hold' && isOnlyCalled ? weaker(limit, settings.called_code) : limit;
}

/**
 * The reasons of an analysis with their places, the decisive one first. `rule` is the one that saw it (docs/rules.md).
 * @param limit the most that the policy grants
 */
export function behaviourFindings({ verdict, findings }: AnalysisResult, limit: Effect): Finding[] {
  const effect = verdict === 'none' ? 'note' : weaker(verdict, limit);
  return findings.map((finding, index) => ({
    rule: finding.rule,
    code: finding.context,
    // The decisive reason carries the verdict; what weighs nothing is told beside it.
    effect: index === 0 || finding.weight > 0 ? effect : 'note',
    message: sayFinding(finding),
    file: finding.file,
    ...(finding.line > 0 && { line: finding.line }),
    context: finding.excerpt,
  }));
}
