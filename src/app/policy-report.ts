import { readFileSync } from 'node:fs';
import type { PolicyReport, PolicyTest } from '../api/policy.ts';
import { WheelgateError } from '../core/errors.ts';
import { parseFixtures, runFixture } from '../core/policy/fixture.ts';
import { type Policy, parsePolicy, RULE_IDS, settingsAsWritten } from '../core/policy/policy.ts';
import { ALL_RULES } from '../core/policy/rules/all-rules.ts';

/** Reads a policy file and lists what it means. @throws {WheelgateError} POLICY_INVALID, INPUT_UNREADABLE */
export function reportPolicy(path: string): PolicyReport {
  const policy = parsePolicy(readPolicy(path), path);
  return {
    schema: 'wheelgate.policy/1',
    preset: policy.preset,
    revision: policy.revision,
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

/** Runs the fixtures of a policy file. @throws {WheelgateError} POLICY_INVALID, INPUT_UNREADABLE */
export function testPolicy(path: string): PolicyTest {
  const text = readPolicy(path);
  const policy = parsePolicy(text, path);
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

/** The text of a policy file. @throws {WheelgateError} INPUT_UNREADABLE */
export function readPolicy(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `${path} cannot be read`,
      'Check the path and its permissions.',
      error,
    );
  }
}
