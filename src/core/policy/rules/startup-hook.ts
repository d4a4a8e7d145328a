import { startupHookFindings } from '../startup-hook-findings.ts';
import type { Rule } from './rule.ts';

export const startupHook: Rule<'startup-hook'> = {
  id: 'startup-hook',
  summary: 'The wheel installs code that every Python start runs (.pth, .start, sitecustomize, usercustomize).',
  check({ inspection }, settings) {
    if (inspection === 'not-run') return [];
    return startupHookFindings(inspection, settings).map(({ effect, message }) => ({
      rule: 'startup-hook',
      effect,
      message,
    }));
  },
};
