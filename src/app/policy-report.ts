import { readFileSync } from 'node:fs';
import type { PolicyReport } from '../cli/program.ts';
import { WheelgateError } from '../core/errors.ts';
import { parsePolicy, RULE_IDS, settingsAsWritten } from '../core/policy/policy.ts';
import { ALL_RULES } from '../core/policy/rules/all-rules.ts';

/** Reads a policy file and lists what it means. @throws {WheelgateError} POLICY_INVALID, INPUT_UNREADABLE */
export function reportPolicy(path: string): PolicyReport {
  const policy = parsePolicy(readPolicy(path), path);
  return {
    preset: policy.preset,
    revision: policy.revision,
    rules: RULE_IDS.map((id) => {
      const { effect } = policy.rules[id];
      const { effect: _, ...settings } = settingsAsWritten(policy, id);
      const listed = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      return { id, effect, summary: ALL_RULES[id].summary, settings: listed.join(', ') };
    }),
  };
}

function readPolicy(path: string): string {
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
