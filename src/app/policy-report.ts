import type { PolicyReport, PolicyTest } from '../api/policy.ts';
import { parseFixtures, runFixture } from '../core/policy/fixture.ts';
import { type Policy, RULE_IDS, settingsAsWritten } from '../core/policy/policy.ts';
import { ALL_RULES } from '../core/policy/rules/all-rules.ts';
import { readPolicyFile } from '../io/policy/policy-file.ts';

/** Reads a policy file and lists what it means. @throws {WheelgateError} POLICY_INVALID */
export async function reportPolicy(path: string): Promise<PolicyReport> {
  const { policy } = await readPolicyFile(path);
  return {
    schema: 'wheelgate.policy/1',
    preset: policy.preset,
    revision: policy.revision,
    denied: policy.denyList.entries,
    rules: [
      ...RULE_IDS.map((id) => ({
        id,
        effect: policy.rules[id].effect,
        summary: ALL_RULES[id].summary,
        settings: settingsOf(policy, id),
      })),
      ...policy.ownRules.map(({ id, effect, message, when }) => ({
        id,
        effect,
        summary: message,
        settings: `when = ${JSON.stringify(when)}`,
      })),
    ],
  };
}

function settingsOf(policy: Policy, id: (typeof RULE_IDS)[number]): string {
  const { effect: _, ...settings } = settingsAsWritten(policy, id);
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ');
}

/** Runs the fixtures of a policy file. @throws {WheelgateError} POLICY_INVALID */
export async function testPolicy(path: string): Promise<PolicyTest> {
  const { policy, text } = await readPolicyFile(path);
  return {
    schema: 'wheelgate.policy-test/1',
    revision: policy.revision,
    fixtures: parseFixtures(text, path).map((fixture) => {
      const { name, verdict, problem } = runFixture(policy, fixture);
      const reasons = verdict.reasons.map(({ rule, effect, message }) => ({ rule, effect, message }));
      return { name, verdict: verdict.kind, reasons, problem: problem ?? null };
    }),
  };
}
