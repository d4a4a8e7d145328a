import { type Rule, reason } from './rule.ts';

export const sourceBuild: Rule<'source-build'> = {
  id: 'source-build',
  summary: 'Installing an sdist runs its code on the machine that installs.',
  check({ file }, settings) {
    if (file.kind === 'wheel') return [];
    const what = file.kind === 'sdist' ? 'an sdist: installing it runs its code' : 'neither a wheel nor an sdist';
    return [reason('source-build', settings, what)];
  },
};
