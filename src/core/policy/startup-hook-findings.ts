import type { Finding } from '../finding.ts';
import type { Inspection } from './evidence.ts';
import type { RuleSettings } from './policy.ts';

/** The start-up hooks that a policy does not accept, each with the file that installs it. One that only adds paths is a note. */
export function startupHookFindings(
  { startupHooks }: Inspection,
  { effect, accepted }: RuleSettings['startup-hook'],
): readonly Finding[] {
  return startupHooks
    .filter(({ sha256 }) => !accepted.includes(sha256))
    .map(({ file, runsCode }) => ({
      rule: 'startup-hook',
      code: runsCode ? 'code' : 'paths',
      effect: runsCode && effect !== 'off' ? effect : 'note',
      message: runsCode
        ? 'installs code that runs at every Python start'
        : 'installs a .pth file that adds import paths',
      file,
    }));
}
