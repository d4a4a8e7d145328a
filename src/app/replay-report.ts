import type { PolicyReplay } from '../api/policy.ts';
import type { Config } from '../config.ts';
import { costByRule } from '../core/policy/hold-cost.ts';
import { readPolicyFile } from '../io/policy/policy-file.ts';
import { openCommandGate } from './command-gate.ts';

/**
 * Asks a policy about every file that clients requested since a moment, over the data folder of a gate.
 * @throws {WheelgateError} POLICY_INVALID
 */
export async function replayPolicy(config: Config, path: string, since: Date): Promise<PolicyReplay> {
  const { policy } = await readPolicyFile(path);
  const gate = await openCommandGate(config);
  try {
    const { requests, unknown } = await gate.replayPolicy(policy, since);
    const withheld = requests.filter(({ verdict }) => verdict.kind !== 'allow');
    return {
      schema: 'wheelgate.policy-replay/1',
      revision: policy.revision,
      requests: requests.length,
      unknown,
      allowed: requests.length - withheld.length,
      held: withheld.filter(({ verdict }) => verdict.kind === 'hold').length,
      blocked: withheld.filter(({ verdict }) => verdict.kind === 'block').length,
      attended: withheld.filter(({ verdict, cost }) => verdict.kind === 'block' || cost?.hours === undefined).length,
      byRule: costByRule(requests.flatMap(({ cost }) => cost ?? [])).map((cost) => ({
        rule: cost.rule,
        holds: cost.holds,
        attended: cost.attended,
        medianHours: cost.medianHours ?? null,
        longestHours: cost.longestHours ?? null,
      })),
      withheld: withheld.map(({ at, index, project, version, filename, was, verdict, cost }) => ({
        at: at.toISOString(),
        index,
        project,
        version: version ?? null,
        filename,
        was,
        verdict: verdict.kind,
        hours: cost?.hours ?? null,
        reasons: verdict.reasons.map(({ rule, effect, message }) => ({ rule, effect, message })),
      })),
    };
  } finally {
    await gate.close();
  }
}
