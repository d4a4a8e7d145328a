import { type Rule, reason } from './rule.ts';

export const startupHook: Rule<'startup-hook'> = {
  id: 'startup-hook',
  summary: 'The wheel installs code that every Python start runs (.pth, .start, sitecustomize, usercustomize).',
  check({ inspection }, settings) {
    if (inspection === 'not-run') return [];
    return inspection.startupHooks
      .filter(({ sha256 }) => !settings.accepted.includes(sha256))
      .map(({ runsCode }) =>
        runsCode
          ? reason('startup-hook', settings, 'installs code that runs at every Python start')
          : reason('startup-hook', { effect: 'note' }, 'installs a .pth file that adds import paths'),
      );
  },
};
