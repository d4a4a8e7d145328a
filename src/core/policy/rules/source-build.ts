import type { Inspection } from '../evidence.ts';
import type { Reason } from '../verdict.ts';
import { type Rule, reason, weaker } from './rule.ts';

export const sourceBuild: Rule<'source-build'> = {
  id: 'source-build',
  summary:
    'Installing an sdist runs its code on the machine that installs; `quiet_analysis` is for one whose code was read whole and shows nothing.',
  check({ file, inspection }, settings): readonly Reason[] {
    if (file.kind === 'wheel') return [];
    if (file.kind === 'other') return [reason('source-build', settings, 'neither a wheel nor an sdist')];
    const limit = settings.effect === 'off' ? 'note' : settings.effect;
    const quiet = weaker(settings.quiet_analysis, limit);
    // Before its bytes were read, only what no analysis could change is said: asking for the file has it read.
    if (inspection === 'not-run')
      return [reason('source-build', { effect: quiet }, 'an sdist: installing it runs its code')];
    return isQuiet(inspection)
      ? [
          reason(
            'source-build',
            { effect: quiet },
            'an sdist: installing it runs its code, which was read and is quiet',
          ),
        ]
      : [reason('source-build', settings, 'an sdist: installing it runs its code')];
  },
};

/** Everything was read, and the analysis found nothing worth a remark. */
function isQuiet({ complete, behaviour }: Inspection): boolean {
  return complete && behaviour?.complete === true && behaviour.verdict === 'none';
}
